import { afterEach, beforeEach, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import type { RerankResults } from 'rerank-results/element';
import {
  addElement,
  addListElement,
  expectItems,
  expectStatus,
  expectTitles,
  findLinks,
  found,
  movePointerAway,
  nextEvent,
  query,
  readItems,
  readTitles,
  rerankedOrder,
  searchOrder,
  settle,
} from './stage.ts';

let elsewhere: HTMLButtonElement;

beforeEach(async () => {
  elsewhere = await movePointerAway();
});

afterEach(() => {
  document.body.replaceChildren();
});

/** An element whose first-stage list is in use when the new order arrives. */
async function addHeldElement(use: (element: RerankResults) => void | Promise<void>) {
  let answer = (): void => undefined;
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const element = addElement({ search: () => found, query, modelBase: '/nowhere/' });
  await nextEvent(element, 'rerank-error');
  await expectTitles(element, searchOrder);
  // The same candidates are searched again, while the list is in use.
  element.search = async () => {
    await answered;
    return found;
  };
  element.modelBase = '/test/models/';
  await use(element);
  answer();
  await nextEvent(element, 'rerank-complete');
  await element.updateComplete;
  return element;
}

function findButton(element: RerankResults): HTMLButtonElement | null {
  return element.renderRoot.querySelector('[part="show-order"]');
}

function focusedIn(element: RerankResults): Element | null | undefined {
  return element.shadowRoot?.activeElement;
}

test('with the focus on a result, the order on the page is held and the better one is offered', async () => {
  const element = await addHeldElement((element) => findLinks(element)[1]?.focus());
  await settle();
  expect(readTitles(element)).toEqual(searchOrder);
  expect(focusedIn(element)?.textContent).toBe('Bread');
  await expectStatus(element, 'A better order is ready. Show the better order');
});

test('a held order is shown when the focus leaves the list', async () => {
  const element = await addHeldElement((element) => findLinks(element)[1]?.focus());
  elsewhere.focus();
  await expectTitles(element, rerankedOrder);
  await expectStatus(element, '3 results, best first.');
  expect(document.activeElement).toBe(elsewhere);
});

test('a held order stays while the focus moves inside the list', async () => {
  const element = await addHeldElement((element) => findLinks(element)[0]?.focus());
  findLinks(element)[2]?.focus();
  await settle();
  expect(readTitles(element)).toEqual(searchOrder);
  expect(focusedIn(element)?.textContent).toBe('Log');
});

test('the offered button shows the held order at once, and the focus goes to its first result', async () => {
  const element = await addHeldElement((element) => findLinks(element)[1]?.focus());
  const button = findButton(element);
  if (!button) throw new Error('No button.');
  await userEvent.click(button);
  await expectTitles(element, rerankedOrder);
  expect(focusedIn(element)?.textContent).toBe('Log');
});

test('the offered button can be reached and pressed with the keyboard', async () => {
  const element = await addHeldElement((element) => findLinks(element)[0]?.focus());
  await userEvent.keyboard('{Shift>}{Tab}{/Shift}');
  await settle();
  expect(focusedIn(element)).toBe(findButton(element));
  expect(readTitles(element)).toEqual(searchOrder);
  await userEvent.keyboard('{Enter}');
  await expectTitles(element, rerankedOrder);
  expect(focusedIn(element)?.textContent).toBe('Log');
});

test('a held order is shown when the focus leaves the offered button without pressing it', async () => {
  const element = await addHeldElement((element) => findLinks(element)[0]?.focus());
  findButton(element)?.focus();
  await settle();
  expect(readTitles(element)).toEqual(searchOrder);
  elsewhere.focus();
  await expectTitles(element, rerankedOrder);
});

test('with the pointer over the list, the order is held until the pointer leaves', async () => {
  const element = await addHeldElement((element) =>
    userEvent.hover(findLinks(element)[1] as Element),
  );
  await settle();
  expect(readTitles(element)).toEqual(searchOrder);
  await expectStatus(element, 'A better order is ready.');
  await userEvent.hover(elsewhere);
  await expectTitles(element, rerankedOrder);
});

test('a held order stays held while the next search runs', async () => {
  const element = await addHeldElement((element) => findLinks(element)[1]?.focus());
  let answer = (): void => undefined;
  element.search = () =>
    new Promise((resolve) => {
      answer = () => resolve(found);
    });
  await expectStatus(element, 'Searching');
  expect(readTitles(element)).toEqual(searchOrder);
  expect(focusedIn(element)?.textContent).toBe('Bread');
  answer();
  await nextEvent(element, 'rerank-complete');
  await settle();
  expect(readTitles(element)).toEqual(searchOrder);
  expect(focusedIn(element)?.textContent).toBe('Bread');
});

test('a new order that is the order on the page is not offered', async () => {
  const element = addElement({ search: () => [...found].reverse(), query });
  await expectTitles(element, rerankedOrder);
  findLinks(element)[0]?.focus();
  await element.refresh();
  await expectStatus(element, '3 results, best first.');
  expect(findButton(element)).toBeNull();
});

test("an order that the site's own list already has is not offered", async () => {
  const { element, list, items } = addListElement({ query });
  await expectItems(list, rerankedOrder);
  items[1]?.querySelector('a')?.focus();
  await element.refresh();
  await expectStatus(element, '3 results, best first.');
  expect(findButton(element)).toBeNull();
  expect(document.activeElement).toBe(items[1]?.querySelector('a'));
});

test('a query that is cleared while the pointer is over the list restores the order after it left', async () => {
  const { element, list, items } = addListElement({ query });
  await expectItems(list, rerankedOrder);
  await userEvent.hover(items[1] as Element);
  element.query = '';
  await settle();
  expect(readItems(list)).toEqual(rerankedOrder);
  await userEvent.hover(elsewhere);
  await expectItems(list, searchOrder);
});

test('a choice from a held list tells the place on the page', async () => {
  const element = await addHeldElement((element) => findLinks(element)[2]?.focus());
  const selected = nextEvent(element, 'rerank-select');
  element.addEventListener('rerank-select', (event) => event.preventDefault());
  findLinks(element)[2]?.click();
  expect((await selected).detail).toMatchObject({ rank: 3, originalRank: 3 });
});

test("the site's own list is held while the focus is in it, and released by blur", async () => {
  const { element, list, items } = addListElement();
  await element.updateComplete;
  const link = items[1]?.querySelector('a');
  link?.focus();
  element.query = query;
  await nextEvent(element, 'rerank-complete');
  await settle();
  expect(readItems(list)).toEqual(searchOrder);
  expect(document.activeElement).toBe(link);
  await expectStatus(element, 'A better order is ready.');
  elsewhere.focus();
  await expectItems(list, rerankedOrder);
});

test("the site's own list is held while the pointer is over it", async () => {
  const { element, list, items } = addListElement();
  await element.updateComplete;
  await userEvent.hover(items[1] as Element);
  element.query = query;
  await nextEvent(element, 'rerank-complete');
  await settle();
  expect(readItems(list)).toEqual(searchOrder);
  await userEvent.hover(elsewhere);
  await expectItems(list, rerankedOrder);
});

test("the button shows the held order of the site's own list, and the focus goes to its first result", async () => {
  const { element, list, items } = addListElement();
  await element.updateComplete;
  items[1]?.querySelector('a')?.focus();
  element.query = query;
  await nextEvent(element, 'rerank-complete');
  await expectStatus(element, 'A better order is ready.');
  findButton(element)?.focus();
  findButton(element)?.click();
  await expectItems(list, rerankedOrder);
  await expect.poll(() => document.activeElement).toBe(items[2]?.querySelector('a'));
});

test('the focus outside the list stays where it is when the order changes', async () => {
  elsewhere.focus();
  const element = addElement({ search: () => found, query });
  await expectTitles(element, rerankedOrder);
  expect(document.activeElement).toBe(elsewhere);
});
