import { makeElement } from './find-element.ts';

/** A table of texts. The first cell of a row says what the others are about. */
export interface TextTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Makes a table with heads for columns and rows. */
export function makeTable({ columns, rows }: TextTable): HTMLTableElement {
  const heads = columns.map((column) => makeHead('col', column));
  return makeElement(
    'table',
    'numbers',
    makeElement('thead', '', makeElement('tr', '', ...heads)),
    makeElement(
      'tbody',
      '',
      ...rows.map(([head = '', ...cells]) =>
        makeElement(
          'tr',
          '',
          makeHead('row', head),
          ...cells.map((cell) => makeElement('td', '', cell)),
        ),
      ),
    ),
  );
}

/** Makes a table that scrolls by itself where it is wider than its place, also by keyboard. */
export function makeScrollTable(table: TextTable, label: string): HTMLElement {
  const frame = makeElement('div', 'scroll', makeTable(table));
  frame.tabIndex = 0;
  frame.role = 'region';
  frame.ariaLabel = label;
  return frame;
}

function makeHead(scope: 'col' | 'row', text: string): HTMLTableCellElement {
  const head = makeElement('th', '', text);
  head.scope = scope;
  return head;
}
