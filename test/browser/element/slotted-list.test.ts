import { afterEach, expect, test, vi } from 'vitest';
import {
  addElement,
  addListElement,
  createItem,
  expectItems,
  expectStatus,
  expectTitles,
  found,
  nextEvent,
  query,
  readItems,
  recordEvents,
  rerankedOrder,
  searchOrder,
  settle,
} from './stage.ts';

/** Its logit for the query is below the other three: measured with the original model. */
const other = { url: '#empty', text: 'The harbour closes to sailing boats in November.' };

afterEach(() => {
  document.body.replaceChildren();
});

test("the site's items are put in the new order and stay the same nodes", async () => {
  const { list, items } = addListElement({ query });
  await expectItems(list, rerankedOrder);
  expect([...list.children]).toEqual([items[2], items[1], items[0]]);
});

test('listeners on items and state inside them survive the new order', async () => {
  const { list, items } = addListElement({});
  const clicked = vi.fn();
  items[2]?.addEventListener('click', clicked);
  const note = document.createElement('details');
  note.open = true;
  items[2]?.querySelector('a')?.prepend(note);
  list.closest('rerank-results')?.setAttribute('query', query);
  await expectItems(list, rerankedOrder);
  (list.children[0] as HTMLElement).click();
  expect(clicked).toHaveBeenCalledOnce();
  expect(note.open).toBe(true);
});

test.each([
  ['an unordered list', '<ul></ul>'],
  ['a list by role', '<div role="list"></div>'],
  ['a list inside another element', '<section><h2>Results</h2><ol></ol></section>'],
])('%s is reordered', async (_, html) => {
  const { list } = addListElement({ query }, html);
  await expectItems(list, rerankedOrder);
});

test('without a query the list keeps its order', async () => {
  const { list, element } = addListElement();
  await settle();
  expect(readItems(list)).toEqual(searchOrder);
  expect(element.runState.phase).toBe('idle');
});

test("clearing the query restores the site's order", async () => {
  const { list, element } = addListElement({ query });
  await expectItems(list, rerankedOrder);
  element.query = '';
  await expectItems(list, searchOrder);
});

test("the site's order is still known after the element was moved to another place", async () => {
  const { list, element } = addListElement({ query });
  await expectItems(list, rerankedOrder);
  const section = document.createElement('section');
  document.body.append(section);
  section.append(element);
  const { detail } = await nextEvent(element, 'rerank-complete');
  expect(detail.results.map(({ originalRank }) => originalRank)).toEqual([3, 2, 1]);
  element.query = '';
  await expectItems(list, searchOrder);
});

test('an item that the site appends is reranked, and comes last when the query is cleared', async () => {
  const { list, element } = addListElement({ query });
  await expectItems(list, rerankedOrder);
  list.append(createItem(other));
  const { detail } = await nextEvent(element, 'rerank-complete');
  expect(detail.results).toHaveLength(4);
  element.query = '';
  await expectItems(list, [...searchOrder, other.text]);
});

test('an item that the site puts behind another one stays behind it in the given order', async () => {
  const { list, element, items } = addListElement({ query });
  await expectItems(list, rerankedOrder);
  items[1]?.after(createItem(other));
  await nextEvent(element, 'rerank-complete');
  element.query = '';
  await expectItems(list, ['Index', 'Bread', other.text, 'Log']);
});

test('an item that the site removes stays away', async () => {
  const { list, element, items } = addListElement({ query });
  await expectItems(list, rerankedOrder);
  items[1]?.remove();
  const { detail } = await nextEvent(element, 'rerank-complete');
  expect(detail.results).toHaveLength(2);
  expect(readItems(list)).toEqual(['Log', 'Index']);
  element.query = '';
  await expectItems(list, ['Index', 'Log']);
});

test('items of a new search replace the old ones and are reranked', async () => {
  const { list, element } = addListElement({ query });
  await expectItems(list, rerankedOrder);
  list.replaceChildren(...[...found].reverse().map(createItem));
  const { detail } = await nextEvent(element, 'rerank-complete');
  expect(detail.results.map(({ originalRank }) => originalRank)).toEqual([1, 2, 3]);
  element.query = '';
  await expectItems(list, [...searchOrder].reverse());
});

