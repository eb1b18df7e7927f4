import type { Candidate } from 'rerank-results/element';
import { makeElement } from './find-element.ts';
import { makeOriginalRail } from './result-rail.ts';
import type { ShownOrder } from './shown-order.ts';

/** Two lines have fewer. */
const MOST_CHARACTERS = 400;

/** The left-hand column: the search's own order. */
export class OriginalList {
  readonly #root: HTMLElement;
  readonly #items = new Map<string, HTMLElement>();
  #candidates: readonly Candidate[] = [];

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  /** The items on the page by their result's id. */
  get items(): ReadonlyMap<string, HTMLElement> {
    return this.#items;
  }

  /**
   * Shows the first `topN`, and below them those further down that are among the first `topN` of the
   * reranked order. Items stay the same nodes while the results are the same: focus stays on them.
   */
  show({ candidates, results, isReranked }: ShownOrder, topN: number): void {
    if (candidates !== this.#candidates) this.#clear();
    this.#candidates = candidates;
    const ranks = new Map(results.map(({ candidate, rank }) => [candidate.id, rank]));
    candidates.forEach((candidate, index) => {
      const rank = isReranked ? ranks.get(candidate.id) : undefined;
      const isFurtherDown = index >= topN;
      if (isFurtherDown && (rank ?? Infinity) > topN) return;
      const item = this.#items.get(candidate.id) ?? this.#add(candidate, isFurtherDown);
      item.replaceChild(makeOriginalRail(index + 1, rank), item.children[0] as Element);
    });
  }

  #add({ id, title, text, url }: Candidate, isFurtherDown: boolean): HTMLElement {
    const rail = makeElement('span', 'rail');
    // As the element names it.
    const link = makeElement('a', 'title', (title || url || text.slice(0, 80)).slice(0, 300));
    link.dir = 'auto';
    if (url !== undefined) link.href = url;
    const item = makeElement('li', isFurtherDown ? 'result further-down' : 'result', rail, link);
    if (!isFurtherDown) item.append(makeElement('p', 'text', text.slice(0, MOST_CHARACTERS)));
    this.#items.set(id, item);
    this.#root.append(item);
    return item;
  }

  #clear(): void {
    this.#items.clear();
    this.#root.replaceChildren();
  }
}
