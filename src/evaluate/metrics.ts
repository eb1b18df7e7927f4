import { RerankError } from '../shared/errors.ts';

/** Scores of documents by query: query id → document id → score, higher is better. */
export type Run = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Judgments by query: query id → document id → whole-number grade. Above 0 is a gain; below is unjudged. */
export type Qrels = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** The judged documents of one query, with their grades. */
export type Judgments = ReadonlyMap<string, number>;

export interface MetricOptions {
  /** How many places from the top count, 1 or more. Default 10. */
  readonly cutoff?: number | undefined;
  /**
   * The least grade that all metrics but nDCG take as relevant, a whole number of 1 or more. nDCG reads
   * all grades and ignores it. TREC Deep Learning uses 2. Default 1.
   */
  readonly relevanceLevel?: number | undefined;
}

/** How good one ranking is, or the mean over several. Each value is 0 to 1; 1 is best. */
export interface Metrics {
  /** Normalized discounted cumulative gain: `ndcg_cut_k` of trec_eval. */
  readonly ndcg: number;
  /** 1 / the place of the first relevant document, 0 below the cutoff: `-M k -m recip_rank`. */
  readonly reciprocalRank: number;
  /** Share of the query's relevant documents that are above the cutoff: `recall_k`. */
  readonly recall: number;
  /** Share of the first `cutoff` places that hold a relevant document: `P_k`. */
  readonly precision: number;
  /** Precision at each relevant document, averaged, over the whole ranking whatever the cutoff: `map`. */
  readonly averagePrecision: number;
}

/** The place count that is read where none is given. */
export const DEFAULT_CUTOFF = 10;

/**
 * Document ids, best first. Equal scores stand in descending order of their ids' UTF-8 bytes, whatever
 * order they came in: so does trec_eval (form_res_rels.c), and a run's rank column is never read.
 */
export function orderByScore(scores: ReadonlyMap<string, number>): string[] {
  return [...scores]
    .sort(([idA, scoreA], [idB, scoreB]) => scoreB - scoreA || compareUtf8(idB, idA))
    .map(([id]) => id);
}

/**
 * nDCG at `cutoff`, with the grade itself as gain and log2(place + 1) as discount. The ideal order is made
 * of all judged documents, retrieved or not.
 *
 * Source: Järvelin and Kekäläinen, ACM TOIS 20(4), 2002, as `ndcg_cut` of NIST trec_eval computes it.
 *
 * @returns 0 to 1; 0 for a query without a grade above 0.
 */
export function computeNdcg(
  ranking: readonly string[],
  judgments: Judgments,
  cutoff: number = DEFAULT_CUTOFF,
): number {
  const ideal = [...judgments.values()].sort((a, b) => b - a);
  const idealGain = discountedGain(takeTop(ideal, cutoff));
  if (idealGain === 0) return 0;
  const grades = takeTop(ranking, cutoff).map((id) => judgments.get(id) ?? 0);
  return discountedGain(grades) / idealGain;
}

/** 1 / the place of the first relevant document; 0 where none is among the first `cutoff`. */
export function computeReciprocalRank(
  ranking: readonly string[],
  judgments: Judgments,
  { cutoff = DEFAULT_CUTOFF, relevanceLevel = 1 }: MetricOptions = {},
): number {
  const top = takeTop(ranking, cutoff);
  const position = top.findIndex((id) => isRelevant(judgments.get(id), relevanceLevel));
  return position === -1 ? 0 : 1 / (position + 1);
}

/** Share of all relevant documents that are among the first `cutoff`; 0 for a query that has none. */
export function computeRecall(
  ranking: readonly string[],
  judgments: Judgments,
  { cutoff = DEFAULT_CUTOFF, relevanceLevel = 1 }: MetricOptions = {},
): number {
  const countRelevant = (ids: readonly string[]): number =>
    ids.filter((id) => isRelevant(judgments.get(id), relevanceLevel)).length;
  const relevant = countRelevant([...judgments.keys()]);
  return relevant === 0 ? 0 : countRelevant(takeTop(ranking, cutoff)) / relevant;
}

/** Relevant documents among the first `cutoff`, divided by `cutoff` even where the ranking is shorter. */
export function computePrecision(
  ranking: readonly string[],
  judgments: Judgments,
  { cutoff = DEFAULT_CUTOFF, relevanceLevel = 1 }: MetricOptions = {},
): number {
  const top = takeTop(ranking, cutoff);
  return top.filter((id) => isRelevant(judgments.get(id), relevanceLevel)).length / cutoff;
}

