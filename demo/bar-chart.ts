import { makeElement } from './find-element.ts';

export interface Bar {
  readonly label: string;
  /** 0 or more; the bar's length. */
  readonly value: number;
  /** The value as it is read. */
  readonly text: string;
  /** Whether it is this package's. */
  readonly isOwn: boolean;
}

export interface BarGroup {
  readonly title: string;
  readonly bars: readonly Bar[];
}

export interface BarChart {
  readonly title: string;
  readonly subtitle: string;
  /** All on one scale. */
  readonly groups: readonly BarGroup[];
}

/**
 * A chart of horizontal bars. Each group is a table, whose numbers stand beside the bars: nothing is told by length or
 * colour alone.
 */
export function makeChart({ title, subtitle, groups }: BarChart): HTMLElement {
  const greatest = Math.max(0, ...groups.flatMap(({ bars }) => bars.map(({ value }) => value)));
  const tables = groups.map((group) => makeGroup(group, greatest));
  return makeElement(
    'section',
    'chart',
    makeElement('h2', '', title),
    makeElement('p', 'subtitle', groups.length === 0 ? 'Not measured yet.' : subtitle),
    ...tables,
  );
}

function makeGroup({ title, bars }: BarGroup, greatest: number): HTMLTableElement {
  const rows = bars.map(({ label, value, text, isOwn }) => {
    const head = makeElement('th', '', label);
    head.scope = 'row';
    const bar = makeElement('span', isOwn ? 'bar own' : 'bar');
    bar.style.setProperty('--share', String(greatest > 0 ? value / greatest : 0));
    // The number stands beside it.
    bar.ariaHidden = 'true';
    return makeElement(
      'tr',
      '',
      head,
      makeElement('td', 'number', text),
      makeElement('td', 'track', bar),
    );
  });
  const body = makeElement('tbody', '', ...rows);
  return makeElement('table', 'bars', makeElement('caption', '', title), body);
}
