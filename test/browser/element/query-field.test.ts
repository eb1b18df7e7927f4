import { afterEach, expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import type { SearchFunction } from 'rerank-results/element';
import {
  addElement,
  addField,
  createElement,
  expectTitles,
  found,
  nextEvent,
  query,
  readTitles,
  rerankedOrder,
  settle,
  type,
} from './stage.ts';

type Found = readonly (string | object)[];

/** A search whose answers the test gives when it wants. */
function createSlowSearch() {
  const calls: {
    readonly query: string;
    readonly signal: AbortSignal;
    readonly answer: (results: Found) => void;
    readonly fail: (error: Error) => void;
  }[] = [];
  const search: SearchFunction = (query, { signal }) =>
    new Promise<Found>((answer, fail) => calls.push({ query, signal, answer, fail }));
  return { calls, search };
}

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

test('what a reader types into the field with the id in `for` is searched', async () => {
  const field = addField('q');
  const element = addElement({ htmlFor: 'q', search: () => found });
  await userEvent.fill(field, query);
  await expectTitles(element, rerankedOrder);
  expect(element.query).toBe(query);
});

test('a text that is already in the field is searched at once', async () => {
  addField('q', query);
  const element = addElement({ htmlFor: 'q', search: () => found });
  await expectTitles(element, rerankedOrder);
});

test('typing is searched when it pauses, once', async () => {
  const field = addField('q');
  const search = vi.fn(() => found);
  const element = addElement({ htmlFor: 'q', debounce: 60, search });
  await element.updateComplete;
  for (let length = 1; length <= query.length; length += 1) type(field, query.slice(0, length));
  expect(search).not.toHaveBeenCalled();
  await nextEvent(element, 'rerank-complete');
  expect(search).toHaveBeenCalledExactlyOnceWith(query, expect.anything());
});

test('`debounce` is how long typing has to pause', async () => {
  const field = addField('q');
  const search = vi.fn(() => found);
  const element = addElement({ htmlFor: 'q', debounce: 400, search });
  await element.updateComplete;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  type(field, 'find');
  await vi.advanceTimersByTimeAsync(300);
  type(field, query);
  await vi.advanceTimersByTimeAsync(399);
  expect(search).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  await element.updateComplete;
  expect(search).toHaveBeenCalledExactlyOnceWith(query, expect.anything());
});

test('a field that is cleared takes the results away', async () => {
  const field = addField('q', query);
  const element = addElement({ htmlFor: 'q', debounce: 0, search: () => found });
  await expectTitles(element, rerankedOrder);
  type(field, '');
  await expectTitles(element, []);
});

test('the latest query wins when an earlier search answers last', async () => {
  const { calls, search } = createSlowSearch();
  const element = addElement({ search, query: 'first' });
  await vi.waitFor(() => expect(calls).toHaveLength(1));
  element.query = query;
  await vi.waitFor(() => expect(calls).toHaveLength(2));
  calls[1]?.answer(found);
  await expectTitles(element, rerankedOrder);
  calls[0]?.answer([{ title: 'Old' }, { title: 'Older' }]);
  await settle();
  expect(readTitles(element)).toEqual(rerankedOrder);
});

test('a newer query aborts the search of the older one, whose failure is not told', async () => {
  const { calls, search } = createSlowSearch();
  const element = addElement({ search, query: 'first' });
  const errors = vi.fn();
  element.addEventListener('rerank-error', errors);
  await vi.waitFor(() => expect(calls).toHaveLength(1));
  expect(calls[0]?.signal.aborted).toBe(false);
  element.query = query;
  await vi.waitFor(() => expect(calls).toHaveLength(2));
  expect(calls[0]?.signal.aborted).toBe(true);
  expect(calls[1]?.signal.aborted).toBe(false);
  calls[0]?.fail(new Error('aborted'));
  calls[1]?.answer(found);
  await expectTitles(element, rerankedOrder);
  expect(errors).not.toHaveBeenCalled();
});

test('a newer query aborts the request of the older one to the endpoint', async () => {
  const signals: (AbortSignal | null | undefined)[] = [];
  const fetch = window.fetch.bind(window);
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    signals.push(init.signal);
    return signals.length === 1 ? new Promise(() => undefined) : fetch(url, init);
  });
  const endpoint = '/test/fixtures/search.json?q={query}';
  const element = addElement({ endpoint, query: 'first' });
  await vi.waitFor(() => expect(signals).toHaveLength(1));
  element.query = query;
  await expectTitles(element, rerankedOrder);
  expect(signals.map((signal) => signal?.aborted)).toEqual([true, false]);
});

