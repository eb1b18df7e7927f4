import type { Candidate, RerankEventDetails, RerankResults } from 'rerank-results/element';

/** One result with its place in the right-hand column. */
export interface ShownResult {
  readonly candidate: Candidate;
  /** Place on the page, from 1. */
  readonly rank: number;
  /** Place in the search's own order, from 1. */
  readonly originalRank: number;
}

/** What the right-hand column shows. */
export interface ShownOrder {
  /** In the search's own order. */
  readonly candidates: readonly Candidate[];
  /** All results in the order of the column, which shows the first `topN`. */
  readonly results: readonly ShownResult[];
  /** Whether that order is the reranked one. */
  readonly isReranked: boolean;
}

/** What the element shows until it tells another order. */
export const NOTHING_SHOWN: ShownOrder = { candidates: [], results: [], isReranked: false };

/** What the element's event `rerank-order` tells. */
export function readShownOrder({ order, results }: RerankEventDetails['rerank-order']): ShownOrder {
  // The page gives the element a search and no list of its own, so these are no elements.
  const placed = results.map(({ result, ...places }) => ({
    candidate: result as Candidate,
    ...places,
  }));
  return {
    candidates: placed
      .toSorted((a, b) => a.originalRank - b.originalRank)
      .map(({ candidate }) => candidate),
    results: placed,
    isReranked: order !== 'original',
  };
}

/** The element's results on the page, from the top: its documented part `item`. */
export function findShownItems(element: RerankResults): readonly HTMLElement[] {
  return [...element.renderRoot.querySelectorAll<HTMLElement>('[part~="item"]')];
}

/** Calls back after the element changed what it shows, or where. */
export function watchShownOrder(element: RerankResults, onChange: () => void): void {
  new MutationObserver(onChange).observe(element.renderRoot, { childList: true, subtree: true });
  new ResizeObserver(onChange).observe(element);
}

/** Where an element is laid out in the window, in pixels from its top: also while it glides there. */
export function readTop(element: Element): number {
  const { transform } = getComputedStyle(element);
  return element.getBoundingClientRect().top - new DOMMatrix(transform).m42;
}
