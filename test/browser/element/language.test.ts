import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addMessages } from 'rerank-results/element';
import type { RerankLog } from 'rerank-results/log';
import 'rerank-results/locales/de';
import 'rerank-results/locales/fr';
import 'rerank-results/locales/he';
import 'rerank-results/log';
import { addElement, expectStatus, expectTitles, found, query, rerankedOrder } from './stage.ts';
import { addSearch, addSearched, find, findInput, findPopup } from './search-stage.ts';

const page = document.documentElement;

beforeEach(() => localStorage.clear());

afterEach(() => {
  document.body.replaceChildren();
  page.lang = 'en';
  page.dir = '';
});

/** An element whose status line counts its one result. */
const addCounting = () => addElement({ search: () => found.slice(0, 1), query });

function addLog(parent: ParentNode = document.body): RerankLog {
  const log = document.createElement('rerank-log');
  parent.append(log);
  return log;
}

const readLog = (log: RerankLog): string | undefined =>
  log.renderRoot.querySelector('[part="clear"]')?.textContent;

async function expectLog(log: RerankLog, words: string): Promise<void> {
  await expect.poll(() => readLog(log)).toBe(words);
}

const IN_ENGLISH = 'Clear the choices';
const IN_GERMAN = 'Einträge löschen';
const IN_FRENCH = 'Effacer les choix';

describe('the language of an element', () => {
  test('is that of the page', async () => {
    page.lang = 'de';
    const element = addCounting();
    await expectStatus(element, /^1 Ergebnis\.$/);
    const search = addSearch();
    await expect.poll(() => find(search, 'label').textContent).toBe('Suche');
    expect(findInput(search).placeholder).toBe('Suche');
    expect(find(search, '[part="clear"]').ariaLabel).toBe('Suchfeld leeren');
    await expectLog(addLog(), IN_GERMAN);
  });

  test('is its own or that of the nearest ancestor, also outside of a shadow root', async () => {
    const outer = document.createElement('div');
    outer.lang = 'fr';
    document.body.append(outer);
    const root = outer.attachShadow({ mode: 'open' });
    const inOuter = addLog(root);
    await expectLog(inOuter, IN_FRENCH);
    const own = document.createElement('rerank-log');
    own.lang = 'de-CH';
    root.append(own);
    await expectLog(own, IN_GERMAN);
    expect(readLog(inOuter)).toBe(IN_FRENCH);
  });

  test('follows the page, an ancestor outside of a shadow root, and its own attribute', async () => {
    const outer = document.createElement('div');
    document.body.append(outer);
    const root = outer.attachShadow({ mode: 'open' });
    const log = addLog(root);
    await expectLog(log, IN_ENGLISH);
    page.lang = 'de';
    await expectLog(log, IN_GERMAN);
    outer.lang = 'fr';
    await expectLog(log, IN_FRENCH);
    log.lang = 'de';
    await expectLog(log, IN_GERMAN);
    log.removeAttribute('lang');
    outer.removeAttribute('lang');
    page.lang = 'en';
    await expectLog(log, IN_ENGLISH);
  });

  test('is that of its new place when it moves, also after it was off the page', async () => {
    const german = document.createElement('div');
    german.lang = 'de';
    document.body.append(german);
    const log = addLog();
    await expectLog(log, IN_ENGLISH);
    german.append(log);
    await expectLog(log, IN_GERMAN);
    log.remove();
    german.lang = 'fr';
    german.append(log);
    await expectLog(log, IN_FRENCH);
  });

  test('is English where the page has none, or one that is no language', async () => {
    page.removeAttribute('lang');
    const log = addLog();
    await expectLog(log, IN_ENGLISH);
    page.lang = 'german_DE';
    await log.updateComplete;
    expect(readLog(log)).toBe(IN_ENGLISH);
  });
});

