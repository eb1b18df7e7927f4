import { afterEach, expect, test } from 'vitest';
import {
  addElement,
  createElement,
  expectStatus,
  expectTitles,
  findLinks,
  found,
  nextEvent,
  query,
  readStatus,
  readTitles,
  rerankedOrder,
  settle,
} from './stage.ts';

afterEach(() => {
  document.body.replaceChildren();
});

test('the status line says where a run stands', async () => {
  let answer = (_: typeof found): void => undefined;
  const search = () => new Promise<typeof found>((resolve) => (answer = resolve));
  const element = addElement({ search, maxTokens: 81 });
  await element.updateComplete;
  expect(readStatus(element)).toBe('');
  element.query = query;
  await expectStatus(element, /^Searching …$/);
  const started = nextEvent(element, 'rerank-start');
  answer(found);
  await started;
  await element.updateComplete;
  expect(readStatus(element)).toBe('3 results. Finding the best …');
  await expectStatus(element, /^3 results, best first\.$/);
  element.query = '';
  await expectStatus(element, /^$/);
});

test('the status line counts one result in the singular', async () => {
  const element = addElement({ search: () => found.slice(0, 1), query });
  await expectStatus(element, /^1 result\.$/);
});

test('a search without results says so, in words that the site may replace', async () => {
  const element = addElement({ search: () => [], query: 'nothing like it' });
  await expectStatus(element, 'No results for “\u2068nothing like it\u2069”.');
  element.innerHTML = '<p slot="empty">Try the <a href="#index">index</a>.</p>';
  const slot = element.renderRoot.querySelector<HTMLSlotElement>('slot[name="empty"]');
  expect(slot?.assignedElements()).toEqual([element.querySelector('p')]);
});

test('the words for a failed search may be replaced by the site', async () => {
  const element = addElement({ search: () => Promise.reject(new Error('no index')), query });
  await expectStatus(element, 'The search did not work. Try again');
  element.innerHTML = '<p slot="error">Our search is down.</p>';
  const slot = element.renderRoot.querySelector<HTMLSlotElement>('slot[name="error"]');
  expect(slot?.assignedElements()).toEqual([element.querySelector('p')]);
});

test('the status line is there before it says something, so that it is read aloud', async () => {
  const element = addElement({ search: () => found });
  await element.updateComplete;
  const status = element.renderRoot.querySelector('[role="status"]');
  element.query = query;
  await expectTitles(element, rerankedOrder);
  expect(element.renderRoot.querySelector('[role="status"]')).toBe(status);
});

test('results are a list of real links that the keyboard reaches in their order', async () => {
  const element = addElement({ search: () => found, query });
  await expectTitles(element, rerankedOrder);
  const list = element.renderRoot.querySelector('ol');
  expect(list?.getAttribute('role')).toBe('list');
  expect([...(list?.children ?? [])].map(({ localName }) => localName)).toEqual(['li', 'li', 'li']);
  const links = findLinks(element);
  expect(links.map((link) => link.getAttribute('href'))).toEqual(['#log', '#bread', '#index']);
  for (const link of links) {
    link.focus();
    expect(element.shadowRoot?.activeElement).toBe(link);
  }
});

test("the query's words are marked in titles and excerpts, whatever their case", async () => {
  const search = () => [{ title: 'Slow QUERIES', text: 'How to find a slower query.' }];
  const element = addElement({ search, query: 'find slow queries' });
  await expectStatus(element, '1 result.');
  const marks = [...element.renderRoot.querySelectorAll('mark')];
  expect(marks.map((mark) => mark.textContent)).toEqual(['Slow', 'QUERIES', 'find']);
});

test('`show-scores` shows scores and movements once the new order is shown, and only then', async () => {
  const element = addElement({ search: () => found, query, showScores: true, maxTokens: 82 });
  const readScores = (): string[] =>
    [...element.renderRoot.querySelectorAll('[part="scores"]')].map(({ textContent }) =>
      textContent.trim(),
    );
  await nextEvent(element, 'rerank-start');
  await element.updateComplete;
  expect(readScores()).toEqual([]);
  await expectTitles(element, rerankedOrder);
  // Sigmoids of the golden logits 1.170, 0.991 and 0.854, as the kernels compute them.
  expect(readScores()).toEqual([
    'Relevance 0.76 · up 2',
    'Relevance 0.73',
    'Relevance 0.70 · down 2',
  ]);
  element.showScores = false;
  await element.updateComplete;
  expect(readScores()).toEqual([]);
});

