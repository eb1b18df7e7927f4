import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RerankResults } from 'rerank-results/element';
import {
  addElement,
  addField,
  addListElement,
  expectItems,
  expectTitles,
  found,
  movePointerAway,
  nextEvent,
  query,
  readItems,
  readTitles,
  recordEvents,
  rerankedOrder,
  searchOrder,
  settle,
  type,
} from './stage.ts';
import { keepWorkers, workers } from '../kept-workers.ts';

beforeEach(keepWorkers);

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

// Each test has a limit of tokens of its own, so that it shares no worker with another test.

function countRuns(element: RerankResults): {
  readonly started: string[];
  readonly ended: string[];
} {
  const started: string[] = [];
  const ended: string[] = [];
  element.addEventListener('rerank-start', ({ detail }) => started.push(detail.query));
  element.addEventListener('rerank-complete', ({ detail }) => ended.push(detail.query));
  return { started, ended };
}

test('twenty elements on a page share one worker, and each list is reranked', async () => {
  await movePointerAway();
  const elements = Array.from({ length: 20 }, (_, place) =>
    addElement({ search: () => found, query: place % 2 === 0 ? query : 'bread', maxTokens: 111 }),
  );
  const ends = elements.map((element) => nextEvent(element, 'rerank-complete'));
  await Promise.all(ends);
  for (const element of elements.filter((one) => one.query === query)) {
    await expectTitles(element, rerankedOrder);
  }
  for (const element of elements)
    expect(new Set(readTitles(element))).toEqual(new Set(searchOrder));
  expect(workers).toHaveLength(1);
});

test('an element that is moved during a run reranks at its new place, once', async () => {
  const element = addElement({ search: () => found, query, maxTokens: 112 });
  await nextEvent(element, 'rerank-start');
  const runs = countRuns(element);
  const place = document.createElement('section');
  document.body.append(place);
  place.append(element);
  await expectTitles(element, rerankedOrder);
  expect(runs.ended).toEqual([query]);
  expect(workers).toHaveLength(1);
});

test('an element that is taken off the page during a run says nothing more, and goes on when it is put back', async () => {
  const element = addElement({ search: () => found, query, maxTokens: 113 });
  await nextEvent(element, 'rerank-start');
  element.remove();
  const events = recordEvents(element);
  await settle(500);
  expect(events).toEqual([]);
  document.body.append(element);
  await expectTitles(element, rerankedOrder);
  expect(workers).toHaveLength(1);
});

test('the site’s own list that is moved with its element during a run keeps all its items', async () => {
  const { element, list, items } = addListElement({ query, maxTokens: 114 });
  await nextEvent(element, 'rerank-start');
  const place = document.createElement('section');
  document.body.append(place);
  for (let round = 0; round < 5; round += 1) {
    (round % 2 === 0 ? place : document.body).append(element);
    await settle(5);
  }
  await expectItems(list, rerankedOrder);
  expect(new Set(list.children)).toEqual(new Set(items));
});

test('a site that removes items while their order changes gets none of them back', async () => {
  const { element, list, items } = addListElement({ maxTokens: 115 });
  await element.updateComplete;
  const removed = items[1];
  const observer = new MutationObserver(() => removed?.remove());
  observer.observe(list, { childList: true });
  element.query = query;
  await expectItems(list, ['Log', 'Index']);
  await settle(300);
  expect(readItems(list)).toEqual(['Log', 'Index']);
  observer.disconnect();
});

test('a site that removes items during a run gets none of them back', async () => {
  const { element, list, items } = addListElement({ maxTokens: 116 });
  await element.updateComplete;
  element.addEventListener('rerank-start', () => items[0]?.remove(), { once: true });
  element.query = query;
  await expectItems(list, ['Log', 'Bread']);
  await settle(300);
  expect(readItems(list)).toEqual(['Log', 'Bread']);
});

