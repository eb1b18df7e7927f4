import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
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

/** The titles in a test file, as they stand in its source; of a table whose rows are titles as a whole, those. */
function readTitles(file: string): string[] {
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isTest(node.expression)) {
      const [title] = node.arguments;
      if (title && ts.isStringLiteralLike(title)) {
        titles.push(title.text, ...(title.text === '%s' ? readRows(node.expression) : []));
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest));
  return titles.map(withoutTicks);
}

/** `test`, `it`, and what they give: `test.skipIf(…)`, `it.for(…)`. */
function isTest(node: ts.Node): boolean {
  if (ts.isIdentifier(node)) return node.text === 'test' || node.text === 'it';
  return (
    (ts.isCallExpression(node) || ts.isPropertyAccessExpression(node)) && isTest(node.expression)
  );
}

/** What each row of a `test.for([[…], …])` begins with. */
function readRows(node: ts.Node): string[] {
  if (!ts.isCallExpression(node)) return [];
  const [table] = node.arguments;
  if (!table || !ts.isArrayLiteralExpression(table)) return [];
  return table.elements.flatMap((row) => {
    const first = ts.isArrayLiteralExpression(row) ? row.elements[0] : row;
    return first && ts.isStringLiteralLike(first) ? [first.text] : [];
  });
}

/** Titles may have code in them, and a row is code as a whole. */
function withoutTicks(text: string): string {
  return text.replaceAll('`', '').trim();
}

test('the privacy page names every place in the browser where something is stored, and no other', () => {
  const rows = readFileSync('docs/privacy.md', 'utf8')
    .split('\n')
    .filter((line) => /^\| *(Cache API|`\w+Storage`)/.test(line));
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((file) => /^(element|client|worker|shared|sources|integrations)\b.*\.ts$/.test(file))
    .map((file) => readFileSync(join('src', file), 'utf8'))
    .filter((source) =>
      /localStorage|sessionStorage|caches\.open|indexedDB|stored-text/.test(source),
    );
  const stored = listNames(sources, /(?<=')rerank-results-[\w-]+/g);
  expect(stored.length).toBeGreaterThanOrEqual(4);
  expect(listNames(rows, /(?<=`)rerank-results-[\w-]+/g)).toEqual(stored);
});

function listNames(texts: readonly string[], name: RegExp): string[] {
  return [...new Set(texts.flatMap((text) => text.match(name) ?? []))].sort();
}
