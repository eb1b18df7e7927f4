import { afterEach, beforeEach, expect, test } from 'vitest';
import { cdp, userEvent } from 'vitest/browser';
import {
  found,
  movePointerAway,
  nextEvent,
  query,
  rerankedOrder,
  searchOrder,
  settle,
} from './stage.ts';
import {
  addSearch,
  addSearched,
  createGatedReranker,
  enterText,
  expectActive,
  expectOptions,
  expectSearchStatus,
  find,
  findInput,
  findOptions,
  press,
  readActive,
  readOptions,
} from './search-stage.ts';

let elsewhere: HTMLButtonElement;

beforeEach(async () => {
  elsewhere = await movePointerAway();
});

afterEach(() => {
  document.body.replaceChildren();
  history.replaceState(null, '', location.pathname + location.search);
});

test('a click follows a result’s link, tells the choice, and closes the list', async () => {
  const element = await addSearched(query, rerankedOrder);
  const selected = nextEvent(element, 'rerank-select');
  await userEvent.click(findOptions(element)[1] as Element);
  expect((await selected).detail).toMatchObject({ rank: 2, result: { title: 'Bread' } });
  expect(location.hash).toBe('#bread');
  expect(readOptions(element)).toEqual([]);
});

test('a press on a result takes no focus from the field, so that the list is there for the click', async () => {
  const element = await addSearched(query, rerankedOrder);
  const pressed: boolean[] = [];
  findOptions(element)[0]?.addEventListener('mousedown', () => {
    setTimeout(() =>
      pressed.push(
        element.shadowRoot?.activeElement === findInput(element),
        readOptions(element).length === 3,
      ),
    );
  });
  await userEvent.click(findOptions(element)[0] as Element, { delay: 30 });
  expect(pressed).toEqual([true, true]);
  expect(location.hash).toBe('#log');
});

test.each([
  ['click', { modifiers: ['Control'] }],
  ['auxclick', { button: 'middle' }],
] as const)('a %s for another tab is the link’s own, and the list stays', async (type, options) => {
  const element = await addSearched(query, rerankedOrder);
  const clicks: boolean[] = [];
  document.addEventListener(
    type,
    (event) => {
      clicks.push(event.defaultPrevented);
      event.preventDefault();
    },
    { once: true },
  );
  await userEvent.click(
    findOptions(element)[0] as Element,
    {
      ...options,
    } as Parameters<typeof userEvent.click>[1],
  );
  expect(clicks).toEqual([false]);
  expect(readOptions(element)).toEqual(rerankedOrder);
});

test('a tap follows a result’s link', async () => {
  const element = await addSearched(query, rerankedOrder);
  const selected = nextEvent(element, 'rerank-select');
  const { x, y } = findOptions(element)[2]?.getBoundingClientRect() ?? new DOMRect();
  const frame = window.frameElement?.getBoundingClientRect() ?? new DOMRect();
  const scale = frame.width / window.innerWidth || 1;
  const touchPoints = [{ x: frame.x + (x + 20) * scale, y: frame.y + (y + 12) * scale }];
  const session = cdp();
  await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints });
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  expect((await selected).detail.result).toMatchObject({ title: 'Index' });
});

test('a press elsewhere closes the list, and one on the field opens it again', async () => {
  const element = await addSearched(query, rerankedOrder);
  await userEvent.click(elsewhere);
  expect(readOptions(element)).toEqual([]);
  await userEvent.click(findInput(element));
  await expectOptions(element, rerankedOrder);
});

test('the clear button empties the field and keeps the focus in it', async () => {
  const element = await addSearched(query, rerankedOrder);
  const clear = find(element, '[part="clear"]');
  await userEvent.click(clear);
  await element.updateComplete;
  expect(element.value).toBe('');
  expect(readOptions(element)).toEqual([]);
  expect(clear.checkVisibility()).toBe(false);
  expect(element.shadowRoot?.activeElement).toBe(findInput(element));
});

/** An element whose better order comes while the reader does something with the list. */
async function addHeld(use: (options: HTMLElement[]) => unknown) {
  const { reranker, open } = await createGatedReranker();
  const element = await addSearched(query, searchOrder, { reranker });
  await use(findOptions(element));
  const completed = nextEvent(element, 'rerank-complete');
  open();
  await completed;
  await element.updateComplete;
  return element;
}

