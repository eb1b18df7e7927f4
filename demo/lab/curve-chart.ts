import { makeElement } from '../find-element.ts';
import { formatMs } from '../format-numbers.ts';
import { makeScrollTable } from '../make-table.ts';
import type { LabReport } from './lab-report.ts';
import type { CurvePoint } from './measure-query.ts';

const SVG = 'http://www.w3.org/2000/svg';
/** In CSS pixels, as all lengths here: the chart is drawn anew for each width, so that its letters keep their size. */
const HEIGHT = 240;
const MARGIN = { top: 12, right: 16, bottom: 36, left: 44 };
/** Marks on the horizontal axis stand at least so far apart. */
const LEAST_GAP = 28;
/** The vertical axis has marks at multiples of this part of an nDCG. */
const STEP = 0.05;

const LINES = [
  { name: 'reranked', title: 'reranked, with the search’s order' },
  { name: 'model', title: 'by the model alone' },
] as const;

type CurveReport = Pick<LabReport, 'curve' | 'cascade' | 'setting'>;

/** nDCG@10 by how many pairs the model reads: a chart, what its marks mean, and the same numbers as a table. */
export class CurveChart {
  readonly root: HTMLElement;
  readonly #svg = document.createElementNS(SVG, 'svg');
  readonly #legend = makeElement('ul', 'legend');
  readonly #table = makeElement('div', '');
  #report: CurveReport | undefined;

  constructor() {
    // The table below has all of it.
    this.#svg.ariaHidden = 'true';
    this.#legend.role = 'list';
    this.root = makeElement('div', 'curve', this.#svg, this.#legend, this.#table);
    new ResizeObserver(() => this.#draw()).observe(this.root);
  }

  show(report: CurveReport): void {
    this.#report = report;
    const { curve, cascade } = report;
    this.#legend.replaceChildren(
      ...LINES.map(({ name, title }) => makeLegendItem(name, title)),
      ...(cascade ? [makeLegendItem('cascade', `in tiers: ${cascade.tiers}`)] : []),
    );
    const rows = curve.map(({ depth, pairs, reranked, model }) => [
      String(depth),
      formatPairs(pairs),
      reranked.toFixed(4),
      model.toFixed(4),
    ]);
    const columns = ['Results read', 'pairs a query', 'reranked', 'model alone'];
    this.#table.replaceChildren(
      makeScrollTable({ columns, rows }, 'nDCG@10 by pairs'),
      ...(cascade
        ? [
            makeElement(
              'p',
              'hint',
              `In tiers (${cascade.tiers}): ${formatPairs(cascade.pairs)} pairs a query, ` +
                `nDCG@10 ${cascade.ndcg.toFixed(4)}, ${formatMs(cascade.p50Ms)} a query (p50) over ${cascade.queries} queries. ` +
                'A pair of the second model takes about twice as long as one of the first.',
            ),
          ]
        : []),
    );
    this.#draw();
  }

  #draw(): void {
    const width = this.root.clientWidth;
    if (!this.#report || width === 0) return;
    this.#svg.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`);
    this.#svg.setAttribute('width', String(width));
    this.#svg.setAttribute('height', String(HEIGHT));
    this.#svg.replaceChildren(...drawCurve(this.#report, width));
  }
}

function drawCurve({ curve, cascade }: CurveReport, width: number): SVGElement[] {
  const values = [
    ...curve.flatMap(({ model, reranked }) => [model, reranked]),
    ...(cascade ? [cascade.ndcg] : []),
  ];
  const low = Math.max(0, Math.floor(Math.min(...values) / STEP) * STEP);
  const high = Math.max(low + STEP, Math.ceil(Math.max(...values) / STEP) * STEP);
  const mostPairs = Math.max(1, cascade?.pairs ?? 0, ...curve.map(({ pairs }) => pairs));
  const x = (pairs: number): number =>
    MARGIN.left + (pairs / mostPairs) * (width - MARGIN.left - MARGIN.right);
  const y = (ndcg: number): number =>
    MARGIN.top + ((high - ndcg) / (high - low)) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const lines = LINES.flatMap(({ name }) => [
    makeSvg('polyline', {
      class: `line ${name}`,
      points: curve.map((point) => `${x(point.pairs)},${y(point[name])}`).join(' '),
    }),
    ...curve.map((point) => makeMark(name, x(point.pairs), y(point[name]))),
  ]);
  return [
    ...drawLevels(low, high, y, width),
    ...drawDepths(curve, x),
    makeText('pairs a query', width - MARGIN.right, HEIGHT - 4, 'end'),
    ...lines,
    ...(cascade ? [makeMark('cascade', x(cascade.pairs), y(cascade.ndcg))] : []),
  ];
}

function drawLevels(
  low: number,
  high: number,
  y: (ndcg: number) => number,
  width: number,
): SVGElement[] {
  const steps = Math.round((high - low) / STEP);
  const every = Math.ceil(steps / 5);
  const levels = Array.from({ length: Math.floor(steps / every) + 1 }, (_, index) => {
    return low + index * every * STEP;
  });
  return levels.flatMap((level) => [
    makeSvg('line', {
      class: 'level',
      x1: MARGIN.left,
      x2: width - MARGIN.right,
      y1: y(level),
      y2: y(level),
    }),
    makeText(level.toFixed(2), MARGIN.left - 8, y(level) + 4, 'end'),
  ]);
}

function drawDepths(curve: readonly CurvePoint[], x: (pairs: number) => number): SVGElement[] {
  let last = Number.NEGATIVE_INFINITY;
  return curve.flatMap(({ pairs }) => {
    if (x(pairs) - last < LEAST_GAP) return [];
    last = x(pairs);
    return makeText(formatPairs(pairs), last, HEIGHT - MARGIN.bottom + 16, 'middle');
  });
}

type LineName = (typeof LINES)[number]['name'] | 'cascade';

/** Each line has a shape of its own: nothing is told by colour alone. */
function makeMark(name: LineName, x: number, y: number): SVGElement {
  const shapes = {
    reranked: `M${x - 4} ${y}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z`,
    model: `M${x - 3.5} ${y - 3.5}h7v7h-7z`,
    cascade: `M${x} ${y - 7}l7 7l-7 7l-7 -7z`,
  };
  return makeSvg('path', { class: `mark ${name}`, d: shapes[name] });
}

function makeLegendItem(name: LineName, title: string): HTMLLIElement {
  const sample = document.createElementNS(SVG, 'svg');
  sample.ariaHidden = 'true';
  sample.setAttribute('width', '28');
  sample.setAttribute('height', '16');
  if (name !== 'cascade') {
    sample.append(makeSvg('line', { class: `line ${name}`, x1: 0, x2: 28, y1: 8, y2: 8 }));
  }
  sample.append(makeMark(name, 14, 8));
  return makeElement('li', '', sample, ` ${title}`);
}

function makeText(text: string, x: number, y: number, anchor: string): SVGElement {
  const element = makeSvg('text', { x, y, 'text-anchor': anchor });
  element.textContent = text;
  return element;
}

function makeSvg(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/** Whole where it is; else with one decimal, as a mean over queries may be. */
function formatPairs(pairs: number): string {
  return Number.isInteger(pairs) ? String(pairs) : pairs.toFixed(1);
}
