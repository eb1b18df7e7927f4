import type { ModelInfo } from 'rerank-results';
import {
  computePercentile,
  formatRun,
  judgeComparison,
  toRun,
  type EvalQuery,
  type PairedComparison,
  type Verdict,
} from 'rerank-results/evaluate';
import type { LabSet } from './lab-set.ts';
import type { LabState } from './lab-state.ts';
import type { PairedValues } from './lab-worker.ts';
import {
  MAIN_METRIC,
  averageCurves,
  listMetrics,
  type ByOrder,
  type CurvePoint,
  type OrderName,
  type QueryMeasures,
} from './measure-query.ts';
import type { QueryAnswer, StepTimes } from './run-queries.ts';

/** A query that was run. */
export interface MeasuredQuery extends QueryMeasures {
  readonly query: EvalQuery;
  readonly answer: QueryAnswer;
  /** How long the first stage took; absent where its results were written down before. */
  readonly searchMs?: number | undefined;
}

/** A query that the cascade was run on. */
export interface CascadeQuery {
  readonly ndcg: number;
  readonly pairs: number;
  readonly totalMs: number;
}

/** An evaluation as far as it is. */
export interface LabRun {
  readonly state: LabState;
  readonly set: LabSet;
  readonly model: ModelInfo;
  readonly measured: readonly MeasuredQuery[];
  readonly cascade: readonly CascadeQuery[];
  /** In the form of the element's attribute. */
  readonly tiers?: string | undefined;
}

/** A metric in each order, and how the first stage's differs from two of them. */
export interface MetricRow {
  readonly metric: string;
  readonly means: ByOrder<number>;
  readonly model?: PairedComparison | undefined;
  readonly reranked?: PairedComparison | undefined;
}

