import { afterEach, expect, test, vi } from 'vitest';
import type { Candidate } from 'rerank-results/element';
import {
  addElement,
  expectTitles,
  findLinks,
  nextEvent,
  query,
  readTitles,
  settle,
} from './stage.ts';

const attack = vi.fn();

afterEach(() => {
  attack.mockClear();
  document.body.replaceChildren();
});

Object.assign(window, { attack });

const other = { title: 'Other', text: 'Bread dough rises faster in a warm kitchen.' };

async function show(results: readonly object[], words = query) {
  const element = addElement({ search: () => results, query: words });
  await Promise.race([nextEvent(element, 'rerank-complete'), nextEvent(element, 'rerank-skip')]);
  await element.updateComplete;
  return element;
}

test.each([
  '<img src=x onerror=attack()>',
  '<script>attack()</script>',
  '</a><iframe srcdoc="<script>parent.attack()</script>"></iframe>',
  '<svg onload=attack()>',
  '${attack()}',
  '<!--',
  '&lt;b&gt;',
])('markup in titles, texts and queries is shown as text: %s', async (markup) => {
  const element = await show([{ title: markup, text: markup }, other], `find ${markup}`);
  await settle(30);
  expect(readTitles(element)).toContain(markup);
  const texts = [...element.renderRoot.querySelectorAll('[part="text"]')];
  expect(texts.map((text) => text.textContent)).toContain(markup);
  const names = [...element.renderRoot.querySelectorAll('ol *')].map(({ localName }) => localName);
  const expected = ['li', 'span', 'p', 'mark', 'a'];
  expect(names.filter((name) => !expected.includes(name))).toEqual([]);
  expect(attack).not.toHaveBeenCalled();
});

test('markup in a query without results is shown as text', async () => {
  const element = await show([], '<img src=x onerror=attack()>');
  expect(element.renderRoot.querySelector('img')).toBeNull();
  expect(element.renderRoot.textContent).toContain('<img src=x onerror=attack()>');
});

test.each([
  'javascript:attack()',
  'JaVaScRiPt:attack()',
  ' \u0001javascript:attack()',
  'java\nscript:attack()',
  'data:text/html,<script>attack()</script>',
  'vbscript:attack()',
  'blob:https://example.org/1',
  'file:///etc/passwd',
])('a url that could run code or forge a page is no link: %j', async (url) => {
  const element = await show([{ title: 'Forged', url, text: 'x' }, other]);
  expect(readTitles(element)).toContain('Forged');
  expect(findLinks(element)).toEqual([]);
});

test.each([
  ['/docs/page', '/docs/page'],
  ['../page?x=1#part', '../page?x=1#part'],
  ['//example.org/page', '//example.org/page'],
  ['https://example.org/', 'https://example.org/'],
  ['mailto:someone@example.org', 'mailto:someone@example.org'],
])('a usual url is a link: %s', async (url, href) => {
  const element = await show([{ title: 'Usual', url, text: 'x' }, other]);
  expect(findLinks(element).map((link) => link.getAttribute('href'))).toEqual([href]);
});

test('results with the same id are all shown, also when they come again', async () => {
  const results = ['1', '2', '3', '4'].map((name) => ({ id: 'same', title: name, text: name }));
  const tricky = [{ id: 'same#2', title: '0', text: '0' }, ...results];
  const element = await show(tricky);
  const { runState } = element;
  const candidates = 'candidates' in runState ? (runState.candidates as readonly Candidate[]) : [];
  expect(new Set(candidates.map(({ id }) => id)).size).toBe(5);
  expect(readTitles(element).sort()).toEqual(['0', '1', '2', '3', '4']);
  element.search = () => [...tricky].reverse();
  await nextEvent(element, 'rerank-complete');
  await element.updateComplete;
  expect(readTitles(element).sort()).toEqual(['0', '1', '2', '3', '4']);
});

test('a result without a title is named by its url, else by its text', async () => {
  const element = await show([
    { title: null, url: '#null', text: 'One' },
    { title: undefined, text: 'Two' },
    { title: '', text: `Three ${'long '.repeat(100)}` },
  ]);
  const titles = readTitles(element).sort();
  expect(titles[0]).toBe('#null');
  expect(titles[1]).toMatch(/^Three long/);
  expect(titles[1]?.length).toBeLessThanOrEqual(80);
  expect(titles[2]).toBe('Two');
});

test('fields of other kinds than text survive', async () => {
  const element = await show([
    { id: 7, title: 42, text: ['a', 'list'], url: { toString: () => 'javascript:attack()' } },
    { id: null, title: { toString: () => 'object' }, text: 3.5, url: 9 },
    { title: Symbol('s'), text: () => 'function' },
    other,
  ]);
  // The third has nothing that can be shown.
  expect(readTitles(element)).toHaveLength(3);
  expect(readTitles(element)).toContain('42');
  expect(attack).not.toHaveBeenCalled();
});

test('entries that are no results are left out', async () => {
  const element = await show([null, undefined, 3, [], true, other, 'A text.'] as never);
  expect(readTitles(element).sort()).toEqual(['A text.', 'Other']);
});

test('a result with `__proto__` and `constructor` keys is one like others and changes nothing', async () => {
  const json = `[
    {"__proto__": {"title": "Inherited", "polluted": true}, "title": "Own", "text": "x"},
    {"constructor": {"prototype": {"polluted": true}}, "id": "__proto__", "title": "Second", "text": "y"},
    {"__proto__": {"title": "Inherited", "url": "#inherited"}, "text": "z"}
  ]`;
  const endpoint = URL.createObjectURL(new Blob([json]));
  const element = addElement({ endpoint, query, fields: '__proto__ constructor text' });
  const { detail } = await nextEvent(element, 'rerank-complete');
  expect(detail.results).toHaveLength(3);
  await element.updateComplete;
  expect(readTitles(element).sort()).toEqual(['Own', 'Second', 'z']);
  expect(findLinks(element)).toEqual([]);
  expect('polluted' in {}).toBe(false);
});

test('a result of a million characters is shown as an excerpt, and in time', async () => {
  const long = 'word '.repeat(200_000);
  const start = performance.now();
  const element = await show([{ title: 'Long', text: long }, other]);
  expect(performance.now() - start).toBeLessThan(10_000);
  const texts = [...element.renderRoot.querySelectorAll('[part="text"]')];
  for (const text of texts) expect(text.textContent.length).toBeLessThan(300);
});

test('a query with the signs of regular expressions is searched like others', async () => {
  const element = await show(
    [other, { title: 'C++ (a|b)* [x] \\d $1', text: 'x' }],
    'C++ (a|b)* \\d',
  );
  await expectTitles(element, readTitles(element));
  const marks = [...element.renderRoot.querySelectorAll('mark')];
  expect(marks.every((mark) => /^\w+$/.test(mark.textContent))).toBe(true);
});