test('a newer query ends the reranking of the older one, which completes nothing', async () => {
  const many = Array.from({ length: 50 }, (_, number) => `${found[number % 3]?.text} ${number}`);
  const element = addElement({ search: (words) => (words === query ? found : many) });
  element.query = 'first';
  await nextEvent(element, 'rerank-start');
  const completed = vi.fn();
  element.addEventListener('rerank-complete', completed);
  element.query = query;
  await expectTitles(element, rerankedOrder);
  await settle();
  expect(completed).toHaveBeenCalledOnce();
});

test('an element that leaves the page aborts its search and says nothing more', async () => {
  const { calls, search } = createSlowSearch();
  const element = addElement({ search, query });
  const told = vi.fn();
  element.addEventListener('rerank-candidates', told);
  element.addEventListener('rerank-error', told);
  await vi.waitFor(() => expect(calls).toHaveLength(1));
  element.remove();
  expect(calls[0]?.signal.aborted).toBe(true);
  calls[0]?.answer(found);
  await settle();
  expect(told).not.toHaveBeenCalled();
});

test('an element that left the page searches nothing, whatever is set or typed', async () => {
  const field = addField('q', query);
  const search = vi.fn(() => found);
  const element = addElement({ htmlFor: 'q', debounce: 0, search });
  await expectTitles(element, rerankedOrder);
  search.mockClear();
  type(field, 'other words');
  element.remove();
  element.query = 'yet other words';
  await settle();
  expect(search).not.toHaveBeenCalled();
});

test('an element that is moved to another place works on', async () => {
  const field = addField('q', query);
  const element = addElement({ htmlFor: 'q', debounce: 0, search: (words) => [words, ...found] });
  await nextEvent(element, 'rerank-complete');
  const section = document.createElement('section');
  document.body.append(section);
  section.append(element);
  await nextEvent(element, 'rerank-complete');
  type(field, 'other words');
  const { detail } = await nextEvent(element, 'rerank-complete');
  expect(detail.query).toBe('other words');
});

test('a field that comes after the element is followed', async () => {
  const element = addElement({ htmlFor: 'later', debounce: 0, search: () => found });
  await element.updateComplete;
  const field = addField('later');
  type(field, query);
  await expectTitles(element, rerankedOrder);
});

test('a field that the site replaces by another one with its id is followed', async () => {
  const field = addField('q');
  const element = addElement({ htmlFor: 'q', debounce: 0, search: () => found });
  await element.updateComplete;
  const next = field.cloneNode() as HTMLInputElement;
  field.replaceWith(next);
  type(next, query);
  await expectTitles(element, rerankedOrder);
});

test('the field is found in the shadow root that the element is in', async () => {
  const host = document.createElement('div');
  document.body.append(host);
  addField('q', 'words outside');
  const root = host.attachShadow({ mode: 'open' });
  const field = document.createElement('input');
  field.id = 'q';
  const element = createElement({ htmlFor: 'q', debounce: 0, search: () => found });
  root.append(field, element);
  await element.updateComplete;
  type(field, query);
  await expectTitles(element, rerankedOrder);
  expect(element.query).toBe(query);
});

test('a text area is a search field too', async () => {
  const area = document.createElement('textarea');
  area.id = 'q';
  document.body.append(area);
  const element = addElement({ htmlFor: 'q', debounce: 0, search: () => found });
  await element.updateComplete;
  type(area, query);
  await expectTitles(element, rerankedOrder);
});

test('typing into other fields is not searched', async () => {
  addField('q');
  const other = addField('other');
  const search = vi.fn(() => found);
  const element = addElement({ htmlFor: 'q', debounce: 0, search });
  await element.updateComplete;
  type(other, query);
  await settle();
  expect(search).not.toHaveBeenCalled();
});

test('another id in `for` ends the following of the first field', async () => {
  const field = addField('q', query);
  const element = addElement({ htmlFor: 'q', debounce: 0, search: () => found });
  await expectTitles(element, rerankedOrder);
  element.htmlFor = '';
  await element.updateComplete;
  type(field, 'other words');
  await settle();
  expect(element.query).toBe(query);
});
