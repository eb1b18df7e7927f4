import type { Candidate, RerankResults } from 'rerank-results/element';

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

/** The order that the element shows now: a new one is held while the reader uses the list. */
export function readShownOrder(element: RerankResults): ShownOrder {
  const { runState } = element;
  const shown = runState.phase === 'searching' ? runState.previous : runState;
  if (!shown || shown.phase === 'idle' || shown.phase === 'search-failed') {
    return { candidates: [], results: [], isReranked: false };
  }
  // The page gives the element a search and no list of its own, so these are no elements.
  const candidates = shown.candidates as readonly Candidate[];
  if (shown.phase === 'reranked' && !isHeld(element)) {
    const results = shown.outcome.results.map(({ index, rank, originalRank }) => ({
      candidate: candidates[index] as Candidate,
      rank,
      originalRank,
    }));
    return { candidates, results, isReranked: true };
  }
  const results = candidates.map((candidate, index) => ({
    candidate,
    rank: index + 1,
    originalRank: index + 1,
  }));
  return { candidates, results, isReranked: false };
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

/** The element offers a button, its documented part `show-order`, while a new order waits. */
function isHeld(element: RerankResults): boolean {
  return element.renderRoot.querySelector('[part~="show-order"]') !== null;
}
