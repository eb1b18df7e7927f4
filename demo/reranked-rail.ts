import { makeElement } from './find-element.ts';
import { makeRerankedRail } from './result-rail.ts';
import { readTop, type ShownOrder } from './shown-order.ts';

/**
 * Rows behind the element's results, one each: place, movement, and the background of a highlighted
 * result. The element draws its results itself; these lie where its items are. They repeat what the
 * element's own text says, so assistive technology doesn't get them.
 */
export class RerankedRail {
  readonly #root: HTMLElement;
  readonly #rows = new Map<string, HTMLElement>();

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  /** The rows on the page by their result's id. */
  get rows(): ReadonlyMap<string, HTMLElement> {
    return this.#rows;
  }

  /** Draws one row for each of the element's items, which show `order` from its top. */
  show({ results, isReranked }: ShownOrder, items: readonly HTMLElement[]): void {
    this.#rows.clear();
    const top = this.#root.getBoundingClientRect().top;
    const rows = results.slice(0, items.length).map(({ candidate, rank, originalRank }, index) => {
      const rail = isReranked
        ? makeRerankedRail(rank, originalRank)
        : makeElement('span', 'rail', makeElement('span', 'rank', String(rank)));
      const row = makeElement('li', 'row', rail);
      const item = items[index];
      row.style.top = `${item ? readTop(item) - top : 0}px`;
      row.style.height = `${item?.getBoundingClientRect().height ?? 0}px`;
      this.#rows.set(candidate.id, row);
      return row;
    });
    this.#root.replaceChildren(...rows);
  }
}
