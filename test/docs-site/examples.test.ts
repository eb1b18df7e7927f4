import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readElements } from '../../scripts/element-manifest.ts';
import { listExamples, readElementTags, readImportedNames } from './examples.ts';
import { findTypeErrors } from './type-errors.ts';

const examples = listExamples();

describe('the README and the guides', () => {
  it('have an example of each attribute', () => {
    const shown = new Set(
      examples
        .filter(({ language }) => language === 'html')
        .flatMap(({ code }) => readElementTags(code))
        .flatMap(({ attributes }) => attributes),
    );
    const attributes = readElements().flatMap(({ properties }) =>
      properties.flatMap(({ attribute = [] }) => attribute),
    );
    expect(attributes).toContain('budget-ms');
    expect(attributes.filter((name) => !shown.has(name))).toEqual([]);
  });

  it('have an example of each name that the package exports', () => {
    const imported = new Set(examples.flatMap(({ code }) => readImportedNames(code)));
    const missing = listExports().filter(({ name }) => !imported.has(name));
    expect(missing.map(({ path, name }) => `${path}: ${name}`)).toEqual([]);
  });
});

describe('the code of the README and the guides', () => {
  it('has no errors of types, but for what it leaves to its reader', () => {
    const blocks = examples.filter(({ language }) => language === 'js');
    const wrong = {
      ...{ place: 'an option that is not there', language: 'js' },
      code: "import { createReranker } from 'rerank-results'; createReranker({ modle: 'a' });",
    };
    expect(findTypeErrors([...blocks, wrong])).toEqual([
      expect.stringMatching(/^an option that is not there: .*'modle'/),
    ]);
  });
});

/** Of these, one is for workers alone, and the other has what the rest exports. */
const NOT_FOR_NODE = ['./worker', './standalone'];

/** The names that each subpath exports at run time, as Node sees them. */
function listExports(): { readonly path: string; readonly name: string }[] {
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    readonly exports: Readonly<Record<string, string | { readonly default?: string }>>;
  };
  const files = Object.entries(exports).flatMap(([path, target]) => {
    const file = typeof target === 'string' ? undefined : target.default;
    return file === undefined || path.includes('*') || NOT_FOR_NODE.includes(path)
      ? []
      : [[path, file]];
  });
  const code = `const found = [];
    for (const [path, file] of ${JSON.stringify(files)})
      for (const name of Object.keys(await import(file))) found.push({ path, name });
    console.log(JSON.stringify(found));`;
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', code]);
  return JSON.parse(output.toString()) as ReturnType<typeof listExports>;
}