test("an order that the site gives its items becomes the site's order", async () => {
  const { list, element, items } = addListElement({ query });
  await expectItems(list, rerankedOrder);
  const [first, second, third] = items as [Element, Element, Element];
  list.append(second, first, third);
  await nextEvent(element, 'rerank-complete');
  element.query = '';
  await expectItems(list, ['Bread', 'Index', 'Log']);
});

test('a text that the site changes inside an item is reranked', async () => {
  const { list, element } = addListElement({ query });
  await expectItems(list, rerankedOrder);
  const link = list.querySelector('li:last-child a');
  link?.replaceChildren('The log of slow statements.');
  await nextEvent(element, 'rerank-complete');
});

test('a site that marks its items after every run does not start runs for ever', async () => {
  const { list, element } = addListElement();
  const completed = vi.fn(() => {
    for (const item of list.children) {
      item.querySelector('b')?.remove();
      item.append(document.createElement('b'));
      item.querySelector('b')?.append('★');
    }
  });
  element.addEventListener('rerank-complete', completed);
  element.query = query;
  await nextEvent(element, 'rerank-complete');
  await settle(500);
  // The first marks change what the reader sees; the same marks again do not.
  expect(completed.mock.calls.length).toBeLessThanOrEqual(2);
});

test('an item that is added while a run ends is not lost', async () => {
  const { list, element } = addListElement();
  element.addEventListener('rerank-complete', () => list.append(createItem(other)), { once: true });
  element.query = query;
  await nextEvent(element, 'rerank-complete');
  const { detail } = await nextEvent(element, 'rerank-complete');
  expect(detail.results).toHaveLength(4);
});

test('items beyond `candidates` keep their place at the end', async () => {
  const { list } = addListElement({ query, candidates: 2 });
  await expectItems(list, ['Bread', 'Index', 'Log']);
});

test('items that are in their place are not touched', async () => {
  const { list, element } = addListElement({ query });
  await expectItems(list, rerankedOrder);
  const records: MutationRecord[] = [];
  const observer = new MutationObserver((changes) => records.push(...changes));
  observer.observe(list, { childList: true });
  await element.refresh();
  await settle();
  expect(records).toEqual([]);
});

test('the order of an earlier query does not outlive a run that failed', async () => {
  const { list, element } = addListElement({ query });
  await expectItems(list, rerankedOrder);
  element.modelBase = '/nowhere/';
  await nextEvent(element, 'rerank-error');
  await expectItems(list, searchOrder);
});

test('a list that comes later is found and reranked', async () => {
  const element = addElement({ query });
  const list = document.createElement('ol');
  list.append(...found.map(createItem));
  element.append(list);
  await expectItems(list, rerankedOrder);
});

test('a list that was exchanged for another one is left alone', async () => {
  const { list, element } = addListElement({ query });
  await expectItems(list, rerankedOrder);
  const next = document.createElement('ol');
  next.append(...found.map(createItem));
  list.replaceWith(next);
  await expectItems(next, rerankedOrder);
  const events = recordEvents(element);
  list.append(createItem(other));
  await settle();
  expect(events).toEqual([]);
});

test('the results are shown once: the element adds no list of its own', async () => {
  const { element } = addListElement({ query });
  await expectStatus(element, '3 results, best first.');
  expect(element.renderRoot.querySelector('ol')).toBeNull();
});

test('a click on a link in an item tells the place on the page and in the site’s order', async () => {
  const { list, element, items } = addListElement({ query });
  await expectItems(list, rerankedOrder);
  const selected = nextEvent(element, 'rerank-select');
  items[2]?.querySelector('a')?.click();
  const { detail } = await selected;
  const [result] = items.slice(2);
  expect(detail).toEqual({ query, result, rank: 1, originalRank: 3, listed: [result] });
});

test('a list that is taken away gives way to the search', async () => {
  const { element, list } = addListElement({ query, search: () => found });
  await expectItems(list, rerankedOrder);
  list.remove();
  await expectTitles(element, rerankedOrder);
});
