import { afterEach, expect, test, vi } from 'vitest';
import {
  addElement,
  createElement,
  expectStatus,
  expectTitles,
  found,
  nextEvent,
  query,
  readStatus,
  readTitles,
  recordEvents,
  rerankedOrder,
  searchOrder,
} from './stage.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

/** A search API of the site that gives this answer. */
function stubApi(answer: () => Response | Promise<Response>): void {
  vi.stubGlobal('fetch', () => Promise.resolve(answer()));
}

const endpoint = '/api/search?q={query}';

test("the search's order is shown before the model is there, then the better one", async () => {
  const element = addElement({ search: () => found, query, maxTokens: 101 });
  await nextEvent(element, 'rerank-start');
  await element.updateComplete;
  expect(readTitles(element)).toEqual(searchOrder);
  await expectTitles(element, rerankedOrder);
});

test("a model that is not there leaves the search's order on the page", async () => {
  const element = addElement({ search: () => found, query, modelBase: '/nowhere/' });
  const events = recordEvents(element);
  const { detail } = await nextEvent(element, 'rerank-error');
  expect(detail).toMatchObject({ query, during: 'rerank', error: { code: 'model-load' } });
  expect(detail.error.message).toContain('/nowhere/tiny-split/');
  await expectStatus(element, /^3 results, in the search’s order/);
  expect(readTitles(element)).toEqual(searchOrder);
  expect(events).toEqual(['rerank-candidates', 'rerank-start', 'rerank-error']);
});

test('after a model could not be loaded, another one is', async () => {
  const element = addElement({ search: () => found, query, modelBase: '/nowhere/' });
  await nextEvent(element, 'rerank-error');
  element.modelBase = '/test/models/';
  await expectTitles(element, rerankedOrder);
});

test('a setting that is wrong is named by the error', async () => {
  const element = addElement({ search: () => found, query, maxTokens: 3 });
  const { detail } = await nextEvent(element, 'rerank-error');
  expect(detail.error).toMatchObject({ code: 'invalid-input', details: { argument: 'maxTokens' } });
  expect(readTitles(element)).toEqual(searchOrder);
});

test.each([undefined, null])(
  'settings that a template sets to %s stand at their defaults',
  async (nothing) => {
    const settings = ['query', 'endpoint', 'tiers', 'fields', 'candidates', 'topN', 'prior'];
    const element = addElement({ search: () => found, query });
    await expectTitles(element, rerankedOrder);
    Object.assign(element, Object.fromEntries(settings.map((name) => [name, nothing])));
    await expectTitles(element, []);
    expect(element).toMatchObject({ query: '', tiers: '', fields: 'title,text', topN: 10 });
    Object.assign(element, { query, fields: 'text' });
    await expectTitles(element, rerankedOrder);
  },
);

test.each([
  ['rejects', () => Promise.reject(new Error('no index'))],
  [
    'throws',
    () => {
      throw new Error('no index');
    },
  ],
])('a search function that %s is told as a failed search', async (_, search) => {
  const element = addElement({ search, query });
  const { detail } = await nextEvent(element, 'rerank-error');
  expect(detail).toMatchObject({ query, during: 'search', error: { code: 'source-failed' } });
  expect(detail.error.message).toContain('no index');
  expect(detail.error.cause).toBeInstanceOf(Error);
  await expectStatus(element, 'The search did not work. Try again');
});

test.each([
  ['nothing', undefined],
  ['an object', { results: found }],
  ['a text', 'results'],
])(
  'a search function that returns %s is told as a failed search that must return a list',
  async (_, value) => {
    const element = addElement({ search: (() => value) as never, query });
    const { detail } = await nextEvent(element, 'rerank-error');
    expect(detail).toMatchObject({ during: 'search', error: { code: 'source-failed' } });
    expect(detail.error.message).toContain('must return a list');
  },
);

test.each([
  ['the status 500', () => new Response('{"results":[]}', { status: 500 }), 'HTTP status 500'],
  ['the status 404', () => new Response('', { status: 404 }), 'HTTP status 404'],
  [
    'a page in HTML',
    () => new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } }),
    'did not answer with JSON',
  ],
  ['JSON without a list', () => Response.json({ results: 'none' }), 'without a list'],
  ['the JSON null', () => Response.json(null), 'without a list'],
  ['no connection', () => Promise.reject(new TypeError('Failed to fetch')), 'not be reached'],
])('an endpoint that answers with %s is told as a failed search', async (_, answer, words) => {
  stubApi(answer);
  const element = addElement({ endpoint, query });
  const { detail } = await nextEvent(element, 'rerank-error');
  expect(detail).toMatchObject({ query, during: 'search', error: { code: 'source-failed' } });
  expect(detail.error.message).toContain(words);
  expect(detail.error.details.url).toBe(
    new URL(endpoint.replace('{query}', encodeURIComponent(query)), location.href).href,
  );
  await expectStatus(element, 'The search did not work. Try again');
});

test('a real file that is not there is told as a failed search', async () => {
  const element = addElement({ endpoint: '/test/fixtures/search.txt.gz?q={query}', query });
  const { detail } = await nextEvent(element, 'rerank-error');
  expect(detail).toMatchObject({ during: 'search', error: { code: 'source-failed' } });
});

test('after a search that failed, the next query works', async () => {
  let fails = true;
  const search = () => (fails ? Promise.reject(new Error('no index')) : Promise.resolve(found));
  const element = addElement({ search, query: 'first' });
  await nextEvent(element, 'rerank-error');
  fails = false;
  element.query = query;
  await expectTitles(element, rerankedOrder);
});

test('after a search that failed, `refresh` runs the same query again', async () => {
  let fails = true;
  const search = () => (fails ? Promise.reject(new Error('no index')) : Promise.resolve(found));
  const element = addElement({ search, query });
  await nextEvent(element, 'rerank-error');
  fails = false;
  await element.refresh();
  expect(element.runState.phase).toBe('reranked');
  await expectTitles(element, rerankedOrder);
});

test('a search that failed takes the results of the former query away', async () => {
  const search = (words: string) =>
    words === query ? found : Promise.reject(new Error('no index'));
  const element = addElement({ search, query });
  await expectTitles(element, rerankedOrder);
  element.query = 'other words';
  await expectTitles(element, []);
  expect(readStatus(element)).toBe('The search did not work. Try again');
});

test('results without anything to show are a failed search, and no model is loaded for them', async () => {
  const search = () => [{ page: { title: 'Deep' } }, { page: { title: 'Deeper' } }];
  const element = createElement({ search, query });
  const events = recordEvents(element);
  const failed = nextEvent(element, 'rerank-error');
  document.body.append(element);
  const { detail } = await failed;
  expect(detail).toMatchObject({ during: 'search', error: { code: 'source-failed' } });
  expect(detail.error.message).toContain('title, name, heading');
  expect(events).not.toContain('rerank-start');
});
