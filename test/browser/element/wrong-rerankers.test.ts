import { afterEach, expect, test } from 'vitest';
import type { RerankResults } from 'rerank-results/element';
import {
  addElement,
  addListElement,
  expectItems,
  expectStatus,
  expectTitles,
  found,
  nextEvent,
  query,
  readItems,
  readTitles,
  recordEvents,
  rerankedOrder,
  searchOrder,
  settle,
} from './stage.ts';
import { addSearched, createGatedReranker } from './search-stage.ts';

// A site may set any object as `reranker`. Whatever it answers, each candidate stands on the page once.

afterEach(() => {
  document.body.replaceChildren();
});

type SitesReranker = RerankResults['reranker'];

function answering(answer: unknown): SitesReranker {
  return { rerank: () => Promise.resolve(answer) } as never;
}

/** A complete outcome with these results. */
function complete(results: unknown): unknown {
  return { complete: true, results, usage: {}, timing: {}, model: {} };
}

function scored(index: unknown, more: object = {}): object {
  return { index, rank: 1, originalRank: 1, scored: true, relevanceScore: 0.5, ...more };
}

const wrongAnswers: readonly (readonly [string, unknown])[] = [
  ['nothing', undefined],
  ['null', null],
  ['a text', 'Log, Bread, Index'],
  ['an outcome without results', complete(undefined)],
  ['results that are no list', complete({ 0: scored(0), length: 1 })],
  ['a result that is null', complete([null, scored(0), scored(1)])],
  ['an index beyond the last', complete([scored(3), scored(1), scored(0)])],
  ['an index below the first', complete([scored(-1), scored(1), scored(0)])],
  ['an index that is no whole number', complete([scored(0.5), scored(1), scored(0)])],
  ['an index that is a text', complete([scored('0'), scored(1), scored(2)])],
  ['results without an index', complete([{ scored: false }, {}, {}])],
  ['a document twice', complete([scored(2), scored(2), scored(0)])],
  ['more results than documents', complete([0, 1, 2, 0].map((index) => scored(index)))],
  ['a score that is not there', complete([scored(2, { relevanceScore: undefined })])],
  ['a score that is no number', complete([scored(2, { relevanceScore: Number.NaN })])],
  ['a passage without a text', complete([scored(2, { passage: { start: 0, end: 5 } })])],
];

test.each(wrongAnswers)(
  'a reranker that answers with %s leaves the search’s order and is told as an error',
  async (_, answer) => {
    const element = addElement({ search: () => found, showScores: true });
    const events = recordEvents(element);
    element.reranker = answering(answer);
    element.query = query;
    const { detail } = await nextEvent(element, 'rerank-error');
    expect(detail).toMatchObject({ query, during: 'rerank', error: { code: 'service-failed' } });
    await expectStatus(element, /^3 results, in the search’s order/);
    expect(readTitles(element)).toEqual(searchOrder);
    expect(events).toEqual(['rerank-candidates', 'rerank-start', 'rerank-error']);
  },
);

test('an answer that cannot be used moves nothing in the site’s own list, and the next one does', async () => {
  const { element, list, items } = addListElement({ query });
  element.reranker = answering(complete([scored(2), scored(2), scored(9)]));
  await nextEvent(element, 'rerank-error');
  await element.updateComplete;
  expect(readItems(list)).toEqual(searchOrder);
  expect(new Set(list.children)).toEqual(new Set(items));
  element.reranker = undefined;
  await expectItems(list, rerankedOrder);
});

test.each([
  ['leaves one out', [scored(2), scored(0)], ['Log', 'Index', 'Bread']],
  ['gives the best one only', [scored(1)], ['Bread', 'Index', 'Log']],
  ['gives none', [], searchOrder],
])(
  'a reranker that %s loses none: those left out follow in the search’s order',
  async (_, results, order) => {
    const settings = { query, reranker: answering(complete(results)) };
    const element = addElement({ ...settings, search: () => found });
    await nextEvent(element, 'rerank-complete');
    await expectTitles(element, order);
    const { list } = addListElement(settings);
    await expectItems(list, order);
    const { query: text, ...others } = settings;
    await addSearched(text, order, others);
  },
);

test.each([
  ['rejects', () => Promise.reject(new Error('It broke.'))],
  [
    'throws at once',
    () => {
      throw new Error('It broke.');
    },
  ],
])('a reranker that %s leaves the search’s order and is told as an error', async (_, rerank) => {
  const element = addElement({ search: () => found, query, reranker: { rerank } as never });
  const { detail } = await nextEvent(element, 'rerank-error');
  expect(detail).toMatchObject({ during: 'rerank', error: { message: 'It broke.' } });
  await expectStatus(element, /^3 results, in the search’s order/);
  expect(readTitles(element)).toEqual(searchOrder);
});

test.each([
  ['an empty object', {}, 'object'],
  ['a text', 'minilm', 'string'],
  ['a promise that nobody awaited', Promise.resolve({}), 'a promise; await it'],
])('%s as `reranker` is told as a wrong setting, and loads no model', async (_, value, words) => {
  const element = addElement({ search: () => found, query, reranker: value as never });
  const events = recordEvents(element);
  const { detail } = await nextEvent(element, 'rerank-error');
  expect(detail.error).toMatchObject({ code: 'invalid-input', details: { argument: 'reranker' } });
  expect(detail.error.message).toContain(words);
  await expectTitles(element, searchOrder);
  expect(events).not.toContain('rerank-progress');
});

test('a reranker that never answers leaves the search’s order, and another one goes on', async () => {
  const reranker = { rerank: () => new Promise(() => undefined) } as never;
  const element = addElement({ search: () => found, query, reranker });
  await expectStatus(element, '3 results. Finding the best …');
  expect(readTitles(element)).toEqual(searchOrder);
  element.reranker = undefined;
  await expectTitles(element, rerankedOrder);
});

test('an answer that comes after a newer query’s is dropped', async () => {
  const { reranker, open } = await createGatedReranker();
  const element = addElement({ search: () => found, query: 'an older query', reranker });
  await nextEvent(element, 'rerank-start');
  const events = recordEvents(element);
  element.reranker = answering(complete([scored(1), scored(0), scored(2)]));
  element.query = query;
  await expectTitles(element, ['Bread', 'Index', 'Log']);
  open();
  await settle();
  expect(readTitles(element)).toEqual(['Bread', 'Index', 'Log']);
  expect(events.filter((name) => name === 'rerank-complete')).toHaveLength(1);
});

test('a reranker that tells partial orders after its answer is not heard any more', async () => {
  const sound = complete([scored(1), scored(0), scored(2)]);
  const reranker = {
    rerank: ({ onPartial }: { readonly onPartial: (partial: unknown) => void }) => {
      const tell = (): void => onPartial({ results: [scored(2)], scoredCount: 1, totalCount: 3 });
      tell();
      setTimeout(tell, 50);
      return Promise.resolve(sound);
    },
  } as never;
  const element = addElement({ search: () => found, query, reranker });
  const events = recordEvents(element);
  await nextEvent(element, 'rerank-complete');
  await settle();
  expect(events.slice(-2)).toEqual(['rerank-partial', 'rerank-complete']);
});

test('a search that never answers gives way to the next query', async () => {
  const search = (words: string) =>
    words === query ? Promise.resolve(found) : new Promise<never>(() => undefined);
  const element = addElement({ search, query: 'other words' });
  await expectStatus(element, 'Searching …');
  element.query = query;
  await expectTitles(element, rerankedOrder);
});
