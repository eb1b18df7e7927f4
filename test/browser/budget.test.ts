import { afterEach, expect, it } from 'vitest';
import { createReranker, type RankedResult } from 'rerank-results';
import { addElement, nextEvent, readStatus } from './element/stage.ts';

const tiny = { model: 'tiny-split', modelBaseUrl: '/test/models/', device: 'wasm' } as const;
const query = 'lock a table';
const makeDocuments = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${index} ${'a table with a view '.repeat(20)}`);

afterEach(() => document.body.replaceChildren());

const listUnscored = (results: readonly RankedResult<unknown>[]): number[] =>
  results.filter(({ scored }) => !scored).map(({ index }) => index);

it('a run answers with what it read when its time is over, and a run without a budget reads all', async () => {
  const documents = makeDocuments(80);
  await using reranker = await createReranker(tiny);
  const stopped = await reranker.rerank({ query, documents, budgetMs: 5 });
  expect(stopped).toMatchObject({ complete: false, stoppedBy: 'budget' });
  expect(stopped.results).toHaveLength(80);
  const unscored = listUnscored(stopped.results);
  expect(unscored.length).toBeGreaterThan(0);
  expect(unscored).toEqual(unscored.toSorted((a, b) => a - b));
  const scoredCount = 80 - unscored.length;
  expect(stopped.results.slice(0, scoredCount).every(({ scored }) => scored)).toBe(true);
  expect(stopped.usage.pairs).toBe(scoredCount);

  const complete = await reranker.rerank({ query, documents });
  expect(complete.complete).toBe(true);
  expect(listUnscored(complete.results)).toEqual([]);
  expect(complete.timing.tokensPerSecond).toBeGreaterThan(0);

  await using fresh = await createReranker(tiny);
  const expected = await fresh.rerank({ query, documents });
  expect(complete.results).toEqual(expected.results);
});

it('a run whose time is enough gives the scores of a run without a budget', async () => {
  const documents = makeDocuments(5);
  await using reranker = await createReranker(tiny);
  const inTime = await reranker.rerank({ query, documents, budgetMs: 600_000 });
  await using fresh = await createReranker(tiny);
  const expected = await fresh.rerank({ query, documents });
  expect(inTime.complete).toBe(true);
  expect(inTime.results).toEqual(expected.results);
});

it('a worker that a budget stopped is free for the next run', async () => {
  await using reranker = await createReranker(tiny);
  const documents = makeDocuments(300);
  await reranker.rerank({ query, documents, budgetMs: 5 });
  await reranker.rerank({ query: 'view', documents: makeDocuments(1) });
  // Had the stopped run gone on, all its pairs would have been scored before.
  const { usage } = await reranker.rerank({ query, documents });
  expect(usage.cachedPairs).toBeLessThan(150);
});

it('the element shows what the time allowed, and says so', async () => {
  const found = makeDocuments(80).map((text, index) => ({
    title: `Title ${index}`,
    url: `#${index}`,
    text,
  }));
  const settings = { search: () => found, query, candidates: 80, topN: 80, showScores: true };
  const element = addElement({ ...settings, budgetMs: 5 });
  // So long a list reaches wherever the pointer is, and would hold its order.
  element.style.pointerEvents = 'none';
  const { detail } = await nextEvent(element, 'rerank-complete');
  expect(detail).toMatchObject({ complete: false, stoppedBy: 'budget' });
  await element.updateComplete;
  const { pairs } = detail.usage;
  expect(pairs).toBeLessThan(80);
  expect(readStatus(element)).toBe(
    pairs === 0
      ? '80 results.'
      : `${pairs} of 80 results ${pairs === 1 ? 'was' : 'were'} reranked in the time allowed.`,
  );
  expect(element.renderRoot.querySelectorAll('[part="item"]')).toHaveLength(80);
  expect(element.renderRoot.querySelectorAll('[part="scores"]')).toHaveLength(pairs);

  element.removeAttribute('budget-ms');
  element.budgetMs = undefined;
  const { detail: whole } = await nextEvent(element, 'rerank-complete');
  expect(whole.complete).toBe(true);
  await element.updateComplete;
  expect(readStatus(element)).toBe('80 results, best first.');
});

it.each([
  ['400', 400],
  ['2.5', 2.5],
  ['0', undefined],
  ['-3', undefined],
  ['soon', undefined],
])('the attribute budget-ms="%s" is read as %s', (value, expected) => {
  const element = addElement();
  element.setAttribute('budget-ms', value);
  expect(element.budgetMs).toBe(expected);
});
