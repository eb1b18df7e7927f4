import { afterEach, expect, test, vi } from 'vitest';
import {
  addElement,
  addListElement,
  createElement,
  expectItems,
  expectTitles,
  found,
  nextEvent,
  query,
  readTitles,
  rerankedOrder,
  searchOrder,
  settle,
  tinyModel,
} from './stage.ts';

afterEach(() => {
  document.body.replaceChildren();
});

test('an endpoint that answers with JSON is searched and its results are reranked', async () => {
  const element = addElement({ endpoint: '/test/fixtures/search.json?q={query}', query });
  await expectTitles(element, rerankedOrder);
});

test('all settings work as attributes in HTML', async () => {
  document.body.innerHTML = `
    <rerank-results
      endpoint="/test/fixtures/search.json?q={query}" query="${query}" model="tiny-split"
      model-base="/test/models/" device="wasm" fields="text" top-n="2"
    ></rerank-results>`;
  const element = document.querySelector('rerank-results');
  if (!element) throw new Error('No element.');
  await expectTitles(element, rerankedOrder.slice(0, 2));
});

test('the endpoint gets the query as it was typed, whatever its characters, and the limit', async () => {
  const urls: string[] = [];
  const fetch = window.fetch.bind(window);
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    urls.push(url);
    return fetch('/test/fixtures/search.json', init);
  });
  try {
    const endpoint = '/api?q={query}&n={candidates}';
    const element = addElement({ endpoint, candidates: 7, query: 'a&b=c#d $& {candidates} é' });
    await nextEvent(element, 'rerank-complete');
    const [url] = urls.map((text) => new URL(text));
    expect(url?.searchParams.get('q')).toBe('a&b=c#d $& {candidates} é');
    expect(url?.searchParams.get('n')).toBe('7');
    expect(urls).toHaveLength(1);
  } finally {
    vi.unstubAllGlobals();
  }
});

test.each(['results', 'hits', 'items', 'documents', 'data'])(
  'an endpoint may name its list "%s"',
  async (name) => {
    const body = new Blob([JSON.stringify({ took: 3, [name]: found })]);
    const element = addElement({ endpoint: URL.createObjectURL(body), query });
    await expectTitles(element, rerankedOrder);
  },
);

test('a search function may return a list or the promise of one', async () => {
  const element = addElement({ search: () => found, query });
  await expectTitles(element, rerankedOrder);
  const other = addElement({ search: () => Promise.resolve(found), query });
  await expectTitles(other, rerankedOrder);
});

test('a search function may return plain texts', async () => {
  const element = addElement({ search: () => found.map(({ text }) => text), query });
  const { detail } = await nextEvent(element, 'rerank-complete');
  expect(detail.results.map(({ originalRank }) => originalRank)).toEqual([3, 2, 1]);
});

test('a search function is used instead of an endpoint', async () => {
  const element = addElement({ endpoint: '/nowhere', search: () => found, query });
  await expectTitles(element, rerankedOrder);
});

test('results may use other common names for title, text and url', async () => {
  const hits = found.map(({ title, text, url }) => ({ name: title, body: text, permalink: url }));
  const element = addElement({ search: () => hits, query });
  await expectTitles(element, rerankedOrder);
  expect(element.renderRoot.querySelector('a')?.getAttribute('href')).toBe('#log');
});

test("the site's list is the source where an element has one, also beside a search", async () => {
  const search = vi.fn(() => []);
  const { element, list } = addListElement({ query, search });
  await expectItems(list, rerankedOrder);
  expect(search).not.toHaveBeenCalled();
  expect(readTitles(element)).toEqual([]);
});

test('without a query nothing is searched and nothing is shown', async () => {
  const search = vi.fn(() => found);
  const element = addElement({ search, query: '  ' });
  await settle();
  expect(search).not.toHaveBeenCalled();
  expect(readTitles(element)).toEqual([]);
  expect(element.runState.phase).toBe('idle');
});

test('a query that is cleared takes its results away', async () => {
  const element = addElement({ search: () => found, query });
  await expectTitles(element, rerankedOrder);
  element.query = '';
  await expectTitles(element, []);
});

