import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as afterReranking from '../../src/results/index.ts';
import { rank } from './ranked.ts';

const page = readFileSync(new URL('../../docs/after-reranking.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/^```js\n([^]*?)^```$/gm)].map(([, code = '']) => code);

/** The page's code from top to bottom, as one module would run it. */
const code = blocks
  .join('\n')
  .replace(/^import (\{.*\}) from 'rerank-results';$/m, 'const $1 = afterReranking;');

const documents = [
  {
    title: 'Disk full',
    text: 'No data is lost when the disk is full.',
    url: '/disk#full',
    version: '15',
  },
  {
    title: 'Disk FULL',
    text: 'No data is lost when the disk is full!',
    url: '/14/disk#full',
    version: '14',
  },
  {
    title: 'Recovering space',
    text: 'VACUUM marks space for reuse.',
    url: '/disk#space',
    version: '15',
  },
  { title: 'Locks', text: 'A lock ends with its transaction.', url: '/locks', version: '15' },
];

it('the code of docs/after-reranking.md does what the page says', async () => {
  const given = {
    afterReranking,
    documents,
    query: 'disk full',
    reranker: {
      rerank: (request: { documents: typeof documents }) =>
        Promise.resolve({ results: rank(...request.documents) }),
    },
    tokenizer: { encode: (text: string) => text.split(/\s+/) },
    list: [] as string[],
    pages: [] as object[],
  };
  const body = `return (async () => { ${code}; return { prompt, withTitles, sure, byVersion }; })();`;
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the page's code is what is tested
  const run = new Function(...Object.keys(given), body) as (...values: unknown[]) => Promise<{
    prompt: string;
    withTitles: afterReranking.SelectedContext<unknown>;
    sure: afterReranking.SelectedContext<unknown>;
    byVersion: afterReranking.ResultGroup<unknown>[];
  }>;
  const { prompt, withTitles, sure, byVersion } = await run(...Object.values(given));
  expect(blocks).toHaveLength(7);
  // Three texts are left, the second best at the end.
  expect(prompt.match(/Source: \S+/g)).toEqual([
    'Source: /disk#full',
    'Source: /locks',
    'Source: /disk#space',
  ]);
  expect(withTitles.items[3]?.text).toBe('Locks\nA lock ends with its transaction.');
  // The scores are the sigmoids of 3, 2, 1 and 0.
  expect(sure.items).toHaveLength(4);
  expect(given.list).toEqual(['Disk full (+1)', 'Recovering space', 'Locks']);
  expect(given.pages).toMatchObject([
    { page: '/disk', more: 0, sections: { length: 2 } },
    { page: '/14/disk' },
    { page: '/locks' },
  ]);
  expect(byVersion.map(({ key }) => key)).toEqual(['15', '14']);
});
