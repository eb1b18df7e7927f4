import type { RerankResults } from 'rerank-results/element';
import { findElement } from './find-element.ts';
import { MovementLines } from './movement-lines.ts';
import { OriginalList } from './original-list.ts';
import { RerankedRail } from './reranked-rail.ts';
import {
  findShownItems,
  NOTHING_SHOWN,
  readShownOrder,
  readTop,
  watchShownOrder,
} from './shown-order.ts';
import { Twins } from './twins.ts';

/** Where both lists stand side by side, lets the left-hand one begin where the element's own does. */
function alignLists(list: HTMLElement, { renderRoot }: RerankResults): void {
  const own = renderRoot.querySelector('[part~="list"]');
  const { left = 0 } = own?.getBoundingClientRect() ?? {};
  const isBeside = own !== null && list.getBoundingClientRect().right <= left;
  const marginTop = parseFloat(getComputedStyle(list).marginTop);
  list.style.marginTop = isBeside ? `${marginTop + readTop(own) - readTop(list)}px` : '';
}

/** Keeps the left-hand column, the rail and the lines in step with what the element shows. */
export function connectColumns(results: RerankResults): void {
  const originalRoot = findElement('original-list', HTMLOListElement);
  const original = new OriginalList(originalRoot);
  const rail = new RerankedRail(findElement('rail', HTMLOListElement));
  const lines = new MovementLines(findElement('lines', SVGSVGElement));
  const twins = new Twins(() => [original.items, rail.rows, lines.lines]);

  let order = NOTHING_SHOWN;
  results.addEventListener('rerank-order', ({ detail }) => {
    order = readShownOrder(detail);
    arrange();
  });
  const arrange = (): void => {
    original.show(order, results.topN);
    alignLists(originalRoot, results);
    rail.show(order, findShownItems(results));
    lines.show(order, original.items, rail.rows);
    twins.refresh();
  };
  watchShownOrder(results, arrange);
  // The left-hand column has its own height.
  new ResizeObserver(arrange).observe(originalRoot);

  twins.follow(originalRoot, (event) => {
    const isHit = ([, item]: readonly [string, HTMLElement]): boolean =>
      event.composedPath().includes(item);
    return [...original.items].find(isHit)?.[0];
  });
  twins.follow(results, (event) => {
    const path = event.composedPath();
    const index = findShownItems(results).findIndex((item) => path.includes(item));
    return order.results[index]?.candidate.id;
  });
}
