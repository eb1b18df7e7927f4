import type { RerankEventDetails, Result } from './events.ts';
import type { Order } from './order-keeper.ts';
import { placeCandidates, shownState, type RunState } from './run-state.ts';

/** Tells which order a page shows, once for each. */
export class OrderTeller {
  readonly #tell: (detail: RerankEventDetails['rerank-order']) => void;
  #query = '';
  #candidates: readonly Result[] = [];
  #order: Order;

  constructor(tell: (detail: RerankEventDetails['rerank-order']) => void) {
    this.#tell = tell;
  }

  /** To be called after each update of the page. */
  follow(state: RunState<Result>, shownOrder: Order): void {
    const shown = shownState(state);
    const { query = '', candidates = [] } = shown ?? {};
    const order = shown && shownOrder;
    const isEmpty = candidates.length + this.#candidates.length === 0;
    const isSame =
      query === this.#query && order === this.#order && candidates === this.#candidates;
    if (isSame || isEmpty) return;
    this.#query = query;
    this.#candidates = candidates;
    this.#order = order;
    const isWhole = shown?.phase === 'reranked' && order === shown.outcome.results;
    this.#tell({
      query,
      order: order === undefined ? 'original' : isWhole ? 'reranked' : 'partial',
      results: placeCandidates(candidates, order).map(({ candidate, rank, originalRank }) => ({
        result: candidate,
        rank,
        originalRank,
      })),
    });
  }
}
