import type { MeanInterval } from '../../evaluate/paired-comparison.ts';
import type { Compared } from '../../evaluate/rankings.ts';
import type { Verdict } from '../../evaluate/verdict.ts';
import type { Blend } from '../../shared/blend.ts';
import type { ModelInfo } from '../../shared/types.ts';
import type { GateResult } from './gates.ts';
import type { RuntimeFacts } from './subject.ts';

/** Raised when a field changes its meaning. */
export const REPORT_FORMAT = 1;

/** `report.json`: an evaluation as data. Metrics are 0 to 1, 1 is best; differences are reranked − first stage. */
export interface EvalReport {
  readonly formatVersion: typeof REPORT_FORMAT;
  /** ISO 8601, UTC. */
  readonly madeAt: string;
  readonly collection: {
    readonly data: string;
    readonly run: string;
    readonly qrels: string;
    /** Queries that were evaluated. */
    readonly queries: number;
    /** Judged queries of the run, before `--limit`. */
    readonly judgedQueries: number;
    /** Judged queries that the run lacks; they are left out. */
    readonly missingQueries: number;
    readonly relevanceLevel: number;
  };
  readonly setting: SettingReport;
  readonly verdict: Verdict;
  /** The first is nDCG@10, on which `verdict` stands. */
  readonly metrics: readonly MetricReport[];
  /** nDCG@10 by how many candidates are reranked. */
  readonly depths: readonly DepthReport[];
  /** nDCG@10 by how much the first stage's opinion counts. */
  readonly weights: readonly WeightReport[];
  readonly segments?: { readonly by: string; readonly rows: readonly SegmentReport[] };
  readonly timing: TimingReport;
  /** Part of the documents that were longer than the model reads. */
  readonly truncatedShare: number;
  readonly gates: readonly GateResult[];
  readonly versus?: VersusReport;
  /** By nDCG@10, in the run's order. */
  readonly queries: readonly QueryReport[];
}

/** What was measured. */
export interface SettingReport {
  readonly model: Omit<ModelInfo, 'calibration'>;
  readonly runtime: RuntimeFacts;
  readonly depth: number;
  /** The first stage's part in the order. */
  readonly blend: Blend;
}

export interface MetricReport extends Compared<number> {
  readonly metric: string;
  readonly difference: MeanInterval;
  readonly wins: number;
  readonly ties: number;
  readonly losses: number;
}

export interface DepthReport {
  readonly depth: number;
  readonly reranked: number;
  readonly oracle: number;
}

export interface WeightReport {
  readonly weight: number;
  readonly reranked: number;
}

/** nDCG@10 of some of the queries. */
export interface SegmentReport extends Compared<number> {
  readonly name: string;
  readonly queries: number;
  readonly difference: MeanInterval;
}

export interface TimingReport {
  /** Pairs that were asked for. */
  readonly pairs: number;
  /** Of a query's rerank, by nearest rank. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** Pairs that went through the model, over the time of all queries. */
  readonly pairsPerSecond: number;
}

export interface QueryReport extends Compared<number> {
  readonly queryId: string;
  readonly text: string;
  readonly difference: number;
}

/** Another setting on the same run. Differences are the other − this. */
export interface VersusReport {
  /** As `--vs` had it. */
  readonly changes: string;
  readonly setting: SettingReport;
  readonly metrics: readonly (Pick<
    MetricReport,
    'metric' | 'difference' | 'wins' | 'ties' | 'losses'
  > & {
    readonly this: number;
    readonly other: number;
  })[];
  /** Pairs that both scored. */
  readonly sharedPairs: number;
  /** Greatest distance of a pair's two logits. */
  readonly maxLogitDifference: number;
  /** Mean distance of a pair's two logits. */
  readonly meanLogitDifference: number;
  /** Kendall's tau-b of the two orders of a query's shared pairs, averaged; null where no query has one. */
  readonly meanKendallTau: number | null;
  /** Time of a query with the other setting over that with this, from all queries. */
  readonly timeRatio: number;
  readonly timing: TimingReport;
}