/**
 * The sum of the precision at each relevant document of the ranking, divided by the number of all
 * relevant documents, retrieved or not. Its mean over queries is MAP: `map` of trec_eval, or `map_cut_k`
 * where a cutoff is given.
 *
 * @param options `cutoff` is the ranking's length by default.
 * @returns 0 to 1; 0 for a query without a relevant document.
 */
export function computeAveragePrecision(
  ranking: readonly string[],
  judgments: Judgments,
  { cutoff, relevanceLevel = 1 }: MetricOptions = {},
): number {
  const relevant = [...judgments.values()].filter((grade) => isRelevant(grade, relevanceLevel));
  let found = 0;
  let total = 0;
  for (const [index, id] of (cutoff === undefined ? ranking : takeTop(ranking, cutoff)).entries()) {
    if (!isRelevant(judgments.get(id), relevanceLevel)) continue;
    found += 1;
    total += found / (index + 1);
  }
  return relevant.length === 0 ? 0 : total / relevant.length;
}

/**
 * All metrics of one query's ranking, best document first, each id once.
 *
 * @throws RerankError `invalid-input` for a cutoff that is no whole number of 1 or more, as each metric does.
 */
export function computeMetrics(
  ranking: readonly string[],
  judgments: Judgments,
  options: MetricOptions = {},
): Metrics {
  return {
    ndcg: computeNdcg(ranking, judgments, options.cutoff),
    reciprocalRank: computeReciprocalRank(ranking, judgments, options),
    recall: computeRecall(ranking, judgments, options),
    precision: computePrecision(ranking, judgments, options),
    averagePrecision: computeAveragePrecision(ranking, judgments, {
      relevanceLevel: options.relevanceLevel,
    }),
  };
}

/**
 * All metrics of a run, by query. A query of the run without judgments is left out, and so is a judged
 * query that the run lacks: trec_eval without `-c`.
 */
export function evaluateRun(
  run: Run,
  qrels: Qrels,
  options: MetricOptions = {},
): Map<string, Metrics> {
  const metrics = new Map<string, Metrics>();
  for (const [queryId, scores] of run) {
    const judgments = qrels.get(queryId);
    if (judgments) metrics.set(queryId, computeMetrics(orderByScore(scores), judgments, options));
  }
  return metrics;
}

/**
 * The mean of each metric.
 *
 * @throws RerankError `invalid-input` for an empty list, which has no mean.
 */
export function meanMetrics(metrics: readonly Metrics[]): Metrics {
  if (metrics.length === 0) {
    throw new RerankError('invalid-input', 'No query of the run has judgments: there is no mean.');
  }
  const mean = (name: keyof Metrics): number =>
    metrics.reduce((total, each) => total + each[name], 0) / metrics.length;
  return {
    ndcg: mean('ndcg'),
    reciprocalRank: mean('reciprocalRank'),
    recall: mean('recall'),
    precision: mean('precision'),
    averagePrecision: mean('averagePrecision'),
  };
}

function discountedGain(grades: readonly number[]): number {
  return grades.reduce(
    (total, grade, index) => (grade > 0 ? total + grade / Math.log2(index + 2) : total),
    0,
  );
}

/** The first `count` values: the one place where a cutoff or a depth is checked. */
export function takeTop<TValue>(values: readonly TValue[], count: number): TValue[] {
  if (Number.isInteger(count) && count >= 1) return values.slice(0, count);
  throw new RerankError(
    'invalid-input',
    `A cutoff or depth must be a whole number of 1 or more, but is ${count}.`,
  );
}

function isRelevant(grade: number | undefined, relevanceLevel: number): boolean {
  return grade !== undefined && grade >= relevanceLevel;
}

/** The order of C's strcmp. JavaScript's own compares UTF-16 units, which differs beyond U+FFFF. */
function compareUtf8(a: string, b: string): number {
  const encoder = new TextEncoder();
  const [bytesA, bytesB] = [encoder.encode(a), encoder.encode(b)];
  const at = bytesA.findIndex((byte, index) => byte !== bytesB[index]);
  // Where one begins with the other, the shorter comes first.
  return at === -1 ? bytesA.length - bytesB.length : (bytesA[at] ?? 0) - (bytesB[at] ?? -1);
}
