import type { Blend } from '../shared/blend.ts';
import { RerankError } from '../shared/errors.ts';
import { computePercentile } from '../shared/percentile.ts';
import type { Reranker } from '../shared/types.ts';
import {
  computeMetrics,
  meanMetrics,
  orderByScore,
  takeTop,
  type Judgments,
  type MetricOptions,
  type Metrics,
  type Qrels,
  type Run,
} from './metrics.ts';
import { compareOrders, type Compared } from './rankings.ts';

/** What is reranked, and by what it is judged. */
export interface EvaluationOptions<TDocument extends string | object> extends MetricOptions {
  readonly reranker: Pick<Reranker, 'rerank'>;
  /** Query id → text. */
  readonly queries: ReadonlyMap<string, string>;
  /** The document with an id, as the reranker takes it; undefined where there is none. */
  readonly readDocument: (id: string) => TDocument | undefined;
  /** The first stage. Queries without judgments are left out. */
  readonly run: Run;
  readonly qrels: Qrels;
  /** How many documents from the top are reranked; deeper ones keep their order below. Default 100. */
  readonly depth?: number | undefined;
  /**
   * How far the first stage counts in the new order; `{ prior: 'score' }` reads the run's scores. Default: none, the
   * model alone; the element's is `{ prior: 'rank', weight: 0.2 }`.
   */
  readonly blend?: Blend | undefined;
  /** Ends the evaluation; the promise rejects with the code `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each query. `done` counts from 1. */
  readonly onQuery?: ((query: QueryEvaluation, done: number, total: number) => void) | undefined;
}

/** One query's part of an evaluation. */
export interface QueryEvaluation {
  readonly queryId: string;
  readonly metrics: Compared<Metrics>;
  /** All document ids of the run in their new order, best first. */
  readonly ranking: readonly string[];
  /** Documents that were scored: `depth`, or fewer where the run is shorter. */
  readonly pairs: number;
  /** Milliseconds from the call of the reranker to its answer. */
  readonly durationMs: number;
}

/** An evaluation of a reranker over the judged queries of a run. */
export interface Evaluation {
  /** In the run's order. */
  readonly queries: readonly QueryEvaluation[];
  /** Means over `queries`. */
  readonly means: Compared<Metrics>;
  /** Median time of a query, by nearest rank. */
  readonly p50Ms: number;
  /** 95th percentile of the time of a query, by nearest rank. */
  readonly p95Ms: number;
  /** 99th percentile of the time of a query, by nearest rank. */
  readonly p99Ms: number;
  /** All pairs over the time of all queries. */
  readonly pairsPerSecond: number;
}

/**
 * Reranks the first stage's top for every judged query and compares the orders. Queries run one after
 * another, and times are only the reranker's: warm it up first.
 *
 * @throws RerankError `invalid-input` where no query of the run has judgments, or a query or document
 * of the run has no text, or `depth` is no whole number of 1 or more; else what the reranker throws.
 */
export async function evaluateReranker<TDocument extends string | object>(
  options: EvaluationOptions<TDocument>,
): Promise<Evaluation> {
  const { run, qrels, onQuery } = options;
  const judged = [...run].flatMap(([queryId, scores]) => {
    const judgments = qrels.get(queryId);
    return judgments ? [{ queryId, scores, judgments }] : [];
  });
  const queries: QueryEvaluation[] = [];
  for (const query of judged) {
    const evaluation = await evaluateQuery(query, options);
    queries.push(evaluation);
    onQuery?.(evaluation, queries.length, judged.length);
  }

  const mean = (order: keyof Compared<Metrics>): Metrics =>
    meanMetrics(queries.map(({ metrics }) => metrics[order]));
  const durations = queries.map(({ durationMs }) => durationMs);
  const totalMs = durations.reduce((total, duration) => total + duration, 0);
  const pairs = queries.reduce((total, query) => total + query.pairs, 0);
  return {
    queries,
    means: { firstStage: mean('firstStage'), reranked: mean('reranked'), oracle: mean('oracle') },
    p50Ms: computePercentile(durations, 0.5),
    p95Ms: computePercentile(durations, 0.95),
    p99Ms: computePercentile(durations, 0.99),
    pairsPerSecond: (pairs * 1000) / totalMs,
  };
}

/** Document id → score of the first stage. */
type Scores = ReadonlyMap<string, number>;

async function evaluateQuery<TDocument extends string | object>(
  { queryId, scores, judgments }: { queryId: string; scores: Scores; judgments: Judgments },
  options: EvaluationOptions<TDocument>,
): Promise<QueryEvaluation> {
  const { reranker, queries, readDocument, depth = 100, blend, signal } = options;
  const ranking = orderByScore(scores);
  const top = takeTop(ranking, depth);
  const documents = top.map((id) => readDocument(id) ?? missing('document', id));
  const query = queries.get(queryId) ?? missing('query', queryId);

  const start = performance.now();
  const { results } = await reranker.rerank({
    query,
    documents,
    ...(blend && { blend }),
    ...(blend?.prior === 'score' && { priorScores: top.map((id) => scores.get(id) ?? 0) }),
    ...(signal && { signal }),
  });
  const durationMs = performance.now() - start;

  const rankings = compareOrders(
    ranking,
    results.map(({ index }) => index),
    judgments,
  );
  const measure = (order: keyof Compared<Metrics>): Metrics =>
    computeMetrics(rankings[order], judgments, options);
  return {
    queryId,
    metrics: {
      firstStage: measure('firstStage'),
      reranked: measure('reranked'),
      oracle: measure('oracle'),
    },
    ranking: rankings.reranked,
    pairs: top.length,
    durationMs,
  };
}

function missing(kind: string, id: string): never {
  throw new RerankError('invalid-input', `The run names the ${kind} ${id}, which has no text.`, {
    [kind]: id,
  });
}