describe('words that are added', () => {
  test('with a language that comes late are taken at once, and the results stay', async () => {
    page.lang = 'ja';
    const element = addElement({ search: () => found, query });
    await expectTitles(element, rerankedOrder);
    await expectStatus(element, '3 results, best first.');
    const links = [...element.renderRoot.querySelectorAll('a')];
    await import('rerank-results/locales/ja');
    await expectStatus(element, /^検索結果 3 件（関連度の高い順）。$/);
    expect([...element.renderRoot.querySelectorAll('a')]).toEqual(links);
  });

  test('by the site change single words on elements that are there', async () => {
    page.lang = 'fr';
    const search = addSearch();
    const log = addLog();
    await expectLog(log, IN_FRENCH);
    addMessages('fr', { search: 'Chercher dans le manuel' });
    await expect.poll(() => find(search, 'label').textContent).toBe('Chercher dans le manuel');
    expect(readLog(log)).toBe(IN_FRENCH);
  });
});

/** The nearest element that says in which language this one's text is; without any, the page does. */
const markOf = (element: Element | null | undefined): string | undefined =>
  element?.querySelector('[lang]')?.getAttribute('lang') ?? undefined;

describe('a page in a language that the elements do not have', () => {
  test('has their words in English, marked so, and its own texts unmarked', async () => {
    page.lang = 'fi';
    const element = addElement({ search: () => found, query, topN: 2, showScores: true });
    await expectStatus(element, '2 of 3 results, best first.');
    const marked = [...element.renderRoot.querySelectorAll('[lang]')];
    expect(new Set(marked.map(({ parentElement }) => parentElement?.getAttribute('part')))).toEqual(
      new Set(['status', 'switch-order', 'show-all', 'scores']),
    );
    for (const mark of marked) {
      expect([mark.getAttribute('lang'), mark.getAttribute('dir')]).toEqual(['en', 'ltr']);
    }
    const announcement = element.renderRoot.querySelector('[role="status"]');
    await expect.poll(() => announcement?.textContent).toBe('2 of 3 results, best first.');
    expect(markOf(announcement)).toBe('en');
  });

  test('has those words unmarked that the site says in its language', async () => {
    page.lang = 'et';
    addMessages('et', { clearLog: 'Kustuta valikud' });
    const log = addLog();
    await expectLog(log, 'Kustuta valikud');
    expect(markOf(log.renderRoot.querySelector('[part="clear"]'))).toBeUndefined();
    expect(markOf(log.renderRoot.querySelector('[part="status"]'))).toBe('en');
  });

  test('has the site’s own label unmarked', async () => {
    page.lang = 'fi';
    const search = addSearch({ label: 'Haku' });
    await search.updateComplete;
    expect(markOf(find(search, 'label'))).toBeUndefined();
    search.label = undefined;
    await search.updateComplete;
    expect(markOf(find(search, 'label'))).toBe('en');
    expect(find(search, '[part="clear"]').lang).toBe('en');
  });
});

test('words in the language of the page are not marked with it', async () => {
  page.lang = 'de-AT';
  const element = addElement({ search: () => found, query });
  await expectStatus(element, '3 Ergebnisse, beste zuerst.');
  expect(element.renderRoot.querySelectorAll('[lang]')).toHaveLength(0);
});

const edges = (element: Element): DOMRect => element.getBoundingClientRect();

