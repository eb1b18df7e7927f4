import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { root } from './pack-package.ts';

/** Runs in Node, which has no document: imports the built modules as a server that renders pages does. */
const script = `
const exported = {};
const names = ['index', 'element', 'search', 'locales/index', 'metrics', 'sources', 'rerank-results'];
for (const name of names) {
  const module = await import('./dist/' + name + '.js').catch((error) => ({ [error.message]: 1 }));
  exported[name] = Object.keys(module);
}
const registered = ['rerank-results', 'rerank-search'].filter((tag) => globalThis.customElements?.get(tag));
process.stdout.write(JSON.stringify({ exported, registered }));
`;

test('a server may import everything that a page imports, and no element is registered there', () => {
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: root,
    encoding: 'utf8',
  });
  const { exported, registered } = JSON.parse(output) as {
    exported: Record<string, string[]>;
    registered: string[];
  };
  expect(exported).toMatchObject({
    index: expect.arrayContaining(['createReranker']) as unknown,
    element: ['RerankResults', 'addMessages'],
    search: ['RerankSearch', 'addMessages'],
    'locales/index': [],
    metrics: expect.arrayContaining(['collectMetrics']) as unknown,
    sources: expect.arrayContaining(['searchEndpoint']) as unknown,
  });
  expect(registered).toEqual([]);
});
