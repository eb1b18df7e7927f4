import type { RerankEventDetails } from '../element/events.ts';
import type { SkipReason } from '../element/run-state.ts';
import type { RerankErrorCode } from '../shared/errors.ts';
import type { FallbackCause, ModelInfo, RerankOutcome, StopReason } from '../shared/types.ts';
import { ClickPlaceTally } from './click-places.ts';
import { Counter } from './counts.ts';
import { DurationSample } from './duration-sample.ts';
import { OrderTally } from './order-tally.ts';
import type { MetricStep, RerankMetrics } from './rerank-metrics.ts';

/** Durations of a run that its outcome does not tell, in milliseconds. Undefined where they are not known. */
export interface RunWaits {
  /** From `rerank-start` to `rerank-complete`. */
  readonly sinceStartMs: number | undefined;
  /** From `rerank-candidates` to `rerank-complete`. */
  readonly sinceCandidatesMs: number | undefined;
}

/** What a run tells of itself, or leaves out. */
type RunFacts = Partial<Pick<RerankOutcome<unknown>, 'usage' | 'timing' | 'model'>>;

/** Adds up what the elements' events tell. It takes numbers and names of kinds from them, and keeps nothing else. */
export class MetricsTally {
  readonly #order: OrderTally;
  readonly #durations = new Map<MetricStep, DurationSample>();
  readonly #stopped = new Counter<StopReason>();
  readonly #skipped = new Counter<SkipReason>();
  readonly #failed = {
    search: new Counter<RerankErrorCode>(),
    preload: new Counter<RerankErrorCode>(),
    rerank: new Counter<RerankErrorCode>(),
    explain: new Counter<RerankErrorCode>(),
  };
  readonly #devices = new Counter<ModelInfo['device']>();
  readonly #engines = new Counter<ModelInfo['engine']>();
  readonly #fallbackCauses = new Counter<FallbackCause>();
  readonly #before = new ClickPlaceTally();
  readonly #after = new ClickPlaceTally();
  #searched = 0;
  #started = 0;
  #completed = 0;
  #fallbacks = 0;
  #pairs = 0;
  #cachedPairs = 0;
  #clicks = 0;
  #isEmpty = true;

  /** @param top How many of a run's first results are compared with the search's order. */
  constructor(top: number) {
    this.#order = new OrderTally(top);
  }

  /** Whether nothing happened yet. */
  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  /** @param searchMs How long the search took; undefined where there was none. */
  addCandidates(searchMs: number | undefined): void {
    this.#isEmpty = false;
    this.#searched += 1;
    this.#addDuration('search', searchMs);
  }

  addStart(): void {
    this.#isEmpty = false;
    this.#started += 1;
  }

  addOutcome(outcome: RerankOutcome<unknown>, { sinceStartMs, sinceCandidatesMs }: RunWaits): void {
    this.#isEmpty = false;
    if (outcome.complete) this.#completed += 1;
    else this.#stopped.add(outcome.stoppedBy);
    this.#addDuration('candidatesToComplete', sinceCandidatesMs);
    this.#order.add(outcome.results);
    // A site's own reranker may leave facts out.
    const facts: RunFacts = outcome;
    const { usage, timing, model } = facts;
    if (timing) {
      const { tokenizeMs, inferMs, totalMs } = timing;
      this.#addDuration('load', sinceStartMs && sinceStartMs - totalMs);
      this.#addDuration('queue', totalMs - tokenizeMs - inferMs);
      this.#addDuration('tokenize', tokenizeMs);
      this.#addDuration('infer', inferMs);
      this.#addDuration('total', totalMs);
    }
    if (model) {
      this.#devices.add(model.device);
      this.#engines.add(model.engine);
      if (model.fallbackReason !== undefined) this.#fallbacks += 1;
      for (const cause of new Set(model.fallbackCauses)) this.#fallbackCauses.add(cause);
    }
    if (usage) {
      this.#pairs += usage.pairs;
      this.#cachedPairs += usage.cachedPairs;
    }
  }

  addSkip(reason: SkipReason): void {
    this.#isEmpty = false;
    this.#skipped.add(reason);
  }

  addError({ during, error }: Pick<RerankEventDetails['rerank-error'], 'during' | 'error'>): void {
    this.#isEmpty = false;
    this.#failed[during].add(error.code);
  }

  /** Both places from 1. */
  addClick({
    rank,
    originalRank,
  }: Pick<RerankEventDetails['rerank-select'], 'rank' | 'originalRank'>): void {
    this.#isEmpty = false;
    this.#clicks += 1;
    this.#before.add(originalRank);
    this.#after.add(rank);
  }

  summarize(): RerankMetrics {
    const durations = [...this.#durations].map(([step, sample]) => [step, sample.summarize()]);
    const { search, preload, rerank, explain } = this.#failed;
    const [before, after] = [this.#before.summarize(), this.#after.summarize()];
    return {
      runs: {
        searched: this.#searched,
        started: this.#started,
        completed: this.#completed,
        stopped: this.#stopped.summarize(),
        skipped: this.#skipped.summarize(),
        failed: {
          search: search.summarize(),
          preload: preload.summarize(),
          rerank: rerank.summarize(),
          explain: explain.summarize(),
        },
      },
      durations: Object.fromEntries(durations) as RerankMetrics['durations'],
      devices: this.#devices.summarize(),
      engines: this.#engines.summarize(),
      fallbacks: this.#fallbacks,
      fallbackCauses: this.#fallbackCauses.summarize(),
      pairs: { scored: this.#pairs, cached: this.#cachedPairs },
      order: this.#order.summarize(),
      clicks: { count: this.#clicks, ...(before && { before }), ...(after && { after }) },
    };
  }

  /** Clocks are coarse: a difference of two may be a little below 0. */
  #addDuration(step: MetricStep, ms: number | undefined): void {
    if (ms === undefined || !Number.isFinite(ms)) return;
    const sample = this.#durations.get(step) ?? new DurationSample();
    this.#durations.set(step, sample);
    sample.add(Math.max(0, ms));
  }
}
