import { readMovement } from './result-rail.ts';
import type { ShownOrder } from './shown-order.ts';

const SVG = 'http://www.w3.org/2000/svg';

/** From a result's top to the middle of its title, in pixels. */
const TITLE_MIDDLE = 20;

/** Lines between the columns, from a result of the search to its place in the reranked order. */
export class MovementLines {
  readonly #root: SVGSVGElement;
  readonly #lines = new Map<string, SVGPathElement>();

  constructor(root: SVGSVGElement) {
    this.#root = root;
  }

  /** The lines on the page by their result's id. */
  get lines(): ReadonlyMap<string, SVGPathElement> {
    return this.#lines;
  }

  /** Draws a line for each result that is in both columns; none where the columns are stacked. */
  show(
    { results, isReranked }: ShownOrder,
    originals: ReadonlyMap<string, HTMLElement>,
    rows: ReadonlyMap<string, HTMLElement>,
  ): void {
    this.#lines.clear();
    const area = this.#root.getBoundingClientRect();
    if (area.width === 0 || !isReranked) {
      this.#root.replaceChildren();
      return;
    }
    for (const { candidate, rank, originalRank } of results) {
      const from = originals.get(candidate.id)?.getBoundingClientRect().top;
      const to = rows.get(candidate.id)?.getBoundingClientRect().top;
      if (from === undefined || to === undefined) continue;
      const line = document.createElementNS(SVG, 'path');
      const startY = from - area.top + TITLE_MIDDLE;
      const endY = to - area.top + TITLE_MIDDLE;
      const bend = area.width / 2;
      line.setAttribute(
        'd',
        `M0 ${startY}C${bend} ${startY} ${bend} ${endY} ${area.width} ${endY}`,
      );
      line.setAttribute('class', readMovement(originalRank, rank));
      this.#lines.set(candidate.id, line);
    }
    this.#root.replaceChildren(...this.#lines.values());
  }
}
