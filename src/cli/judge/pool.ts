import { createHash } from 'node:crypto';

/**
 * The documents of a query that people grade: the first `depth` of each order, each once. Judging only
 * one system's results would call what only the other finds irrelevant.
 *
 * Source: pooling, Spärck Jones and van Rijsbergen 1975, as in TREC; Voorhees and Harman, 2005.
 *
 * @param orders Document ids, best first.
 * @returns The ids in an order that says nothing about their ranks, and is the same each time.
 */
export function poolDocuments(
  queryId: string,
  orders: readonly (readonly string[])[],
  depth: number,
): string[] {
  const pooled = new Set(orders.flatMap((order) => order.slice(0, depth)));
  const keyOf = (id: string): string =>
    createHash('sha256').update(`${queryId}\n${id}`).digest('hex');
  return [...pooled]
    .map((id) => ({ id, key: keyOf(id) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ id }) => id);
}
