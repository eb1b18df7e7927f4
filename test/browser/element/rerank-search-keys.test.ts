import { afterEach, expect, test, vi } from 'vitest';
import { cdp, userEvent } from 'vitest/browser';
import { found, nextEvent, query, rerankedOrder, searchOrder, settle } from './stage.ts';
import {
  addSearch,
  addSearched,
  createGatedReranker,
  enterText,
  expectActive,
  expectOptions,
  find,
  findInput,
  findOptions,
  findPopup,
  press,
  readActive,
  readOptions,
  typeText,
} from './search-stage.ts';

const [first, second, last] = rerankedOrder;

afterEach(() => {
  document.body.replaceChildren();
  history.replaceState(null, '', location.pathname + location.search);
});

/** A click on a link, as it arrives at the page, which does not follow it. */
function nextClick(): Promise<MouseEvent> {
  return new Promise((resolve) => {
    const take = (event: MouseEvent): void => {
      event.preventDefault();
      resolve(event);
    };
    document.addEventListener('click', take, { once: true });
  });
}

test('typing opens a list of links in the search’s order, and then in the better one', async () => {
  const { reranker, open } = await createGatedReranker();
  const element = addSearch({ reranker });
  await typeText(element, query);
  await expectOptions(element, searchOrder);
  const input = findInput(element);
  expect(input.getAttribute('aria-expanded')).toBe('true');
  expect(input.getAttribute('aria-controls')).toBe('listbox');
  const list = element.shadowRoot?.getElementById('listbox');
  expect(list?.getAttribute('role')).toBe('listbox');
  const options = findOptions(element);
  expect(options.map((option) => option.parentElement)).toEqual([list, list, list]);
  expect(options.map((option) => option.getAttribute('href'))).toEqual([
    '#index',
    '#bread',
    '#log',
  ]);
  open();
  await expectOptions(element, rerankedOrder);
  expect(document.activeElement).toBe(element);
});

test('the arrow keys walk through the options, around the ends, and the focus stays in the field', async () => {
  const element = await addSearched(query, rerankedOrder);
  await expectActive(element, undefined);
  for (const title of [first, second, last, first]) {
    await press(element, '{ArrowDown}');
    expect(readActive(element)).toBe(title);
  }
  for (const title of [last, second, first]) {
    await press(element, '{ArrowUp}');
    expect(readActive(element)).toBe(title);
  }
  expect(element.shadowRoot?.activeElement).toBe(findInput(element));
});

test('ArrowUp begins at the last option', async () => {
  const element = await addSearched(query, rerankedOrder);
  await press(element, '{ArrowUp}');
  expect(readActive(element)).toBe(last);
});

test.each([
  ['ArrowDown', first],
  ['ArrowUp', last],
])('%s opens the closed list', async (key, title) => {
  const element = await addSearched(query, rerankedOrder);
  await press(element, '{Escape}');
  expect(readOptions(element)).toEqual([]);
  await press(element, `{${key}}`);
  expect(readOptions(element)).toEqual(rerankedOrder);
  expect(readActive(element)).toBe(title);
});

test('Alt and an arrow key open and close the list without going to an option', async () => {
  const element = await addSearched(query, rerankedOrder);
  await press(element, '{ArrowDown}{Alt>}{ArrowUp}{/Alt}');
  expect(readOptions(element)).toEqual([]);
  await press(element, '{Alt>}{ArrowDown}{/Alt}');
  expect(readOptions(element)).toEqual(rerankedOrder);
  await expectActive(element, undefined);
});

test.each([
  ['Home', 0],
  ['End', query.length],
  ['ArrowLeft', query.length - 1],
])('%s moves the caret and leaves the option', async (key, caret) => {
  const element = await addSearched(query, rerankedOrder);
  await press(element, '{ArrowDown}');
  expect(readActive(element)).toBe(first);
  await press(element, `{${key}}`);
  expect(findInput(element).selectionStart).toBe(caret);
  await expectActive(element, undefined);
  expect(readOptions(element)).toEqual(rerankedOrder);
});

test('Enter follows the active option’s link, and the list closes', async () => {
  const element = await addSearched(query, rerankedOrder);
  const selected = nextEvent(element, 'rerank-select');
  await press(element, '{ArrowDown}{ArrowDown}{Enter}');
  expect(location.hash).toBe('#bread');
  expect((await selected).detail).toMatchObject({
    query,
    result: { title: 'Bread' },
    rank: 2,
    originalRank: 2,
  });
  expect(readOptions(element)).toEqual([]);
  expect(findInput(element).value).toBe(query);
});

