import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RerankResults } from 'rerank-results/element';
import {
  addElement,
  expectStatus,
  expectTitles,
  found,
  nextEvent,
  query,
  readStatus,
  recordEvents,
  rerankedOrder,
  searchOrder,
  settle,
} from './stage.ts';

/** Where the worker keeps model files. */
const CACHE_NAME = 'rerank-results-models-1';
const STORAGE_KEY = 'rerank-results-consent';

beforeEach(async () => {
  await caches.delete(CACHE_NAME);
});

afterEach(() => {
  vi.restoreAllMocks();
  localStorage.clear();
  for (const name of ['connection', 'deviceMemory']) Reflect.deleteProperty(navigator, name);
  document.body.replaceChildren();
});

/** What a browser says of its reader's connection or device. */
function pretend(name: 'connection' | 'deviceMemory', value: unknown): void {
  Object.defineProperty(navigator, name, { value, configurable: true });
}

/** Whether weights were downloaded: the worker keeps what it downloads. */
async function hasWeights(): Promise<boolean> {
  const cache = await caches.open(CACHE_NAME);
  return (await cache.keys()).some(({ url }) => url.includes('.onnx'));
}

function findButton(element: RerankResults): HTMLButtonElement | null {
  return element.renderRoot.querySelector('button[part="load-model"]');
}

async function expectAsked(element: RerankResults): Promise<HTMLButtonElement> {
  await expectStatus(element, /Improve the order/);
  await expectTitles(element, searchOrder);
  expect(await hasWeights()).toBe(false);
  const button = findButton(element);
  if (!button) throw new Error('There is no button.');
  return button;
}

// Each test has a limit of tokens of its own, so that it shares no worker with another test.

test('who was not asked yet has nothing of the model in the browser', async () => {
  await caches.delete('rerank-results-models-1');
  const element = addElement({ search: () => found, query, consent: 'ask', maxTokens: 127 });
  await nextEvent(element, 'rerank-skip');
  const cache = await caches.open('rerank-results-models-1');
  const kept = (await cache.keys()).filter((request) => request.url.includes('/tiny-split/'));
  expect(kept).toEqual([]);
});

test('where the reader saves data, the search’s order stays until the reader agrees', async () => {
  pretend('connection', { saveData: true });
  const element = addElement({ search: () => found, maxTokens: 81 });
  const events = recordEvents(element);
  element.query = query;
  const { detail } = await nextEvent(element, 'rerank-skip');
  expect(detail).toEqual({ query, reason: 'consent' });
  const button = await expectAsked(element);
  expect(readStatus(element)).toBe(
    '3 results. A better order can be loaded. Improve the order: loads 1 MB once',
  );
  expect(localStorage.length).toBe(0);

  button.focus();
  expect(element.shadowRoot?.activeElement).toBe(button);
  button.click();
  // In the list, the focus would hold the new order back.
  expect(element.shadowRoot?.activeElement?.getAttribute('part')).toBe('status');
  await expectTitles(element, rerankedOrder);
  expect(findButton(element)).toBeNull();
  expect(element.shadowRoot?.activeElement?.getAttribute('part')).toBe('status');
  // The same run goes on: the search is not asked again.
  expect(events.filter((name) => name === 'rerank-candidates')).toHaveLength(1);
});

test.each([
  ['pays for the connection', 'connection', { type: 'cellular' }, 82],
  ['has little memory', 'deviceMemory', 2, 83],
] as const)('a reader who %s is asked', async (_, name, value, maxTokens) => {
  pretend(name, value);
  await expectAsked(addElement({ search: () => found, query, maxTokens }));
});

test('others are not asked', async () => {
  pretend('connection', { saveData: false, type: 'wifi', effectiveType: '4g' });
  pretend('deviceMemory', 4);
  const element = addElement({ search: () => found, query, maxTokens: 84 });
  const events = recordEvents(element);
  await expectTitles(element, rerankedOrder);
  expect(events).not.toContain('rerank-skip');
  expect(localStorage.length).toBe(0);
});

test('`consent="given"` asks nobody', async () => {
  pretend('connection', { saveData: true });
  const element = addElement({ search: () => found, query, consent: 'given', maxTokens: 85 });
  await expectTitles(element, rerankedOrder);
});

test('`consent="ask"` asks every reader, and the attribute may change', async () => {
  const element = addElement({ search: () => found, query, maxTokens: 86 });
  element.setAttribute('consent', 'ask');
  await expectAsked(element);
  element.setAttribute('consent', 'given');
  await expectTitles(element, rerankedOrder);
});

test('no `preload` downloads before the reader agrees', async () => {
  const settings = { search: () => found, consent: 'ask' } as const;
  const element = addElement({ ...settings, preload: 'eager', maxTokens: 87 });
  const idle = addElement({ ...settings, preload: 'idle', maxTokens: 88 });
  const events = [recordEvents(element), recordEvents(idle)];
  await settle(2000);
  expect(await hasWeights()).toBe(false);
  expect(events).toEqual([[], []]);
  element.query = query;
  await expectAsked(element);
});

