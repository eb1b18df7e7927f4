import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { judgeByClicks, parseClicks } from '../../../src/evaluate/clicks.ts';
import guide from '../../../docs/judge.md?raw';
import {
  addElement,
  addListElement,
  expectTitles,
  findLinks,
  found,
  nextEvent,
  query,
  rerankedOrder,
} from './stage.ts';

/** The guide's own code. */
const recipe = /```js\n([^]*?)```/.exec(guide)?.[1] ?? '';

let sent: string[] = [];

beforeEach(() => {
  sent = [];
  vi.spyOn(navigator, 'sendBeacon').mockImplementation((_, line) => sent.push(line as string) > 0);
});

afterEach(() => {
  vi.restoreAllMocks();
  document.body.replaceChildren();
  history.replaceState(null, '', location.pathname + location.search);
});

function runRecipe(): void {
  const script = document.createElement('script');
  script.textContent = `{${recipe}}`;
  document.body.append(script);
}

const readLog = () => parseClicks(sent.join('\n'));

test('the guide’s recipe sends what was chosen, and the order that it was chosen from', async () => {
  const element = addElement({ search: () => found });
  runRecipe();
  const complete = nextEvent(element, 'rerank-complete');
  element.query = query;
  await complete;
  await expectTitles(element, rerankedOrder);
  findLinks(element)[1]?.click();
  const [click, ...others] = readLog();
  expect(others).toEqual([]);
  expect(click).toMatchObject({ query, id: '#bread', rank: 2, shown: ['#log', '#bread'] });
  expect(click?.run).not.toBe('');
  const [[, grades] = []] = judgeByClicks(readLog(), 1).qrels;
  expect([...(grades ?? [])]).toEqual([
    ['#bread', 1],
    ['#log', 0],
  ]);
});

test('the guide’s recipe works with the site’s own list, by the addresses of its links', async () => {
  const { element, list, items } = addListElement();
  runRecipe();
  const complete = nextEvent(element, 'rerank-complete');
  element.query = query;
  await complete;
  const link = (): HTMLAnchorElement | null => list.querySelector('li:first-child a');
  await expect.poll(() => link()?.hash).toBe('#log');
  items[1]?.querySelector('a')?.click();
  expect(readLog()).toMatchObject([{ query, rank: 2, id: new URL('#bread', location.href).href }]);
  expect(judgeByClicks(readLog(), 1).inconsistent).toBe(0);
});