test('while the keyboard is at an option, nothing moves, and the better order is offered', async () => {
  const element = await addHeld(() => userEvent.keyboard('{ArrowDown}{ArrowDown}'));
  expect(readOptions(element)).toEqual(searchOrder);
  expect(readActive(element)).toBe('Bread');
  await expectSearchStatus(element, /^A better order is ready. Show the better order$/);
  await press(element, '{ArrowDown}');
  expect(readActive(element)).toBe('Log');
});

test.each([
  ['the reader leaves the option', '{Home}'],
  ['the list is opened again', '{Escape}{Alt>}{ArrowDown}{/Alt}'],
])('a held order is shown when %s', async (_, keys) => {
  const element = await addHeld(() => userEvent.keyboard('{ArrowDown}'));
  await press(element, keys);
  expect(readOptions(element)).toEqual(rerankedOrder);
  await expectSearchStatus(element, /^3 results, best first\.$/);
});

test('the keyboard reaches the button of a held order, which brings the focus back to the field', async () => {
  const element = await addHeld(() => userEvent.keyboard('{ArrowDown}'));
  await press(element, '{Tab}');
  expect(element.shadowRoot?.activeElement).toBe(find(element, '[part="show-order"]'));
  expect(readOptions(element)).toEqual(searchOrder);
  await press(element, '{Enter}');
  expect(readOptions(element)).toEqual(rerankedOrder);
  expect(element.shadowRoot?.activeElement).toBe(findInput(element));
  await expectActive(element, undefined);
});

test('a held order tells the place on the page where a result is chosen', async () => {
  const element = await addHeld(() => userEvent.keyboard('{ArrowDown}'));
  const selected = nextEvent(element, 'rerank-select');
  await press(element, '{Enter}');
  expect((await selected).detail).toMatchObject({ rank: 1, result: { title: 'Index' } });
});

test('while the pointer is moved over the list, nothing moves until it leaves', async () => {
  const element = await addHeld(([first]) => userEvent.hover(first as Element));
  expect(readOptions(element)).toEqual(searchOrder);
  await expectSearchStatus(element, /^A better order is ready/);
  await userEvent.hover(elsewhere);
  await expectOptions(element, rerankedOrder);
});

test('a pointer that rests where the list opens does not hold the order', async () => {
  const element = addSearch();
  await element.updateComplete;
  const { bottom } = findInput(element).getBoundingClientRect();
  const below = document.createElement('p');
  below.textContent = 'The page below the field.';
  below.style.cssText = `position: absolute; top: ${bottom + 20}px; left: 20px; margin: 0`;
  document.body.append(below);
  await userEvent.hover(below);
  await enterText(element, query);
  await expectOptions(element, rerankedOrder);
  const { top, left } = below.getBoundingClientRect();
  const pointed = element.shadowRoot?.elementFromPoint(left + 5, top + 5);
  expect(pointed?.closest('[role="option"]')).not.toBeNull();
});

test('results of another query wait while the reader is at a result of the last one', async () => {
  let answer = (_: typeof found): void => undefined;
  const search = (words: string) =>
    words === query ? found : new Promise<typeof found>((resolve) => (answer = resolve));
  const element = await addSearched(query, rerankedOrder, { search });
  await enterText(element, 'bread');
  await expectSearchStatus(element, 'Searching …');
  // While a search runs, the last results stay.
  expect(readOptions(element)).toEqual(rerankedOrder);
  await press(element, '{ArrowDown}');
  answer(found.slice(1, 2));
  await expectSearchStatus(element, /^Newer results are ready. Show the newer results$/);
  expect(readOptions(element)).toEqual(rerankedOrder);
  expect(readActive(element)).toBe('Log');
  await userEvent.click(find(element, '[part="show-order"]'));
  await expectOptions(element, ['Bread']);
  await expectActive(element, undefined);
});

test('a choice from results that wait for newer ones tells the query that found them', async () => {
  let answer = (_: typeof found): void => undefined;
  const search = (words: string) =>
    words === query ? found : new Promise<typeof found>((resolve) => (answer = resolve));
  const element = await addSearched(query, rerankedOrder, { search });
  await enterText(element, 'bread');
  await expectSearchStatus(element, 'Searching …');
  await press(element, '{ArrowDown}');
  answer([]);
  await settle();
  const selected = nextEvent(element, 'rerank-select');
  await press(element, '{Enter}');
  expect((await selected).detail).toMatchObject({ query, result: { title: 'Log' } });
});