/** How long a step took for a query: percentiles by nearest rank. */
export interface StepRow {
  readonly step: 'search' | 'tokenize' | 'infer' | 'total';
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

/** What the second model on top of the first one brings. */
export interface CascadeRow {
  readonly tiers: string;
  readonly queries: number;
  /** A query's, on average, both models together. */
  readonly pairs: number;
  readonly ndcg: number;
  readonly p50Ms: number;
}

/** All that the page says, as it is exported. Metrics are 0 to 1, 1 is best; differences are of the order − first stage. */
export interface LabReport {
  readonly formatVersion: 1;
  /** ISO 8601, UTC. */
  readonly madeAt: string;
  readonly set: Pick<LabSet, 'name' | 'firstStage' | 'judgedQueries' | 'unfoundQueries'>;
  readonly setting: LabState & { readonly runs: Omit<ModelInfo, 'calibration'> };
  /** On nDCG@10, reranked. Absent until its interval is there. */
  readonly verdict?: Verdict | undefined;
  readonly metrics: readonly MetricRow[];
  readonly times: readonly StepRow[];
  readonly curve: readonly CurvePoint[];
  readonly cascade?: CascadeRow | undefined;
  /** Part of the documents that were longer than the model reads. */
  readonly truncatedShare: number;
  readonly queries: readonly QueryRow[];
}

/** One query of the export: with the judgments, the first stage's order and the logits all else can be computed anew. */
export interface QueryRow {
  readonly queryId: string;
  readonly text: string;
  readonly judgments: Readonly<Record<string, number>>;
  readonly firstStage: readonly string[];
  readonly reranked: readonly string[];
  /** Of the first of `firstStage`. */
  readonly logits: readonly number[];
  readonly unknownLanguage: readonly number[];
  readonly metrics: Readonly<Record<string, ByOrder<number>>>;
  readonly times: StepTimes & { readonly searchMs?: number | undefined };
}

/** The orders that are compared with the first stage. */
const COMPARED = ['model', 'reranked'] as const;

/** What {@link makeReport} needs the differences of, for each metric one pair of lists for `model` and one for `reranked`. */
export function listComparisons({ state, measured }: LabRun): PairedValues[] {
  return [...listMetrics(state.candidates).keys()].flatMap((metric) => {
    const before = listValues(measured, metric, 'firstStage');
    return COMPARED.map((order) => ({ before, after: listValues(measured, metric, order) }));
  });
}

/**
 * All that a run says so far, of one query or more.
 *
 * @param comparisons Of {@link listComparisons}; empty where they are not there yet.
 */
export function makeReport(run: LabRun, comparisons: readonly PairedComparison[]): LabReport {
  const { state, set, measured } = run;
  const { calibration: _, ...runs } = run.model;
  const metrics = [...listMetrics(state.candidates).keys()].map((metric, index) => ({
    metric,
    means: averageByOrder(measured, metric),
    model: comparisons[2 * index],
    reranked: comparisons[2 * index + 1],
  }));
  const pairs = sum(measured.map(({ answer }) => answer.logits.length));
  const truncated = sum(measured.map(({ answer }) => answer.truncatedDocuments));
  const truncatedShare = pairs === 0 ? 0 : truncated / pairs;
  const main = metrics.find(({ metric }) => metric === MAIN_METRIC)?.reranked;
  return {
    formatVersion: 1,
    madeAt: new Date().toISOString(),
    set: {
      name: set.name,
      firstStage: set.firstStage,
      judgedQueries: set.judgedQueries,
      unfoundQueries: set.unfoundQueries,
    },
    setting: { ...state, runs },
    verdict: main && judgeComparison(main, { queries: measured.length, truncatedShare }),
    metrics,
    times: listTimes(measured),
    curve: averageCurves(measured.map(({ curve }) => curve)),
    cascade: summarizeCascade(run),
    truncatedShare,
    queries: measured.map(toRow),
  };
}

/** The reranked orders as a TREC run, as `npx rerank-results eval` writes it. */
export function writeTrecRun({ queries, setting }: LabReport): string {
  const rankings = queries.map(({ queryId, reranked }) => [queryId, reranked] as const);
  return formatRun(toRun(new Map(rankings)), `rerank-${setting.runs.id}`);
}

/** By how much a query's nDCG@10 changed. */
export function differenceOf({ metrics }: QueryMeasures): number {
  const { reranked = 0, firstStage = 0 } = metrics.get(MAIN_METRIC) ?? {};
  return reranked - firstStage;
}

function listTimes(measured: readonly MeasuredQuery[]): StepRow[] {
  const steps: Readonly<Record<StepRow['step'], (number | undefined)[]>> = {
    search: measured.map(({ searchMs }) => searchMs),
    tokenize: measured.map(({ answer }) => answer.times.tokenizeMs),
    infer: measured.map(({ answer }) => answer.times.inferMs),
    total: measured.map(({ answer }) => answer.times.totalMs),
  };
  return (Object.keys(steps) as StepRow['step'][]).flatMap((step) => {
    const values = steps[step].filter((value) => value !== undefined);
    if (values.length === 0) return [];
    return {
      step,
      p50Ms: computePercentile(values, 0.5),
      p95Ms: computePercentile(values, 0.95),
      p99Ms: computePercentile(values, 0.99),
    };
  });
}

function summarizeCascade({ cascade, tiers }: LabRun): CascadeRow | undefined {
  if (tiers === undefined || cascade.length === 0) return undefined;
  return {
    tiers,
    queries: cascade.length,
    pairs: sum(cascade.map(({ pairs }) => pairs)) / cascade.length,
    ndcg: sum(cascade.map(({ ndcg }) => ndcg)) / cascade.length,
    p50Ms: computePercentile(
      cascade.map(({ totalMs }) => totalMs),
      0.5,
    ),
  };
}

function toRow({ query, answer, searchMs, rankings, metrics }: MeasuredQuery): QueryRow {
  return {
    queryId: query.queryId,
    text: query.text,
    judgments: Object.fromEntries(query.judgments),
    firstStage: rankings.firstStage,
    reranked: rankings.reranked,
    logits: answer.logits,
    unknownLanguage: answer.unknownLanguage,
    metrics: Object.fromEntries(metrics),
    times: { ...answer.times, searchMs },
  };
}

function averageByOrder(measured: readonly MeasuredQuery[], metric: string): ByOrder<number> {
  const mean = (order: OrderName): number =>
    sum(listValues(measured, metric, order)) / measured.length;
  return {
    firstStage: mean('firstStage'),
    model: mean('model'),
    reranked: mean('reranked'),
    oracle: mean('oracle'),
  };
}

function listValues(
  measured: readonly QueryMeasures[],
  metric: string,
  order: OrderName,
): number[] {
  return measured.map(({ metrics }) => metrics.get(metric)?.[order] ?? 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