test('a site may take the choice: `preventDefault` keeps the link from being followed', async () => {
  const element = await addSearched(query, rerankedOrder);
  element.addEventListener('rerank-select', (event) => event.preventDefault());
  await press(element, '{ArrowDown}{Enter}');
  expect(location.hash).toBe('');
  expect(readOptions(element)).toEqual([]);
});

test('Ctrl and Enter click the link with Ctrl, which opens another tab, and the list stays', async () => {
  const element = await addSearched(query, rerankedOrder);
  const clicked = nextClick();
  await press(element, '{ArrowDown}{Control>}{Enter}{/Control}');
  const { ctrlKey } = await clicked;
  expect(ctrlKey).toBe(true);
  expect(readActive(element)).toBe(first);
});

test('a result without a URL can be chosen, and the site says what that does', async () => {
  const search = () => found.map(({ title, text }) => ({ title, text }));
  const element = await addSearched(query, rerankedOrder, { search });
  const selected = nextEvent(element, 'rerank-select');
  await press(element, '{ArrowDown}{Enter}');
  expect((await selected).detail.result).toMatchObject({ title: 'Log' });
});

test('Enter without an option searches at once and says so', async () => {
  const element = addSearch({ debounce: 1e6 });
  await enterText(element, query);
  expect(element.query).toBe('');
  const submitted = nextEvent(element, 'rerank-submit');
  await press(element, '{Enter}');
  expect((await submitted).detail).toEqual({ query });
  await expectOptions(element, rerankedOrder);
});

test('in a form, Enter without an option submits the text under the element’s name', async () => {
  const form = document.createElement('form');
  document.body.append(form);
  const element = await addSearched(query, rerankedOrder, {}, form);
  element.setAttribute('name', 'q');
  const submissions: (FormDataEntryValue | null)[] = [];
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submissions.push(new FormData(form).get('q'));
  });
  expect(element.form).toBe(form);
  await press(element, '{Enter}');
  expect(submissions).toEqual([query]);
  element.addEventListener('rerank-submit', (event) => event.preventDefault());
  await press(element, '{Enter}');
  expect(submissions).toHaveLength(1);
});

test('Escape closes the list, then clears the field, and then is the page’s', async () => {
  const element = await addSearched(query, rerankedOrder);
  const prevented: boolean[] = [];
  document.body.addEventListener('keydown', ({ defaultPrevented }) =>
    prevented.push(defaultPrevented),
  );
  await press(element, '{Escape}');
  expect(readOptions(element)).toEqual([]);
  expect(findInput(element).getAttribute('aria-expanded')).toBe('false');
  expect(element.value).toBe(query);
  await press(element, '{Escape}');
  expect(element.value).toBe('');
  expect(element.query).toBe('');
  await press(element, '{Escape}');
  expect(prevented).toEqual([true, true, false]);
});

test('in the flow, Escape leaves the option, and then clears the field', async () => {
  const element = await addSearched(query, rerankedOrder, { inline: true });
  await press(element, '{ArrowDown}{Escape}');
  expect(element.value).toBe(query);
  expect(readOptions(element)).toEqual(rerankedOrder);
  await expectActive(element, undefined);
  await press(element, '{Escape}');
  expect(element.value).toBe('');
});

test('Tab leaves for what comes next on the page, and the list closes', async () => {
  const search = () => Array.from({ length: 40 }, (_, n) => ({ title: `Result ${n}`, text: '' }));
  const element = addSearch({ search });
  const next = document.createElement('button');
  document.body.append(next);
  await enterText(element, query);
  await expect.poll(() => findOptions(element).length).toBe(11);
  await press(element, '{ArrowDown}{Tab}');
  expect(document.activeElement).toBe(next);
  expect(findPopup(element).checkVisibility()).toBe(false);
  await press(element, '{Shift>}{Tab}{/Shift}');
  expect(element.shadowRoot?.activeElement).toBe(findInput(element));
  expect(findPopup(element).checkVisibility()).toBe(false);
});

test('typing leaves the option', async () => {
  const element = await addSearched(query, rerankedOrder);
  await press(element, '{ArrowDown}');
  expect(readActive(element)).toBe(first);
  await press(element, 'x');
  expect(element.value).toBe(`${query}x`);
  await expectActive(element, undefined);
});

