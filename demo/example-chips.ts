import { makeElement } from './find-element.ts';
import queries from './queries.json';

/** Queries that show the difference well, by their labels in queries.json. */
export const BETTER = [
  'Slow queries',
  'Undo a delete',
  'Stop after ten seconds',
  'Longest statements',
  'Too many clients',
] as const;

/** Queries that the search's own order answers better than the default model's. */
export const WORSE = ['Job queue', 'New row’s id', 'Add days to a date'] as const;

/** Fills a row of example queries; a chosen one is passed to `onChoose`. */
export function addExampleChips(
  row: Element,
  labels: readonly string[],
  onChoose: (query: string) => void,
): void {
  for (const label of labels) {
    const query = findExample(label);
    const chip = makeElement('button', 'chip', query);
    chip.type = 'button';
    chip.addEventListener('click', () => onChoose(query));
    row.append(chip);
  }
}

/** The example query with a label of queries.json. */
export function findExample(label: string): string {
  const query = queries.find((example) => example.label === label)?.query;
  if (query === undefined) throw new Error(`queries.json has no query labelled "${label}".`);
  return query;
}