const keystrokes = Array.from({ length: 999 }, (_, count) => `key ${count}`);

test('a thousand keystrokes in a burst are one search and one run, of the last text', async () => {
  const field = addField('q');
  const search = vi.fn(() => found);
  const element = addElement({ htmlFor: 'q', search, debounce: 50, maxTokens: 117 });
  await element.updateComplete;
  const runs = countRuns(element);
  for (const text of [...keystrokes, query]) type(field, text);
  await expectTitles(element, rerankedOrder);
  expect(search).toHaveBeenCalledOnce();
  expect(runs).toEqual({ started: [query], ended: [query] });
});

test('a query that is set a thousand times at once is one search and one run, of the last one', async () => {
  const search = vi.fn(() => found);
  const element = addElement({ search, maxTokens: 118 });
  await element.updateComplete;
  const runs = countRuns(element);
  for (const text of [...keystrokes, query]) element.query = text;
  await expectTitles(element, rerankedOrder);
  expect(search).toHaveBeenCalledOnce();
  expect(runs).toEqual({ started: [query], ended: [query] });
});

test('a thousand queries, one after the other, do not flood the worker, and the last one’s order is shown', async () => {
  const element = addElement({ search: () => found, query, maxTokens: 119 });
  await expectTitles(element, rerankedOrder);
  const before = workers[0]?.messageCount ?? 0;
  const runs = countRuns(element);
  const complete = (async () => {
    for (;;) if ((await nextEvent(element, 'rerank-complete')).detail.query === 'last') return;
  })();
  for (const text of [...keystrokes, 'last']) {
    element.query = text;
    await element.updateComplete;
    await new Promise((resolve) => setTimeout(resolve));
  }
  await complete;
  expect(element.runState).toMatchObject({ phase: 'reranked', query: 'last' });
  expect(runs.ended.at(-1)).toBe('last');
  expect(runs.started).toHaveLength(1000);
  // A run is a job, and at most one word to end it.
  expect((workers[0]?.messageCount ?? 0) - before).toBeLessThanOrEqual(2000);
  expect(workers).toHaveLength(1);
  element.query = query;
  await expectTitles(element, rerankedOrder);
});

test.each([
  ['ahead', 3_600_000, 121],
  ['back', -3_600_000, 122],
])(
  'clocks that jump %s by an hour lose no result and delay nothing',
  async (_, jumpMs, maxTokens) => {
    const field = addField('q');
    const settings = { search: () => found, debounce: 20, maxTokens } as const;
    const element = addElement({ ...settings, htmlFor: 'q' });
    const hurried = addElement({ ...settings, query, budgetMs: 10_000 });
    await expectTitles(hurried, rerankedOrder);

    let offsetMs = 0;
    const now = performance.now.bind(performance);
    const nowOfDay = Date.now.bind(Date);
    vi.spyOn(performance, 'now').mockImplementation(() => now() + offsetMs);
    vi.spyOn(Date, 'now').mockImplementation(() => nowOfDay() + offsetMs);
    const jump = (): void => {
      offsetMs += jumpMs;
    };
    for (const name of ['rerank-candidates', 'rerank-start'] as const) {
      document.addEventListener(name, jump, { once: true });
    }
    type(field, query);
    jump();
    await expectTitles(element, rerankedOrder);
    const told = (): string | null =>
      element.renderRoot.querySelector('[role="status"]')?.textContent ?? null;
    await expect.poll(told, { timeout: 10_000 }).toBe('3 results, best first.');

    hurried.addEventListener('rerank-start', () => queueMicrotask(jump), { once: true });
    hurried.query = 'bread';
    const { detail } = await nextEvent(hurried, 'rerank-complete');
    expect(detail.results.map(({ index }) => index).toSorted()).toEqual([0, 1, 2]);
    await hurried.updateComplete;
    expect(new Set(readTitles(hurried))).toEqual(new Set(searchOrder));
  },
);