test('the last option lists the results beyond `top-n`, and the keyboard goes on from there', async () => {
  const element = await addSearched(query, rerankedOrder.slice(0, 2), { topN: 2 });
  await press(element, '{ArrowUp}');
  expect(readActive(element)).toBe('Show all 3 results');
  await press(element, '{Enter}');
  expect(readOptions(element)).toEqual(rerankedOrder);
  expect(readActive(element)).toBe(last);
});

test('the first of the results that were added is seen whole', async () => {
  const search = () =>
    Array.from({ length: 40 }, (_, n) => ({ title: `Result ${n}`, text: 'word '.repeat(40) }));
  const element = addSearch({ search, candidates: 40 });
  await enterText(element, query);
  await expect.poll(() => findOptions(element).length).toBe(11);
  await press(element, '{ArrowUp}{Enter}');
  expect(findOptions(element)).toHaveLength(40);
  const active = find(element, '[part~="active"]').getBoundingClientRect();
  const list = find(element, '[part="list"]').getBoundingClientRect();
  expect(list.height).toBeLessThan(40 * active.height);
  expect(active.bottom).toBeLessThanOrEqual(list.bottom + 1);
});

test('half a word of an input method is not searched, and its keys are its own', async () => {
  const searched: string[] = [];
  const search = (words: string) => {
    searched.push(words);
    return found;
  };
  const element = addSearch({ search, debounce: 0 });
  const submitted: unknown[] = [];
  element.addEventListener('rerank-submit', (event) => submitted.push(event));
  await element.updateComplete;
  element.focus();
  const session = cdp();
  const compose = (text: string): Promise<unknown> =>
    session.send('Input.imeSetComposition', { text, selectionStart: 0, selectionEnd: text.length });
  await compose('k');
  await compose('けん');
  expect(element.value).toBe('けん');
  for (const key of ['Enter', 'ArrowDown', 'Escape']) {
    const event = new KeyboardEvent('keydown', { key, isComposing: true, cancelable: true });
    findInput(element).dispatchEvent(event);
    expect(event.defaultPrevented).toBe(false);
  }
  await settle();
  expect({ searched, submitted, value: element.value }).toEqual({
    searched: [],
    submitted: [],
    value: 'けん',
  });
  await session.send('Input.insertText', { text: '検索' });
  await expectOptions(element, expect.arrayContaining(searchOrder) as string[]);
  expect(searched).toEqual(['検索']);
});

test('an element that was taken off the page at once hears no shortcut', async () => {
  const add = vi.spyOn(document, 'addEventListener');
  const element = addSearch({ shortcut: '/' });
  element.remove();
  await element.updateComplete;
  expect(add.mock.calls.filter(([type]) => type === 'keydown')).toEqual([]);
  document.body.append(element);
  expect(add.mock.calls.filter(([type]) => type === 'keydown')).toHaveLength(1);
  add.mockRestore();
});

test('a shortcut brings the focus into the field and selects its text', async () => {
  const element = await addSearched(query, rerankedOrder, { shortcut: '/ Ctrl+K' });
  const next = document.createElement('button');
  document.body.append(next);
  for (const keys of ['/', '{Control>}k{/Control}']) {
    next.focus();
    await press(element, keys);
    expect(element.shadowRoot?.activeElement).toBe(findInput(element));
    expect(findInput(element).value).toBe(query);
    expect(getSelection()?.toString()).toBe(query);
  }
  expect(findInput(element).getAttribute('aria-keyshortcuts')).toBe('/ Control+K');
});

test('a shortcut is left to other fields, to other modifiers, and to a page whose field is hidden', async () => {
  const element = addSearch({ shortcut: '/' });
  const field = document.createElement('input');
  document.body.append(field);
  await userEvent.fill(field, '');
  await press(element, '/');
  expect(field.value).toBe('/');
  expect(document.activeElement).toBe(field);

  field.blur();
  await press(element, '{Alt>}/{/Alt}');
  expect(document.activeElement).toBe(document.body);

  element.hidden = true;
  const event = new KeyboardEvent('keydown', { key: '/', bubbles: true, cancelable: true });
  document.body.dispatchEvent(event);
  expect(event.defaultPrevented).toBe(false);

  element.hidden = false;
  element.remove();
  await press(element, '/');
  expect(document.activeElement).toBe(document.body);
});
