import axe from 'axe-core';
import { afterEach, expect, test, vi } from 'vitest';
import { RerankSearch } from 'rerank-results/search';
import { found, nextEvent, query, rerankedOrder, searchOrder, settle } from './stage.ts';
import {
  addSearch,
  addSearched,
  createGatedReranker,
  enterText,
  expectOptions,
  expectSearchStatus,
  find,
  findInput,
  findPopup,
  press,
  readOptions,
  readSearchStatus,
} from './search-stage.ts';

afterEach(() => {
  localStorage.clear();
  document.documentElement.style.cssText = '';
  document.body.replaceChildren();
});

/** What axe-core has against the element, in a light and in a dark page. */
async function findViolations(element: RerankSearch): Promise<string[]> {
  await element.updateComplete;
  const violations: string[] = [];
  // What is seen through the element: without it, axe-core takes a dark page for a white one.
  document.documentElement.style.background = 'Canvas';
  for (const scheme of ['light', 'dark']) {
    document.documentElement.style.colorScheme = scheme;
    const results = await axe.run(element);
    for (const { id, nodes } of results.violations) {
      violations.push(`${scheme} ${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    }
    expect(results.passes.length).toBeGreaterThan(5);
  }
  return violations;
}

test('axe-core finds nothing wrong with the field, closed, disabled, or with a visible label', async () => {
  const element = addSearch();
  expect(await findViolations(element)).toEqual([]);
  element.showLabel = true;
  expect(await findViolations(element)).toEqual([]);
  element.formDisabledCallback(true);
  expect(await findViolations(element)).toEqual([]);
});

test('axe-core finds nothing wrong with the open list, at an option, with scores and in the flow', async () => {
  const element = await addSearched(query, rerankedOrder);
  expect(await findViolations(element)).toEqual([]);
  await press(element, '{ArrowDown}');
  expect(await findViolations(element)).toEqual([]);
  element.showScores = true;
  element.topN = 2;
  await press(element, '{ArrowUp}');
  expect(await findViolations(element)).toEqual([]);
  element.inline = true;
  expect(await findViolations(element)).toEqual([]);
});

test('a search without results says so', async () => {
  const element = addSearch({ search: () => [] });
  await enterText(element, 'nothing');
  await expectSearchStatus(element, 'No results for “\u2068nothing\u2069”.');
  expect(findInput(element).getAttribute('aria-expanded')).toBe('false');
  expect(await findViolations(element)).toEqual([]);
});

test('a failed search can be tried again, and the focus goes back to the field', async () => {
  let fails = true;
  const search = () => (fails ? Promise.reject(new Error('offline')) : found);
  const element = addSearch({ search });
  await enterText(element, query);
  await expectSearchStatus(element, 'The search did not work. Try again');
  expect(await findViolations(element)).toEqual([]);
  fails = false;
  await press(element, '{Tab}{Enter}');
  expect(element.shadowRoot?.activeElement).toBe(findInput(element));
  await expectOptions(element, rerankedOrder);
});

test('a search that fails while the reader is at an option leaves the results in their place', async () => {
  let goOn = () => {};
  const atOption = new Promise<void>((resolve) => (goOn = resolve));
  const search = async (words: string) => {
    if (words === query) return found;
    await atOption;
    throw new Error('offline');
  };
  const element = await addSearched(query, rerankedOrder, { search });
  await enterText(element, 'other');
  await press(element, '{ArrowDown}');
  goOn();
  await expectSearchStatus(element, 'The search did not work.');
  expect(readOptions(element)).toEqual(rerankedOrder);
  await press(element, '{Home}');
  expect(readOptions(element)).toEqual([]);
  expect(readSearchStatus(element)).toContain('The search did not work.');
});

test('a reranking that fails leaves the search’s order', async () => {
  const element = await addSearched(query, searchOrder, { modelBase: '/nowhere/' });
  await expectSearchStatus(element, /in the search’s order/);
  expect(readOptions(element)).toEqual(searchOrder);
});

test('where the reader must be asked, the search’s order stays beside the question', async () => {
  const element = addSearch({ consent: 'ask', maxTokens: 77 });
  await caches.delete('rerank-results-models-1');
  await enterText(element, query);
  await expectSearchStatus(element, /Improve the order: loads 1 MB once$/);
  expect(readOptions(element)).toEqual(searchOrder);
  expect(await findViolations(element)).toEqual([]);
  await press(element, '{Tab}{Enter}');
  expect(element.shadowRoot?.activeElement).toBe(findInput(element));
  await expectOptions(element, rerankedOrder);
  await expectSearchStatus(element, '3 results, best first.');
});

test('a screen reader is told what lasts, once, and not after the reader went on', async () => {
  const element = addSearch();
  await element.updateComplete;
  const region = find(element, '[role="status"]');
  const told: string[] = [];
  new MutationObserver(() => told.push(region.textContent)).observe(region, {
    childList: true,
    characterData: true,
    subtree: true,
  });
  await enterText(element, 'find');
  await enterText(element, query);
  await expect.poll(() => told, { timeout: 10_000 }).toContain('3 results, best first.');
  expect(told.filter((words) => words !== '')).toHaveLength(1);

  await enterText(element, 'other');
  await nextEvent(element, 'rerank-complete');
  findInput(element).blur();
  await settle(1200);
  expect(told.filter((words) => words !== '')).toHaveLength(1);
});

test('the query, the value and the text in the field are one', async () => {
  const element = addSearch();
  await enterText(element, ` ${query} `);
  await expectOptions(element, rerankedOrder);
  expect([element.query, element.value]).toEqual([query, ` ${query} `]);

  element.query = 'bread';
  await element.updateComplete;
  expect([findInput(element).value, element.value]).toEqual(['bread', 'bread']);
  element.value = 'index';
  await element.updateComplete;
  expect([findInput(element).value, element.query]).toEqual(['index', 'index']);
  element.value = '';
  await element.updateComplete;
  expect(element.runState.phase).toBe('idle');
});

test('a query that the site sets wins over one that the reader has not finished', async () => {
  const search = vi.fn(() => found);
  const element = addSearch({ search, debounce: 60 });
  await enterText(element, 'unfinished');
  element.query = query;
  await expect.poll(() => search.mock.calls.length).toBe(1);
  await settle(150);
  expect(search).toHaveBeenCalledOnce();
  expect(findInput(element).value).toBe(query);
});

test('a query from the site opens nothing until the reader comes', async () => {
  const element = addSearch({ query });
  await nextEvent(element, 'rerank-complete');
  await element.updateComplete;
  expect(findPopup(element).checkVisibility()).toBe(false);
  element.focus();
  await press(element, '{ArrowDown}');
  expect(readOptions(element)).toEqual(rerankedOrder);
});

test('with `inline` the results stand in the page’s flow, and stay when the reader leaves', async () => {
  const element = await addSearched(query, rerankedOrder, { inline: true });
  expect(getComputedStyle(findPopup(element)).position).toBe('static');
  findInput(element).blur();
  await element.updateComplete;
  expect(readOptions(element)).toEqual(rerankedOrder);
  element.focus();
  await press(element, '{Escape}');
  expect(element.value).toBe('');
  expect(readOptions(element)).toEqual([]);
});

test('a form resets and disables the field', async () => {
  document.body.innerHTML = '<form><fieldset></fieldset></form>';
  const fieldset = document.querySelector('fieldset');
  if (!fieldset) throw new Error('No fieldset.');
  const element = await addSearched('bread', expect.anything() as string[], {}, fieldset);
  element.setAttribute('name', 'q');
  expect(new FormData(element.form ?? undefined).get('q')).toBe('bread');
  element.form?.reset();
  await element.updateComplete;
  expect([findInput(element).value, element.query]).toEqual(['', '']);
  fieldset.disabled = true;
  await element.updateComplete;
  expect(findInput(element).disabled).toBe(true);
});

test('the query’s words are marked, and hostile texts stay texts', async () => {
  const search = () => [
    {
      title: '<b>Slow</b> "queries"',
      text: 'x <img src=x onerror=alert(1)>',
      url: 'javascript:alert(1)',
    },
  ];
  const element = addSearch({ search });
  await enterText(element, 'slow queries');
  await expectOptions(element, ['<b>Slow</b> "queries"']);
  const marks = [...element.renderRoot.querySelectorAll('mark')];
  expect(marks.map(({ textContent }) => textContent)).toEqual(['Slow', 'queries']);
  expect(element.renderRoot.querySelector('b, img, a')).toBeNull();
});

test('the popup stays inside a narrow window, wherever its field stands', async () => {
  const frame = document.createElement('div');
  frame.style.cssText = 'position: absolute; top: 0; right: 0; width: 9rem';
  document.body.append(frame);
  const element = await addSearched(query, rerankedOrder, {}, frame);
  const { left, right, width } = findPopup(element).getBoundingClientRect();
  expect(left).toBeGreaterThanOrEqual(0);
  expect(right).toBeLessThanOrEqual(document.documentElement.clientWidth);
  expect(width).toBeGreaterThan(200);
});

test('the popup is whole where a parent cuts off what hangs out of it, and follows its field', async () => {
  const frame = document.createElement('div');
  frame.style.cssText = 'overflow: hidden; height: 4rem; transform: translateX(0)';
  document.body.append(frame);
  const element = await addSearched(query, rerankedOrder, {}, frame);
  const popup = findPopup(element);
  const { bottom, left } = popup.getBoundingClientRect();
  const hit = document.elementFromPoint(left + 20, bottom - 10);
  expect(hit).toBe(element);
  frame.style.marginTop = '50px';
  document.dispatchEvent(new Event('scroll'));
  expect(popup.getBoundingClientRect().bottom).toBeCloseTo(bottom + 50, 0);
});

test('the popup opens above a field at the window’s end', async () => {
  const frame = document.createElement('div');
  frame.style.cssText = 'position: fixed; bottom: 0; left: 0; right: 0';
  document.body.append(frame);
  const element = await addSearched(query, rerankedOrder, {}, frame);
  const [popup, field] = [findPopup(element), find(element, '[part="field"]')];
  expect(popup.getBoundingClientRect().bottom).toBeLessThan(field.getBoundingClientRect().top);
  expect(popup.getBoundingClientRect().top).toBeGreaterThanOrEqual(0);
});

test('an element that left the page and came back searches its query', async () => {
  const { reranker, open } = await createGatedReranker();
  const element = await addSearched(query, searchOrder, { reranker });
  element.remove();
  open();
  document.body.append(element);
  await nextEvent(element, 'rerank-complete');
  await press(element, '{Tab}');
  element.focus();
  await press(element, '{ArrowDown}');
  expect(readOptions(element)).toEqual(rerankedOrder);
});

test('loading the module again leaves the element as it is', async () => {
  const again = '/dist/search.js?again';
  await import(/* @vite-ignore */ again);
  expect(customElements.get('rerank-search')).toBe(RerankSearch);
});

test('a list that was scrolled begins at its top again with the results of another query', async () => {
  const search = (words: string) =>
    Array.from({ length: 40 }, (_, place) => ({ title: `${words} ${place}`, text: words }));
  const element = addSearch({ search, topN: 40, modelBase: '/nowhere/' });
  await enterText(element, 'first');
  await expect.poll(() => readOptions(element)[0]).toBe('first 0');
  const list = find(element, '[part="list"]');
  await press(element, '{ArrowUp}');
  expect(list.scrollTop).toBeGreaterThan(100);
  await enterText(element, 'second');
  await expect.poll(() => readOptions(element)[0]).toBe('second 0');
  await expect.poll(() => list.scrollTop).toBe(0);
});
