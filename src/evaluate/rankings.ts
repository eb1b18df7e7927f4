import type { Judgments } from './metrics.ts';

/** One value for each of the three orders that are compared. */
export interface Compared<TValue> {
  readonly firstStage: TValue;
  readonly reranked: TValue;
  /** The reranked documents in the order of their grades: the best that any reranker can do. */
  readonly oracle: TValue;
}

/**
 * The three orders of one query. Documents below the reranked ones keep their places.
 *
 * @param ranking Document ids as the first stage orders them.
 * @param order Positions in `ranking`, from 0, of the documents that were reranked, best first: a
 * permutation of the first `order.length` positions.
 */
export function compareOrders(
  ranking: readonly string[],
  order: readonly number[],
  judgments: Judgments,
): Compared<string[]> {
  const top = ranking.slice(0, order.length);
  const rest = ranking.slice(order.length);
  const oracle = top.toSorted((a, b) => (judgments.get(b) ?? 0) - (judgments.get(a) ?? 0));
  return {
    firstStage: [...ranking],
    reranked: [...order.flatMap((position) => top[position] ?? []), ...rest],
    oracle: [...oracle, ...rest],
  };
}
