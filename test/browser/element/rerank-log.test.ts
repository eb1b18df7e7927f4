import axe from 'axe-core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { judgeByClicks, parseClicks } from '../../../src/evaluate/clicks.ts';
import type { RerankLog } from 'rerank-results/log';
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
import 'rerank-results/log';

beforeEach(() => localStorage.clear());

afterEach(() => {
  vi.restoreAllMocks();
  document.body.replaceChildren();
  localStorage.clear();
  history.replaceState(null, '', location.pathname + location.search);
});

function addLog(attributes: Readonly<Record<string, string>> = {}): RerankLog {
  const log = document.createElement('rerank-log');
  for (const [name, value] of Object.entries(attributes)) log.setAttribute(name, value);
  document.body.append(log);
  return log;
}

const readStatus = (log: RerankLog): string =>
  log.renderRoot.querySelector('[part="status"]')?.textContent ?? '';

function press(log: RerankLog, part: string): void {
  log.renderRoot.querySelector<HTMLElement>(`[part="${part}"]`)?.click();
}

/** Searches, and chooses the results at these places, from 0. */
async function choose(...places: readonly number[]): Promise<void> {
  const element = addElement({ search: () => found, query });
  await expectTitles(element, rerankedOrder);
  for (const place of places) findLinks(element)[place]?.click();
}

test('without the element nothing is kept about queries and choices', async () => {
  await choose(0, 1);
  expect(Object.keys(localStorage)).toEqual([]);
  expect(Object.keys(sessionStorage).filter((key) => key.startsWith('rerank'))).toEqual([]);
});

test('a choice is kept with the order that it was made from, as the judge command reads it', async () => {
  const log = addLog();
  await choose(1);
  const [click, ...others] = parseClicks(log.read());
  expect(others).toEqual([]);
  expect(click).toMatchObject({ query, id: '#bread', rank: 2, shown: ['#log', '#bread'] });
  const [[, grades] = []] = judgeByClicks(parseClicks(log.read()), 1).qrels;
  expect([...(grades ?? [])]).toEqual([
    ['#bread', 1],
    ['#log', 0],
  ]);
  await log.updateComplete;
  expect(readStatus(log)).toContain('keeps 1 choice that');
});

test("items of the site's own list are known by the addresses of their links", async () => {
  const log = addLog();
  const { element, list, items } = addListElement();
  const complete = nextEvent(element, 'rerank-complete');
  element.query = query;
  await complete;
  await expect.poll(() => list.querySelector<HTMLAnchorElement>('li a')?.hash).toBe('#log');
  items[1]?.querySelector('a')?.click();
  expect(parseClicks(log.read())).toMatchObject([
    { query, rank: 2, id: new URL('#bread', location.href).href },
  ]);
});

test('the button takes all of it out of the browser, and keeps the focus', async () => {
  const log = addLog();
  await choose(0);
  expect(Object.keys(localStorage)).toEqual(['rerank-results-log']);
  const button = log.renderRoot.querySelector<HTMLElement>('[part="clear"]');
  button?.focus();
  button?.click();
  await log.updateComplete;
  expect(Object.keys(localStorage)).toEqual([]);
  expect(readStatus(log)).toContain('none yet');
  expect(log.shadowRoot?.activeElement).toBe(button);
});

test('the log is saved as a file', async () => {
  const log = addLog();
  await choose(0);
  const saved: HTMLAnchorElement[] = [];
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    saved.push(this);
  });
  press(log, 'download');
  expect(saved.map(({ download }) => download)).toEqual(['clicks.jsonl']);
  const text = await (await fetch(saved[0]?.href ?? '')).text();
  expect(text).toBe(log.read());
});

test('beyond the limit the oldest are forgotten', async () => {
  const log = addLog({ limit: '2' });
  await choose(0, 1, 2);
  expect(parseClicks(log.read()).map(({ id }) => id)).toEqual(['#bread', '#index']);
});

test.each([0, Number.NaN, undefined])('a limit of %s is none', async (limit) => {
  const log = Object.assign(addLog(), { limit });
  localStorage.setItem('rerank-results-log', '{}\n'.repeat(600));
  await choose(0);
  expect(log.read().trim().split('\n')).toHaveLength(500);
});

test('two logs on a page keep a choice once, and both tell when it is cleared', async () => {
  const [first, second] = [addLog(), addLog()];
  await choose(0);
  expect(parseClicks(first.read())).toHaveLength(1);
  press(first, 'clear');
  await second.updateComplete;
  expect(readStatus(second)).toContain('none yet');
});

test('what the reader did not see is not logged as passed over', async () => {
  const log = addLog();
  const element = addElement({ search: () => found, query, topN: 2, minScore: 0.2 });
  await nextEvent(element, 'rerank-complete');
  await element.updateComplete;
  const links = findLinks(element);
  links.at(-1)?.click();
  const [click] = parseClicks(log.read());
  expect(click?.shown).toEqual(links.map((link) => link.getAttribute('href')));
  expect(click?.rank).toBe(links.length);
});

test('while it is hidden it logs nothing', async () => {
  const log = addLog({ hidden: '' });
  await choose(0);
  expect(log.read()).toBe('');
});

test('has no accessibility violations, and tells when it was cleared', async () => {
  const log = addLog();
  await choose(0);
  await log.updateComplete;
  const check = await axe.run(log);
  expect(check.violations).toEqual([]);
  press(log, 'clear');
  await log.updateComplete;
  const announcement = log.renderRoot.querySelector('[role="status"]');
  expect(announcement?.textContent).toBe('The choices were deleted.');
});

test('off the page it logs nothing, and what was kept stays', async () => {
  const log = addLog();
  await choose(0);
  log.remove();
  await choose(1);
  expect(parseClicks(log.read())).toHaveLength(1);
});

test('where the browser stores nothing, the search goes on', async () => {
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('no', 'QuotaExceededError');
  });
  const log = addLog();
  await choose(0);
  expect(location.hash).toBe('#log');
  expect(log.read()).toBe('');
});
