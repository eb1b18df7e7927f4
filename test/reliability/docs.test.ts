import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const rows = readFileSync('docs/reliability.md', 'utf8')
  .split('\n')
  .filter((line) => line.includes(' › '))
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));

describe('the fault table', () => {
  test('has a row for each kind of fault', () => {
    expect(rows.length).toBeGreaterThan(50);
  });

  test.each(rows.map((cells) => [cells[1] ?? '', cells] as const))(
    '%s: its tests are there',
    (_, cells) => {
      // Five cells, between the bars.
      expect(cells).toHaveLength(7);
      for (const reference of (cells[5] ?? '').split('<br>')) {
        const [file = '', title = ''] = withoutTicks(reference).split(' › ');
        expect(existsSync(file), file).toBe(true);
        expect(readTitles(file)).toContain(title.replaceAll('\\|', '|'));
      }
    },
  );
});

/** The titles in a test file, as they stand in its source. */
function readTitles(file: string): string[] {
  const source = readFileSync(file, 'utf8');
  return [...source.matchAll(/(['"`])((?:(?!\1)[^\\\n]|\\.)+)\1/g)].map(([, , title = '']) =>
    withoutTicks(title.replace(/\\(.)/g, '$1')),
  );
}

/** Titles may have code in them, and a row is code as a whole. */
function withoutTicks(text: string): string {
  return text.replaceAll('`', '').trim();
}

test('the privacy page names every place in the browser where something is stored', () => {
  const page = readFileSync('docs/privacy.md', 'utf8');
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((file) => /^(element|client|worker|shared|sources|integrations)\b.*\.ts$/.test(file))
    .map((file) => readFileSync(join('src', file), 'utf8'));
  const keys = sources.flatMap((source) =>
    /localStorage|sessionStorage|caches\.open|indexedDB/.test(source)
      ? [...source.matchAll(/'(rerank-results-[\w-]+:?)/g)].map(([, key = '']) => key)
      : [],
  );
  expect(keys.length).toBeGreaterThanOrEqual(4);
  expect(keys.filter((key) => !page.includes(key))).toEqual([]);
});