test('`candidates` is the limit that the search gets, and its list is cut there', async () => {
  const search = vi.fn(() => found);
  const element = addElement({ search, candidates: 2, query });
  const { detail } = await nextEvent(element, 'rerank-complete');
  expect(search).toHaveBeenCalledWith(query, {
    limit: 2,
    signal: expect.any(AbortSignal) as AbortSignal,
  });
  expect(detail.results).toHaveLength(2);
  await expectTitles(element, ['Bread', 'Index']);
});

test('`top-n` limits what is shown, in either order, and not what is reranked', async () => {
  // A model of its own: one that remembers this run would answer before the search's order is seen.
  const element = addElement({ search: () => found, topN: 2, query, maxTokens: 77 });
  await nextEvent(element, 'rerank-candidates');
  await expectTitles(element, searchOrder.slice(0, 2));
  const { detail } = await nextEvent(element, 'rerank-complete');
  expect(detail.results).toHaveLength(3);
  await expectTitles(element, rerankedOrder.slice(0, 2));
});

test('`fields` names what the model reads, of the objects as the search gave them', async () => {
  const hits = found.map(({ title, url, text }) => ({
    title,
    url,
    text: 'the same',
    passage: text,
  }));
  const element = addElement({ search: () => hits, fields: 'passage', query });
  await expectTitles(element, rerankedOrder);

  element.fields = 'text';
  const { detail } = await nextEvent(element, 'rerank-complete');
  expect(new Set(detail.results.map((result) => result.scored && result.logit)).size).toBe(1);
  await expectTitles(element, searchOrder);
});

test('a new search function runs the present query again', async () => {
  const element = addElement({ search: () => found, query });
  await expectTitles(element, rerankedOrder);
  element.search = () => found.slice(0, 2);
  await expectTitles(element, ['Bread', 'Index']);
});

test('an attribute that is taken away leaves its default', async () => {
  const element = createElement({ search: () => found });
  const attributes = ['top-n', 'candidates', 'max-tokens', 'wasm-paths', 'worker', 'query'];
  for (const name of attributes) element.setAttribute(name, '2');
  for (const name of attributes) element.removeAttribute(name);
  document.body.append(element);
  element.query = query;
  await expectTitles(element, rerankedOrder);
  element.removeAttribute('query');
  element.setAttribute('query', 'x');
  element.removeAttribute('query');
  await expectTitles(element, []);
});

test('a number attribute without sense leaves its default', async () => {
  const element = createElement({ search: () => found, query });
  element.setAttribute('top-n', 'many');
  element.setAttribute('candidates', '0');
  document.body.append(element);
  await expectTitles(element, rerankedOrder);
});

test.each([
  { weight: '0', titles: rerankedOrder, says: 'the model alone decides' },
  { weight: '1', titles: searchOrder, says: 'the search alone decides' },
  { weight: 'all', titles: rerankedOrder, says: 'no number leaves the default' },
  { weight: '7', titles: rerankedOrder, says: 'a number above 1 leaves the default' },
])('with prior-weight="$weight" $says', async ({ weight, titles }) => {
  const element = createElement({ search: () => found, query });
  element.setAttribute('prior-weight', weight);
  document.body.append(element);
  await nextEvent(element, 'rerank-complete');
  await settle();
  expect(readTitles(element)).toEqual(titles);
});

test('with prior="score" the search\'s own scores count, where every result has one', async () => {
  const scored = found.map((one, index) => ({ ...one, score: index }));
  const byScore = [...searchOrder].reverse();
  const element = createElement({ search: () => scored, query, priorWeight: 1 });
  element.setAttribute('prior', 'score');
  document.body.append(element);
  await expectTitles(element, byScore);

  element.search = () => scored.map(({ score, ...one }) => (score === 0 ? one : { ...one, score }));
  await nextEvent(element, 'rerank-complete');
  await expectTitles(element, searchOrder);
});

test('a change of prior-weight ranks the results again', async () => {
  const element = addElement({ search: () => found, query, priorWeight: 1 });
  await nextEvent(element, 'rerank-complete');
  await expectTitles(element, searchOrder);
  element.priorWeight = 0;
  await expectTitles(element, rerankedOrder);
});

test('the default model puts the result that answers the query first', async () => {
  const { device } = tinyModel;
  const element = document.createElement('rerank-results');
  Object.assign(element, { device, search: () => found, query });
  document.body.append(element);
  const { detail } = await nextEvent(element, 'rerank-complete');
  expect(detail.model.id).toBe('minilm-l6-split');
  await expectTitles(element, ['Log', 'Index', 'Bread']);
});
