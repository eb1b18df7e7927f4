import type { SkipReason } from '../element/run-state.ts';
import type { RerankErrorCode } from '../shared/errors.ts';
import type { FallbackCause, ModelInfo, StopReason } from '../shared/types.ts';

/**
 * A part of a run that takes time. `search`: your search, where the list is not the site's own. `load`: waiting for the model, from
 * `rerank-start` on; next to nothing once it is loaded. `queue`: waiting behind other runs, and messages between threads. `tokenize`,
 * `infer` and `total`: see `Timing`. `candidatesToComplete`: how long the search's order was there before the better one, where the
 * reader was not asked in between.
 */
export type MetricStep =
  'search' | 'load' | 'queue' | 'tokenize' | 'infer' | 'total' | 'candidatesToComplete';

/** Durations of one step, in milliseconds. */
export interface DurationSummary {
  /** How many, 1 or more. */
  readonly count: number;
  readonly meanMs: number;
  readonly maxMs: number;
  /** Percentiles by nearest rank, of the newest 500: the least duration that at least 50 % of them do not exceed. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /**
   * How many durations are above the limit before and not above this one, for each of `DURATION_LIMITS_MS`; in the last place how many
   * are above them all. Histograms of many pages add up, percentiles do not.
   */
  readonly histogram: readonly number[];
}

/** How many of each kind; kinds that did not occur are absent. */
export type Counts<TKind extends string> = Readonly<Partial<Record<TKind, number>>>;

/** Places at which readers found what they chose. */
export interface ClickPlaces {
  /** Mean place, from 1. */
  readonly meanRank: number;
  /** Mean of 1 / place, 0 to 1: the mean reciprocal rank (MRR) of what was chosen. */
  readonly meanReciprocalRank: number;
  /** How many on each of the places 1 to 10, and in the last place of the list how many beyond. */
  readonly histogram: readonly number[];
}

/** What happened in the elements of a page: numbers only, and names that this library gives. */
export interface RerankMetrics {
  /** A run that a newer query ended is in `searched`, maybe in `started`, and in no other. */
  readonly runs: {
    /** Candidates arrived. */
    readonly searched: number;
    /** Reranking began. */
    readonly started: number;
    /** All candidates were scored. */
    readonly completed: number;
    /** Ended before all were scored. */
    readonly stopped: Counts<StopReason>;
    /** The search's order stayed. A reader who agrees later starts the same run, which then counts there too. */
    readonly skipped: Counts<SkipReason>;
    /** By what failed and the error's code. */
    readonly failed: Readonly<
      Record<'search' | 'preload' | 'rerank' | 'explain', Counts<RerankErrorCode>>
    >;
  };
  /** By step; a step that did not occur is absent. */
  readonly durations: Readonly<Partial<Record<MetricStep, DurationSummary>>>;
  /** Runs that ended with an order, by where the model ran; with tiers by the last one's. */
  readonly devices: Counts<ModelInfo['device']>;
  readonly engines: Counts<ModelInfo['engine']>;
  /** Of these, runs for which a better device had been passed over (`model.fallbackReason`). */
  readonly fallbacks: number;
  /** Why, by `model.fallbackCauses`: each cause once a run, so a run with two causes counts in both. */
  readonly fallbackCauses: Counts<FallbackCause>;
  readonly pairs: {
    readonly scored: number;
    /** Of these, how many cost nothing. */
    readonly cached: number;
  };
  /** What reranking changed among the first results (`top`) of the runs that ended with an order. */
  readonly order: {
    readonly runs: number;
    /** Results looked at: at most `top` of each run. */
    readonly results: number;
    /** Part of these that stand on another place than the search gave them, 0 to 1. Absent without results. */
    readonly movedShare?: number;
    /** How many places they moved in the mean, up or down. Absent without results. */
    readonly meanMovement?: number;
    /** Part of the runs that have another first result than the search, 0 to 1. Absent without runs. */
    readonly firstChangedShare?: number;
  };
  readonly clicks: {
    readonly count: number;
    /** Where the chosen results stood in the search's order. Absent without clicks. */
    readonly before?: ClickPlaces;
    /** Where they stood in the order in which the reader chose. Absent without clicks. */
    readonly after?: ClickPlaces;
  };
}

/** The event in which a page's metrics are told. */
export type RerankMetricsEvent = CustomEvent<RerankMetrics>;

interface MetricsEventMap {
  'rerank-metrics': RerankMetricsEvent;
}

declare global {
  // As the elements' own events are typed.
  /* eslint-disable @typescript-eslint/no-empty-object-type */
  interface HTMLElementEventMap extends MetricsEventMap {}
  interface DocumentEventMap extends MetricsEventMap {}
  interface WindowEventMap extends MetricsEventMap {}
  /* eslint-enable @typescript-eslint/no-empty-object-type */
}