test('while the next search runs, the former results stay on the page', async () => {
  let answer = (_: typeof found): void => undefined;
  const search = (words: string) =>
    words === query ? found : new Promise<typeof found>((resolve) => (answer = resolve));
  const element = addElement({ search, query });
  await expectTitles(element, rerankedOrder);
  element.query = 'other words';
  await expectStatus(element, 'Searching');
  expect(readTitles(element)).toEqual(rerankedOrder);
  answer([]);
  await expectTitles(element, []);
});

test('a hidden element is not displayed', async () => {
  const element = addElement({ search: () => found, query, hidden: true });
  await expectTitles(element, rerankedOrder);
  expect(getComputedStyle(element).display).toBe('none');
});

test('a screen reader is told what lasts, once, and not each step', async () => {
  const element = addElement({ search: () => found });
  await element.updateComplete;
  const region = element.renderRoot.querySelector('[role="status"]');
  const told: string[] = [];
  new MutationObserver(() => told.push(region?.textContent ?? '')).observe(region as Node, {
    childList: true,
    characterData: true,
    subtree: true,
  });
  for (const words of ['f', 'fi', 'fin', query]) {
    element.query = words;
    await settle(100);
  }
  await expectTitles(element, rerankedOrder);
  await expect.poll(() => told, { timeout: 10_000 }).toContain('3 results, best first.');
  expect(told.filter((words) => words !== '')).toHaveLength(1);
});

test.for([
  ['error', () => Promise.reject(new Error('down'))],
  ['empty', () => []],
] as const)(
  'a screen reader is told the site’s own words in the slot %s',
  async ([slot, search]) => {
    const element = createElement({ search, query });
    element.innerHTML = `<p slot="${slot}">Ask in <a href="#forum">the forum</a>.</p>`;
    document.body.append(element);
    const region = (): string | null | undefined =>
      element.renderRoot.querySelector('[role="status"]')?.textContent;
    await expect.poll(region, { timeout: 5000 }).toBe('Ask in the forum.');
  },
);

test('the words count what is listed, and the rest is a button away', async () => {
  const element = addElement({ search: () => found, query, topN: 2 });
  await expectStatus(element, /^2 of 3 results, best first\.$/);
  expect(readTitles(element)).toEqual(rerankedOrder.slice(0, 2));
  const button = element.renderRoot.querySelector<HTMLElement>('[part="show-all"]');
  expect(button?.textContent.trim()).toBe('Show all 3 results');
  button?.focus();
  button?.click();
  await expectTitles(element, rerankedOrder);
  await expect.poll(() => element.shadowRoot?.activeElement?.textContent).toBe(rerankedOrder[2]);
});

test('after a failed search, one press tries again', async () => {
  let fails = true;
  const search = () => (fails ? Promise.reject(new Error('offline')) : found);
  const element = addElement({ search, query });
  await expectStatus(element, 'The search did not work.');
  fails = false;
  element.renderRoot.querySelector<HTMLElement>('[part="retry"]')?.click();
  await expectTitles(element, rerankedOrder);
});

test('the focus goes to the first result when a new search takes the focused one away', async () => {
  let answer = (_: typeof found): void => undefined;
  const search = (words: string) =>
    words === query ? found : new Promise<typeof found>((resolve) => (answer = resolve));
  const element = addElement({ search, query });
  await expectTitles(element, rerankedOrder);
  element.query = 'other words';
  await expectStatus(element, 'Searching');
  findLinks(element)[1]?.focus();
  answer([{ title: 'New', url: '#new', text: 'Something else.' }]);
  await expectTitles(element, ['New']);
  await expect.poll(() => element.shadowRoot?.activeElement?.textContent).toBe('New');
});
