import { makeElement } from './find-element.ts';
import queries from './queries.json';

/** Queries that show the difference well, by their labels in queries.json. */
const BETTER = [
  'Slow queries',
  'Undo a delete',
  'Stop after ten seconds',
  'Longest statements',
  'Too many clients',
];

/** Queries that the search's own order answers better than the default model's. */
const WORSE = ['Job queue', 'New row’s id', 'Add days to a date'];

/** Fills both rows of example queries; a chosen one is passed to `onChoose`. */
export function showExampleChips(
  better: Element,
  worse: Element,
  onChoose: (query: string) => void,
): void {
  for (const [row, labels] of [
    [better, BETTER],
    [worse, WORSE],
  ] as const) {
    for (const label of labels) {
      const query = queries.find((example) => example.label === label)?.query;
      if (query === undefined) throw new Error(`queries.json has no query labelled "${label}".`);
      const chip = makeElement('button', 'chip', query);
      chip.type = 'button';
      chip.addEventListener('click', () => onChoose(query));
      row.append(chip);
    }
  }
}
