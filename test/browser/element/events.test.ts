import { afterEach, expect, test } from 'vitest';
import type { LoadProgress } from 'rerank-results';
import type { Candidate } from 'rerank-results/element';
import {
  addElement,
  createElement,
  eventNames,
  expectTitles,
  findLinks,
  found,
  nextEvent,
  query,
  recordEvents,
  rerankedOrder,
  searchOrder,
  settle,
} from './stage.ts';

afterEach(() => {
  document.body.replaceChildren();
  history.replaceState(null, '', location.pathname + location.search);
});

const many = Array.from({ length: 40 }, (_, number) => ({
  title: `Result ${number}`,
  text: `${found[number % 3]?.text ?? ''} ${number}`.repeat(1 + (number % 4)),
}));

test('a run that loads the model tells its steps in order', async () => {
  const element = createElement({ search: () => many, query, maxTokens: 102 });
  const events = recordEvents(element);
  document.body.append(element);
  await nextEvent(element, 'rerank-complete');
  expect(events).toEqual([
    'rerank-candidates',
    'rerank-start',
    'rerank-progress',
    'rerank-partial',
    'rerank-complete',
  ]);
});

test('each event has the details that a site needs', async () => {
  const element = createElement({ search: () => many, query, maxTokens: 103 });
  const candidatesTold = nextEvent(element, 'rerank-candidates');
  const startTold = nextEvent(element, 'rerank-start');
  const partialTold = nextEvent(element, 'rerank-partial');
  const steps: LoadProgress[] = [];
  element.addEventListener('rerank-progress', ({ detail }) => steps.push(detail));
  document.body.append(element);
  const { detail: complete } = await nextEvent(element, 'rerank-complete');

  const { detail } = await candidatesTold;
  const candidates = detail.candidates as readonly Candidate[];
  expect(detail.query).toBe(query);
  expect(candidates.map(({ title }) => title)).toEqual(many.map(({ title }) => title));
  expect((await startTold).detail).toEqual({ query, count: 40 });

  const progress = steps.at(-1);
  expect(progress?.totalBytes).toBeGreaterThan(100_000);
  expect(progress?.loadedBytes).toBe(progress?.totalBytes);
  expect(progress?.file).toMatch(/\.(onnx|json)/);
  const loaded = steps.map(({ loadedBytes }) => loadedBytes);
  expect(loaded).toEqual([...loaded].sort((a, b) => a - b));

  const { detail: partial } = await partialTold;
  expect(partial).toMatchObject({ query, totalCount: 40 });
  expect(partial.scoredCount).toBeGreaterThan(0);
  expect(partial.scoredCount).toBeLessThan(40);
  expect(partial.results).toHaveLength(40);

  expect(complete).toMatchObject({ query, usage: { pairs: 40 }, model: { id: 'tiny-split' } });
  expect(complete.timing.totalMs).toBeGreaterThan(0);
  expect(complete.complete).toBe(true);
  const blended = complete.results.map((result) => result.scored && result.relevanceScore);
  expect(new Set(blended).size).toBeGreaterThan(30);
  for (const { index, document, rank, originalRank } of complete.results) {
    expect(document).toBe(candidates[index]);
    expect(originalRank).toBe(index + 1);
    expect(complete.results[rank - 1]?.index).toBe(index);
  }
});

test('a run with one candidate is skipped, and nothing is wrong', async () => {
  const element = createElement({ search: () => found.slice(0, 1), query });
  const events = recordEvents(element);
  document.body.append(element);
  const { detail } = await nextEvent(element, 'rerank-skip');
  expect(detail).toEqual({ query, reason: 'too-few' });
  await expectTitles(element, ['Index']);
  expect(events).toEqual(['rerank-candidates', 'rerank-skip']);
});

test('a run without candidates is skipped', async () => {
  const element = addElement({ search: () => [], query });
  const { detail } = await nextEvent(element, 'rerank-skip');
  expect(detail).toEqual({ query, reason: 'too-few' });
});

test('a run that is superseded neither completes nor fails', async () => {
  const element = createElement({ search: () => many, query: 'first' });
  document.body.append(element);
  await nextEvent(element, 'rerank-start');
  const events = recordEvents(element);
  element.query = query;
  await nextEvent(element, 'rerank-complete');
  expect(events.filter((name) => name === 'rerank-complete')).toHaveLength(1);
  expect(events).not.toContain('rerank-error');
});

test('all events reach the document, also out of a shadow root', async () => {
  const host = document.createElement('div');
  document.body.append(host);
  const events = recordEvents(document);
  const element = createElement({ search: () => many, query, maxTokens: 104 });
  host.attachShadow({ mode: 'open' }).append(element);
  await nextEvent(document, 'rerank-complete');
  element.search = () => found.slice(0, 1);
  await nextEvent(document, 'rerank-skip');
  element.search = () => Promise.reject(new Error('no index'));
  await nextEvent(document, 'rerank-error');
  element.search = () => found;
  await expectTitles(element, rerankedOrder);
  const selected = nextEvent(document, 'rerank-select');
  findLinks(element)[0]?.click();
  expect((await selected).target).toBe(host);
  expect(new Set(events)).toEqual(new Set(eventNames));
});

test("a choice in the search's order tells equal places", async () => {
  const element = addElement({ search: () => found, query, modelBase: '/nowhere/' });
  await nextEvent(element, 'rerank-error');
  await expectTitles(element, searchOrder);
  const selected = nextEvent(element, 'rerank-select');
  findLinks(element)[2]?.click();
  const { detail } = await selected;
  expect(detail).toMatchObject({ query, result: { title: 'Log' }, rank: 3, originalRank: 3 });
});

test('a choice in the new order tells its place there and the place that it had', async () => {
  const element = addElement({ search: () => found, query });
  await expectTitles(element, rerankedOrder);
  const selected = nextEvent(element, 'rerank-select');
  findLinks(element)[0]?.click();
  const { detail } = await selected;
  expect(detail).toMatchObject({ query, result: { title: 'Log' }, rank: 1, originalRank: 3 });
});

test('a chosen link leads where it says, unless the site prevents it', async () => {
  const element = addElement({ search: () => found, query });
  await expectTitles(element, rerankedOrder);
  element.addEventListener('rerank-select', (event) => event.preventDefault(), { once: true });
  findLinks(element)[0]?.click();
  await settle();
  expect(location.hash).toBe('');

  findLinks(element)[0]?.click();
  await expect.poll(() => location.hash).toBe('#log');
});

test('a site may change the query while it is told of an event', async () => {
  const element = createElement({ search: () => found, query: 'first' });
  element.addEventListener('rerank-candidates', () => (element.query = query), { once: true });
  document.body.append(element);
  const { detail } = await nextEvent(element, 'rerank-complete');
  expect(detail.query).toBe(query);
  await expectTitles(element, rerankedOrder);
});
