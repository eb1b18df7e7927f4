import { afterEach, expect, test } from 'vitest';
import {
  addElement,
  addListElement,
  findLinks,
  movePointerAway,
  nextEvent,
  query,
  readStatus,
} from './stage.ts';
import { addSearch, enterText } from './search-stage.ts';

afterEach(() => {
  document.body.replaceChildren();
});

const other = { title: 'Other', text: 'Bread dough rises faster in a warm kitchen.' };
const makeResults = (count: number): object[] =>
  Array.from({ length: count }, (_, index) => ({
    title: `Result ${index}`,
    text: `Row ${index} of the disk`,
    url: `/page/${index}`,
  }));

test('of a search that answers with 10,000 results and more the element takes 1,000, and lists few', async () => {
  const search = (_query: string, { limit }: { limit: number }): object[] => {
    expect(limit).toBe(1000);
    return makeResults(10_000);
  };
  const element = addElement({ search, query, candidates: 10_000, mergeSimilar: true });
  const started = await nextEvent(element, 'rerank-start');
  expect(started.detail.count).toBe(1000);
  await element.updateComplete;
  expect(findLinks(element)).toHaveLength(10);
  expect(readStatus(element)).toContain('10 of 1,000 results');
});

test('among 1,000 candidates a newer query ends the older one, and has its own results', async () => {
  const search = (words: string): object[] =>
    words === 'old' ? makeResults(1000) : [other, other];
  const element = addElement({ search, query: 'old', candidates: 1000 });
  await nextEvent(element, 'rerank-partial');
  const completed: string[] = [];
  element.addEventListener('rerank-complete', ({ detail }) => completed.push(detail.query));
  element.query = 'new';
  await nextEvent(element, 'rerank-complete');
  expect(completed).toEqual(['new']);
});

test("a site's own list of 10,000 items keeps all of them, the first ones in a new order", async () => {
  await movePointerAway();
  const { element, list, items } = addListElement({ candidates: 20 });
  const more = Array.from({ length: 10_000 }, (_, index) => {
    const item = document.createElement('li');
    item.textContent = `Item ${index}`;
    return item;
  });
  list.append(...more);
  element.query = query;
  await nextEvent(element, 'rerank-complete');
  await element.updateComplete;
  const shown = [...list.children];
  expect(new Set(shown)).toEqual(new Set([...items, ...more]));
  expect(shown.slice(0, items.length)).not.toEqual(items);
  expect(shown.slice(20)).toEqual([...items, ...more].slice(20));
  // The site adds one in the middle, which stays where it was put.
  const late = document.createElement('li');
  late.textContent = 'Late item';
  shown[5000]?.after(late);
  await nextEvent(element, 'rerank-complete');
  await element.updateComplete;
  expect(late.previousElementSibling).toBe(shown[5000]);
  expect(list.childElementCount).toBe(items.length + 10_001);
});

test.each([
  ['1 megabyte', 1],
  ['10 megabytes', 10],
])('a result of %s is shown as an excerpt, whole or in passages', async (_size, megabytes) => {
  const long = 'word '.repeat(200_000 * megabytes);
  for (const longDocuments of ['truncate', 'best-passage'] as const) {
    const search = (): object[] => [{ title: 'Long', text: long }, other];
    const element = addElement({ search, query: 'a word', longDocuments });
    const { detail } = await nextEvent(element, 'rerank-complete');
    expect(detail.results).toHaveLength(2);
    await element.updateComplete;
    for (const text of element.renderRoot.querySelectorAll('[part="text"]')) {
      expect(text.textContent.length).toBeLessThan(300);
    }
  }
});

test('of a title of 10,000 lines its beginning is shown', async () => {
  const title = 'A line of a title\n'.repeat(10_000);
  const search = (): object[] => [{ title, text: 'x' }, other];
  const element = addElement({ search, query });
  const field = addSearch({ search, query, inline: true });
  await Promise.all([nextEvent(element, 'rerank-complete'), nextEvent(field, 'rerank-complete')]);
  await element.updateComplete;
  await field.updateComplete;
  for (const { renderRoot } of [element, field]) {
    const names = [...renderRoot.querySelectorAll('[part="link"], [part="title"]')];
    const [name = ''] = names.map((one) => one.textContent).filter((text) => text.length > 10);
    expect(name).toBe(`${title.slice(0, 300)} …`);
  }
});

test('of a query of a megabyte 10,000 characters are searched and read, and 100 repeated', async () => {
  const asked: number[] = [];
  const search = (words: string): object[] => {
    asked.push(words.length);
    return words.startsWith('none') ? [] : [other, { title: 'Disk', text: 'The disk is full.' }];
  };
  const element = addSearch({ search, inline: true });
  const completed = nextEvent(element, 'rerank-complete');
  await enterText(element, 'disk '.repeat(200_000));
  expect((await completed).detail.usage.truncatedQuery).toBe(true);
  const skipped = nextEvent(element, 'rerank-skip');
  await enterText(element, 'none '.repeat(200_000));
  await skipped;
  await element.updateComplete;
  expect(asked).toEqual([10_000, 10_000]);
  const status = element.renderRoot.querySelector('[part="status"]')?.textContent.trim() ?? '';
  expect(status).toMatch(/^No results for “.{100,110}”\.$/u);
});
