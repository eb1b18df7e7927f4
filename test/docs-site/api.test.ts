import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { listApiPages, type ApiPages } from '../../docs-site/api/api-pages.ts';
import { listElementPages } from '../../docs-site/element-pages.ts';

const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
};
const subpaths = Object.entries(exports).flatMap(([path, target]) =>
  typeof target === 'string' || path.includes('*') ? [] : [{ path, types: target.types }],
);

let api: ApiPages;
beforeAll(async () => {
  api = await listApiPages();
});

/** The Markdown of an entry point's page. */
function readPage(path: string): string {
  const specifier = `rerank-results${path.slice(1)}`;
  const page = api.pages.find(({ label }) => label === specifier);
  if (!page) throw new Error(`${specifier} has no page.`);
  return page.markdown;
}

describe('the API reference', () => {
  it.each(subpaths)(
    '$path: has each export by its name, described or linked',
    ({ path, types }) => {
      const markdown = readPage(path);
      for (const name of readExportedNames(types)) {
        const isThere = markdown.includes(`{#${name}}`) || markdown.includes(`[\`${name}\`](`);
        expect(isThere, name).toBe(true);
      }
    },
  );

  it('has of a function its signature, parameters and errors, and of an option its default', () => {
    const sources = readPage('./sources');
    const section = sources.slice(sources.indexOf('### searchStaticIndex {#'));
    expect(section.slice(0, 1500)).toContain('function searchStaticIndex(');
    expect(section.slice(0, 2500)).toContain('- `url`: Relative to the page.');
    const main = readPage('.');
    expect(main).toContain('**Throws** RerankError with one of these codes.');
    expect(main).toMatch(
      /#### model\? \{#RerankerOptions\.model\}\n\n`string`\n\n.*Default `minilm-l6-split`/,
    );
  });

  it('leads from what several entry points export to its one description', () => {
    const standalone = readPage('./standalone');
    expect(standalone).toContain('- [`createReranker`](rerank-results.md#createReranker)');
    expect(standalone).toContain('- [`searchStaticIndex`](sources.md#searchStaticIndex)');
    expect(standalone).not.toContain('{#');
  });

  it('has one place for each name, which is on a page', () => {
    const paths = new Set(api.pages.map(({ path }) => path));
    expect(api.places.get('createReranker')).toBe('api/rerank-results.html#createReranker');
    for (const [name, place] of api.places) {
      const [path = '', anchor] = place.split('#');
      expect(paths).toContain(path);
      expect(anchor).toBe(name);
    }
  });
});

describe('the element reference', () => {
  it('has a page for each element, with every attribute, event and part', () => {
    const pages = listElementPages();
    expect(pages.map(({ label }) => label)).toEqual([
      'The elements',
      '<rerank-results>',
      '<rerank-search>',
      '<rerank-log>',
    ]);
    const [, results, search] = pages;
    expect(results?.markdown).toContain('### budget-ms {#budgetMs}');
    expect(results?.markdown).toContain('### rerank-error {#rerank-error}');
    expect(results?.markdown).toContain('## Custom states\n\n- `idle`: ');
    expect(search?.markdown).toContain('### shortcut {#shortcut}');
    expect(search?.markdown).toContain('[`budget-ms`](rerank-results.md#budgetMs)');
  });
});

/** The names that a file of declarations exports, read from its text alone where it lists them. */
function readExportedNames(types: string): string[] {
  const file = ts.createSourceFile(types, readFileSync(types, 'utf8'), ts.ScriptTarget.Latest);
  return file.statements.flatMap((statement) => {
    if (ts.isExportDeclaration(statement) && statement.exportClause) {
      return ts.isNamedExports(statement.exportClause)
        ? statement.exportClause.elements.map(({ name }) => name.text)
        : [];
    }
    const isExported =
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (isExported !== true) return [];
    return ts.isFunctionDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement)
      ? [statement.name?.text ?? '']
      : [];
  });
}
