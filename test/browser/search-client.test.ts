import docsearch from '@docsearch/js/docsearch';
import instantsearch from 'instantsearch.js';
import { configure, hits } from 'instantsearch.js/es/widgets';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { createReranker } from 'rerank-results';
import { withReranking } from 'rerank-results/search-client';
import { found, query, rerankedOrder, searchOrder } from './element/stage.ts';

const reranker = await createReranker({
  model: 'tiny-split',
  modelBaseUrl: '/test/models/',
  device: 'wasm',
});
afterAll(() => reranker.dispose());
afterEach(() => {
  document.body.replaceChildren();
});

const patiently = { timeout: 30_000, interval: 10 };
const options = {
  reranker,
  fields: ['content'],
  blend: { prior: 'rank', weight: 0 },
  budgetMs: 30_000,
  timeoutMs: 30_000,
} as const;

interface AskedQuery {
  readonly indexName: string;
  readonly query?: string;
  readonly hitsPerPage?: number;
  readonly page?: number;
  readonly params?: Omit<AskedQuery, 'indexName'>;
}

/** A search client that answers with DocSearch's records, in the order of `found`. */
function createClient(asked: AskedQuery[]) {
  const answer = (request: AskedQuery) => {
    asked.push(request);
    const { query: text = '', hitsPerPage = 20, page = 0 } = { ...request, ...request.params };
    const records = found.map(({ title, url, text: content }) => {
      const marked = { value: title.replace(/(\w+)/, '<mark>$1</mark>'), matchLevel: 'full' };
      const hierarchy = { lvl0: 'Manual', lvl1: title, lvl2: null, lvl3: null };
      const highlight = { hierarchy: { lvl0: marked, lvl1: marked }, content: { value: content } };
      return {
        objectID: url,
        type: 'lvl1',
        hierarchy,
        content,
        url,
        _highlightResult: highlight,
        _snippetResult: highlight,
      };
    });
    return {
      ...{ index: request.indexName, query: text, params: '', processingTimeMS: 1 },
      ...{ page, hitsPerPage, nbPages: Math.ceil(records.length / hitsPerPage) },
      nbHits: records.length,
      exhaustiveNbHits: true,
      hits: records.slice(page * hitsPerPage, (page + 1) * hitsPerPage),
    };
  };
  return {
    addAlgoliaAgent: () => undefined,
    transporter: {},
    search: (input: readonly AskedQuery[] | { readonly requests: readonly AskedQuery[] }) =>
      Promise.resolve({ results: ('requests' in input ? input.requests : input).map(answer) }),
  };
}

test('DocSearch shows the reranked order, with its own highlighting', async () => {
  const asked: AskedQuery[] = [];
  const container = document.createElement('div');
  document.body.append(container);
  docsearch({
    container,
    ...{ appId: 'X', apiKey: 'X', indices: ['docs'] },
    initialQuery: query,
    disableUserPersonalization: true,
    transformSearchClient: () => withReranking(createClient(asked) as never, options),
  });
  await vi.waitFor(() => {
    const button = container.querySelector('button');
    if (!button) throw new Error('No button yet.');
    button.click();
  }, patiently);
  const readTitles = () =>
    [...document.querySelectorAll('.DocSearch-Hit-title')].map((title) => title.textContent);
  await vi.waitFor(() => {
    expect(readTitles()).toEqual(rerankedOrder);
  }, patiently);
  expect(document.querySelector('.DocSearch-Hit-title mark')).not.toBeNull();
  expect(asked.find((request) => request.query === query)).toMatchObject({
    indexName: 'docs',
    hitsPerPage: 40,
  });
});

test('InstantSearch’s widgets show the engine’s order until the model is there', async () => {
  const container = document.createElement('div');
  document.body.append(container);
  let open: (ready: typeof reranker) => void = () => undefined;
  const opening = new Promise<typeof reranker>((resolve) => (open = resolve));
  const searchClient = withReranking(createClient([]), { ...options, reranker: opening });
  const search = instantsearch({ indexName: 'docs', searchClient: searchClient as never });
  search.addWidgets([
    configure({ query, hitsPerPage: 2 }),
    hits({
      container,
      // A text: the package's `html` is of another copy of Preact here than its widgets.
      templates: { item: ({ hierarchy }) => (hierarchy as { lvl1: string }).lvl1 },
    }),
  ]);
  search.start();
  const readTitles = () => [...container.querySelectorAll('li')].map((title) => title.textContent);
  await vi.waitFor(() => {
    expect(readTitles()).toEqual(searchOrder.slice(0, 2));
  }, patiently);
  open(reranker);
  await opening;
  search.refresh();
  await vi.waitFor(() => {
    expect(readTitles()).toEqual(rerankedOrder.slice(0, 2));
  }, patiently);
  search.dispose();
});
