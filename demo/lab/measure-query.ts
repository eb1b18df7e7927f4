import {
  compareOrders,
  formatMetricName,
  measureRanking,
  orderCandidates,
  parseMetricName,
  type CandidateScores,
  type EvalQuery,
  type NamedMetric,
} from 'rerank-results/evaluate';

/** The four orders of a query's results. `model`: by the model alone; `reranked`: blended; `oracle`: the best possible. */
export const ORDERS = ['firstStage', 'model', 'reranked', 'oracle'] as const;

export type OrderName = (typeof ORDERS)[number];

/** One value for each order. */
export type ByOrder<TValue> = Readonly<Record<OrderName, TValue>>;

/** The metric that queries, curve and verdict are told by. */
export const MAIN_METRIC = 'nDCG@10';

/** nDCG@10 where only the first `depth` results are reranked. */
export interface CurvePoint {
  readonly depth: number;
  /** Results that the model reads: `depth`, or fewer where the first stage found fewer. */
  readonly pairs: number;
  readonly model: number;
  readonly reranked: number;
}

/** How a query's orders are made from its scores. */
export interface OrderSetting {
  /** How many results were scored at most, 1 or more. */
  readonly candidates: number;
  /** How far the first stage counts, 0 to 1. */
  readonly priorWeight: number;
}

/** What one query's scores say. */
export interface QueryMeasures {
  /** Document ids, best first. */
  readonly rankings: ByOrder<readonly string[]>;
  /** By the metric's name. */
  readonly metrics: ReadonlyMap<string, ByOrder<number>>;
  readonly curve: readonly CurvePoint[];
}

/** Depths of the curve, as far as they were scored. */
const DEPTHS = [5, 10, 20, 50, 100, 200];

/** The metrics by name, each once. */
export function listMetrics(candidates: number): ReadonlyMap<string, NamedMetric> {
  const names = ['ndcg@10', 'mrr@10', 'recall@10', `recall@${candidates}`];
  return new Map(
    names.map(parseMetricName).map((metric) => [formatMetricName(metric), metric] as const),
  );
}

/** Orders one query's results in all ways, and measures them. */
export function measureQuery(
  query: EvalQuery,
  scores: CandidateScores,
  { candidates, priorWeight }: OrderSetting,
): QueryMeasures {
  const order = (depth: number, weight: number) => {
    const positions = orderCandidates(query.candidates, scores, { depth, prior: 'rank', weight });
    return compareOrders(query.ranking, positions, query.judgments);
  };
  const { firstStage, reranked, oracle } = order(candidates, priorWeight);
  const rankings = { firstStage, model: order(candidates, 0).reranked, reranked, oracle };
  const metrics = [...listMetrics(candidates)].map(([name, metric]) => {
    const [before = 0, model = 0, after = 0, best = 0] = ORDERS.map((each) =>
      measureRanking(metric, rankings[each], query.judgments),
    );
    return [name, { firstStage: before, model, reranked: after, oracle: best }] as const;
  });
  const curve = [0, ...DEPTHS.filter((depth) => depth < candidates), candidates].map((depth) => ({
    depth,
    pairs: Math.min(depth, query.candidates.length),
    model: measureMain(order(depth, 0).reranked, query),
    reranked: measureMain(order(depth, priorWeight).reranked, query),
  }));
  return { rankings, metrics: new Map(metrics), curve };
}

/** A ranking's nDCG@10. */
export function measureMain(ranking: readonly string[], { judgments }: EvalQuery): number {
  return measureRanking({ measure: 'ndcg', cutoff: 10 }, ranking, judgments);
}

/** The mean of several queries' curves, which have the same depths; pairs are a query's on average. */
export function averageCurves(curves: readonly (readonly CurvePoint[])[]): CurvePoint[] {
  const [first = []] = curves;
  return first.map(({ depth }, index) => {
    const mean = (name: 'pairs' | 'model' | 'reranked'): number =>
      curves.reduce((sum, curve) => sum + (curve[index]?.[name] ?? 0), 0) / curves.length;
    return { depth, pairs: mean('pairs'), model: mean('model'), reranked: mean('reranked') };
  });
}
