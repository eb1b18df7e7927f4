import type { Hit, HitPlace } from './rerank-hits.ts';

/** How many queries' orders are remembered. */
const MOST_QUERIES = 50;

/** The reranked order of a query's first hits; undefined where the engine's own order stays. */
export type Order = readonly HitPlace[] | undefined;

/** What later pages of a query must agree with. */
export interface OrderMemory {
  /** Whether the query's first page was given in the engine's own order. */
  readonly isOwn: (key: string) => boolean;
  readonly keepOwn: (key: string) => void;
  /**
   * The order of these hits, made once for the query: `make` runs again only where the engine gave other hits. An order that
   * is not ready when `signal` is aborted is forgotten, and one that a budget cut short is made anew for the first page.
   */
  readonly orderOf: (
    query: { readonly key: string; readonly page: number },
    hits: readonly Hit[],
    make: () => Promise<readonly HitPlace[]>,
    signal: AbortSignal,
  ) => Promise<Order>;
}

interface KnownOrder {
  readonly ids: string;
  readonly order: Promise<Order>;
  /** Whether it is ready, and some hits have no score. */
  isPartial: boolean;
}

/**
 * Remembers the order of the last queries.
 *
 * @param onError Told why an order could not be made; then the engine's own is kept for the query's later pages.
 */
export function createOrderMemory(onError: (error: unknown) => void): OrderMemory {
  const known = new Map<string, KnownOrder | 'own'>();
  const keep = (key: string, value: KnownOrder | 'own'): void => {
    known.delete(key);
    known.set(key, value);
    const [oldest] = known.keys();
    if (known.size > MOST_QUERIES && oldest !== undefined) known.delete(oldest);
  };
  return {
    isOwn: (key) => known.get(key) === 'own',
    keepOwn: (key) => {
      keep(key, 'own');
    },
    orderOf({ key, page }, hits, make, signal) {
      // Hits without an id are told apart by all that they hold.
      const ids = JSON.stringify(hits.map((hit) => hit['objectID'] ?? hit));
      const before = known.get(key);
      if (before !== undefined && before !== 'own' && before.ids === ids) {
        if (page > 0 || !before.isPartial) return before.order;
      }
      const forget = (): void => {
        if (known.get(key) === entry) known.delete(key);
      };
      const order = make().catch((error: unknown) => {
        if (signal.aborted) return undefined;
        onError(error);
        keep(key, 'own');
        return undefined;
      });
      const entry: KnownOrder = { ids, order, isPartial: false };
      keep(key, entry);
      signal.addEventListener('abort', forget);
      void order.then((places) => {
        entry.isPartial = places?.some((place) => place.relevanceScore === undefined) === true;
        signal.removeEventListener('abort', forget);
      });
      return order;
    },
  };
}