describe('a page that is read from right to left', () => {
  test('has the words in its direction, and numbers counted in its language', async () => {
    page.lang = 'he';
    page.dir = 'rtl';
    const element = addElement({ search: () => found.slice(0, 2), query });
    await expectStatus(element, /^שתי תוצאות/);
    const status = element.renderRoot.querySelector('[part="status"]');
    const words = status?.querySelector('span');
    expect(words?.dir).toBe('rtl');
    expect(status && getComputedStyle(status).direction).toBe('rtl');
  });

  test('has an English line read from left to right, at the right edge, with its full stop at its end', async () => {
    page.lang = 'fa';
    page.dir = 'rtl';
    const element = addCounting();
    await expectStatus(element, /^1 result\.$/);
    const status = element.renderRoot.querySelector('[part="status"]');
    const words = status?.querySelector('span');
    if (!status || !words) throw new Error('No words.');
    expect(words.dir).toBe('ltr');
    expect(edges(words).right).toBeCloseTo(edges(status).right, 0);
    const text = [...words.childNodes].find(
      (child): child is Text => child instanceof Text && child.data !== '',
    );
    if (!text) throw new Error('No text.');
    const edgeOf = (character: number): number => {
      const range = new Range();
      range.setStart(text, character);
      range.setEnd(text, character + 1);
      return range.getBoundingClientRect().left;
    };
    expect(edgeOf('1 result.'.indexOf('.'))).toBeGreaterThan(edgeOf(0));
  });

  test('has the list with scores after their titles, to the left', async () => {
    page.lang = 'he';
    page.dir = 'rtl';
    const search = () => found.map((one) => ({ ...one, title: `דף ${one.title}` }));
    const element = addElement({ search, query, showScores: true });
    await expect
      .poll(() => element.renderRoot.querySelector('[part="scores"]')?.textContent)
      .toContain('רלוונטיות');
    const [link, scores] = ['link', 'scores'].map((part) =>
      element.renderRoot.querySelector(`[part="${part}"]`),
    );
    if (!link || !scores) throw new Error('No scores.');
    expect(edges(scores).right).toBeLessThan(edges(link).left);
    expect(edges(link).right).toBeCloseTo(edges(element).right, 0);
  });

  test('has an English text below its title, at the right edge, and so in the field', async () => {
    page.lang = 'he';
    page.dir = 'rtl';
    const list = addElement({ search: () => found, query });
    await expectStatus(list, /^3 תוצאות/);
    const search = await addSearched(query, rerankedOrder);
    for (const [element, around] of [
      [list, '[part="item"]'],
      [search, '[part="option"]'],
    ] as const) {
      const box = element.renderRoot.querySelector(around);
      const text = box?.querySelector('[part="text"]');
      if (!box || !text) throw new Error('No text.');
      expect(getComputedStyle(text).direction).toBe('ltr');
      const words = new Range();
      words.selectNodeContents(text);
      const inner = edges(box).right - parseFloat(getComputedStyle(box).paddingRight);
      expect(Math.max(...[...words.getClientRects()].map(({ right }) => right))).toBeCloseTo(
        inner,
        0,
      );
    }
  });

  test('has the field mirrored, and the popup below its right edge', async () => {
    page.lang = 'he';
    page.dir = 'rtl';
    const parent = document.createElement('div');
    parent.style.cssText = 'width: 200px; margin: 0 20px; --rerank-popup-width: 300px';
    document.body.append(parent);
    const search = await addSearched(query, rerankedOrder, {}, parent);
    const [icon, input, clear] = ['icon', 'input', 'clear'].map((part) =>
      edges(find(search, `[part="${part}"]`)),
    ) as [DOMRect, DOMRect, DOMRect];
    expect(icon.left).toBeGreaterThanOrEqual(input.right);
    expect(clear.right).toBeLessThanOrEqual(input.left);
    const popup = edges(findPopup(search));
    expect(popup.right).toBeCloseTo(edges(search).right, 0);
    expect(popup.width).toBeGreaterThan(200);
    expect(popup.left).toBeGreaterThanOrEqual(0);
  });

  test('has no accessibility violations', async () => {
    page.lang = 'he';
    page.dir = 'rtl';
    const search = await addSearched(query, rerankedOrder.slice(0, 2), { topN: 2 });
    const log = addLog();
    await log.updateComplete;
    const { violations, passes } = await axe.run(search);
    const ofLog = await axe.run(log);
    expect([...violations, ...ofLog.violations].map(({ id }) => id)).toEqual([]);
    expect(passes.map(({ id }) => id)).toContain('aria-required-children');
    expect(search.isConnected).toBe(true);
  });
});
