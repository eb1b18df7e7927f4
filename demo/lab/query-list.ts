import { formatSigned } from 'rerank-results/evaluate';
import { makeElement } from '../find-element.ts';
import { formatOrdinal } from '../format-numbers.ts';
import { differenceOf, type MeasuredQuery } from './lab-report.ts';
import { MAIN_METRIC } from './measure-query.ts';

/** Results that each of a query's two lists shows. */
const TOP = 10;

/** The queries that were run, those that lost most first. Each opens to show its two orders. */
export class QueryList {
  readonly root = makeElement('ul', 'queries');
  readonly #differences: number[] = [];

  constructor() {
    this.root.role = 'list';
  }

  clear(): void {
    this.#differences.length = 0;
    this.root.replaceChildren();
  }

  /** Puts a query at its place. The others stay where the reader has opened them. */
  add(measured: MeasuredQuery): void {
    const difference = differenceOf(measured);
    const place = this.#differences.filter((other) => other <= difference).length;
    this.#differences.splice(place, 0, difference);
    this.root.insertBefore(makeItem(measured, difference), this.root.children[place] ?? null);
  }
}

function makeItem(measured: MeasuredQuery, difference: number): HTMLLIElement {
  const { firstStage = 0, reranked = 0 } = measured.metrics.get(MAIN_METRIC) ?? {};
  const kind = Math.abs(difference) < 1e-9 ? 'tie' : difference > 0 ? 'gain' : 'loss';
  const summary = makeElement(
    'summary',
    '',
    makeElement('span', `change ${kind}`, kind === 'tie' ? '0.0000' : formatSigned(difference)),
    ' ',
    makeElement('span', 'asked', measured.query.text),
    ' ',
    makeElement('span', 'from-to', `${firstStage.toFixed(4)} → ${reranked.toFixed(4)}`),
  );
  const details = makeElement('details', kind, summary);
  // Long lists of queries stay light: the orders are made when they are looked at.
  details.addEventListener('toggle', () => details.append(makeOrders(measured)), { once: true });
  return makeElement('li', '', details);
}

function makeOrders({ query, rankings }: MeasuredQuery): HTMLElement {
  const relevant = [...query.judgments.values()].filter((grade) => grade > 0).length;
  const titles = new Map(query.candidates.map(({ id, document }) => [id, document.title || id]));
  const before = new Map(rankings.firstStage.map((id, index) => [id, index + 1]));
  const makeList = (heading: string, ranking: readonly string[], showsMoves: boolean) =>
    makeElement(
      'section',
      '',
      makeElement('h3', '', heading),
      makeElement(
        'ol',
        '',
        ...ranking.slice(0, TOP).map((id, index) => {
          const item = makeElement('li', '', titles.get(id) ?? id);
          const grade = query.judgments.get(id);
          if (grade !== undefined) item.append(' ', makeJudgment(grade));
          const place = before.get(id) ?? index + 1;
          if (showsMoves && place !== index + 1) {
            item.append(' ', makeElement('span', 'place', `was ${formatOrdinal(place)}`));
          }
          return item;
        }),
      ),
    );
  return makeElement(
    'div',
    'orders',
    makeElement(
      'p',
      'hint',
      `${query.queryId}: ${relevant} relevant documents are judged, ` +
        `${rankings.firstStage.filter((id) => (query.judgments.get(id) ?? 0) > 0).length} of them were found.`,
    ),
    makeList('First stage', rankings.firstStage, false),
    makeList('Reranked', rankings.reranked, true),
  );
}

function makeJudgment(grade: number): HTMLElement {
  if (grade <= 0) return makeElement('span', 'judged', 'judged not relevant');
  return makeElement('span', 'judged relevant', grade === 1 ? 'relevant' : `relevant, ${grade}`);
}