test('`preload` loads what the browser has kept', async () => {
  await expectTitles(addElement({ search: () => found, query, maxTokens: 89 }), rerankedOrder);
  const settings = { search: () => found, consent: 'ask', preload: 'eager' } as const;
  const element = addElement({ ...settings, maxTokens: 90 });
  const { detail } = await nextEvent(element, 'rerank-progress');
  expect(detail.fromCache).toBe(true);
});

test('a model that the browser has kept is used without asking', async () => {
  await expectTitles(addElement({ search: () => found, query, maxTokens: 91 }), rerankedOrder);
  const element = addElement({ search: () => found, consent: 'ask', maxTokens: 92 });
  const events = recordEvents(element);
  element.query = query;
  await expectTitles(element, rerankedOrder);
  expect(events).not.toContain('rerank-skip');
});

test('a yes in one element is a yes in all', async () => {
  pretend('connection', { saveData: true });
  const elements = [1, 2].map(() => addElement({ search: () => found, maxTokens: 103, query }));
  const buttons = await Promise.all(elements.map((element) => expectAsked(element)));
  buttons[0]?.click();
  for (const element of elements) await expectTitles(element, rerankedOrder);
});

test('a model of which the browser has kept a part is asked for', async () => {
  await expectTitles(addElement({ search: () => found, query, maxTokens: 93 }), rerankedOrder);
  const cache = await caches.open(CACHE_NAME);
  for (const { url } of await cache.keys()) if (url.includes('.onnx')) await cache.delete(url);
  await expectAsked(addElement({ search: () => found, query, consent: 'ask', maxTokens: 94 }));
});

test('who agreed is not asked again on this site', async () => {
  const first = addElement({ search: () => found, query, consent: 'ask', maxTokens: 95 });
  (await expectAsked(first)).click();
  await expectTitles(first, rerankedOrder);
  expect(localStorage.getItem(STORAGE_KEY)).toBe('given');

  await caches.delete(CACHE_NAME);
  const second = addElement({ search: () => found, query, consent: 'ask', maxTokens: 96 });
  const events = recordEvents(second);
  await expectTitles(second, rerankedOrder);
  expect(events).not.toContain('rerank-skip');
});

test('a site’s own button may call `loadModel`, before a query and after', async () => {
  const waiting = addElement({ search: () => found, query, consent: 'ask', maxTokens: 97 });
  await expectAsked(waiting);
  await waiting.loadModel();
  await expectTitles(waiting, rerankedOrder);
  localStorage.clear();
  await caches.delete(CACHE_NAME);

  const early = addElement({ search: () => found, consent: 'ask', maxTokens: 98 });
  await early.loadModel();
  expect(await hasWeights()).toBe(true);
  early.query = query;
  await expectTitles(early, rerankedOrder);
});

test('after a yes that led nowhere, the next query tries again', async () => {
  const settings = { search: () => found, query: 'first', consent: 'ask' } as const;
  const element = addElement({ ...settings, modelBase: '/nowhere/', maxTokens: 99 });
  await expectStatus(element, 'Improve the order: loads a model once');
  findButton(element)?.click();
  const { detail } = await nextEvent(element, 'rerank-error');
  expect(detail).toMatchObject({ during: 'rerank', error: { code: 'model-load' } });
  await expectTitles(element, searchOrder);
  element.modelBase = '/test/models/';
  element.query = query;
  await expectTitles(element, rerankedOrder);
});

test('an older run’s question is gone when a newer one has one result', async () => {
  let results = found;
  const element = addElement({ search: () => results, query, consent: 'ask', maxTokens: 100 });
  await expectAsked(element);
  results = found.slice(0, 1);
  element.query = 'another';
  await expectTitles(element, searchOrder.slice(0, 1));
  expect(findButton(element)).toBeNull();
  await element.loadModel();
  expect(element.runState).toMatchObject({ phase: 'skipped', reason: 'too-few' });
});

// The last test: without storage, the page itself remembers the yes.
test('a browser that stores nothing forgets the yes with the page, and no sooner', async () => {
  const refuse = (): never => {
    throw new DOMException('The site may store nothing.', 'SecurityError');
  };
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(refuse);
  vi.spyOn(Storage.prototype, 'getItem').mockImplementation(refuse);
  const first = addElement({ search: () => found, query, consent: 'ask', maxTokens: 101 });
  (await expectAsked(first)).click();
  await expectTitles(first, rerankedOrder);

  await caches.delete(CACHE_NAME);
  const second = addElement({ search: () => found, query, consent: 'ask', maxTokens: 102 });
  await expectTitles(second, rerankedOrder);
});
