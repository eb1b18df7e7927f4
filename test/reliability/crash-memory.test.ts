import type { BrowserContext, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { query, rerankedOrder, searchOrder } from '../golden-search.ts';
import { launchChromium, openChromiumPage, readPage, waitForEvent } from './browsers.ts';
import { addElementScript, stall, startFaultySite, type FaultySite } from './faulty-site.ts';

const WEIGHTS = /\.onnx/;
const PREFIX = 'rerank-results-loading:';

let chromium: Awaited<ReturnType<typeof launchChromium>>;
let site: FaultySite;
let context: BrowserContext;

beforeAll(async () => {
  chromium = await launchChromium();
  site = await startFaultySite({
    script: `
const settings = new URLSearchParams(location.search);
window.addElement = (settings) => { ${addElementScript()} Object.assign(element, settings); return element; };
const element = window.addElement(Object.fromEntries(settings));`,
  });
});

afterAll(async () => {
  await chromium.context.browser()?.close();
  await site.close();
});

afterEach(async () => {
  await context.close();
  site.mend();
  site.requests.length = 0;
});

/** Another reader, whose first pages find weights that never come. */
async function startReader(): Promise<void> {
  const browser = chromium.context.browser();
  if (!browser) throw new Error('No browser.');
  context = await browser.newContext();
  site.break(WEIGHTS, stall(0.5));
}

type ReadersPage = Awaited<ReturnType<typeof openChromiumPage>>;

/** A page that is loading the model, and will not end. */
async function openLoading(path = ''): Promise<ReadersPage> {
  const opened = await openChromiumPage(context, site.url + path);
  await waitForEvent(opened, 'rerank-start');
  await expectMarks(opened.page, 1);
  await expect.poll(countModelRequests).toBeGreaterThan(0);
  return opened;
}

async function crash(page: Page): Promise<void> {
  const crashed = page.waitForEvent('crash');
  const devtools = await page.context().newCDPSession(page);
  // There is nobody left to answer it.
  devtools.send('Page.crash').catch(() => undefined);
  await crashed;
}

async function expectMarks(page: Page, count: number): Promise<void> {
  await expect.poll(async () => (await readMarks(page)).length).toBe(count);
}

function readMarks(page: Page): Promise<string[]> {
  return page.evaluate(
    (prefix) =>
      Object.keys(localStorage)
        .filter((name) => name.startsWith(prefix))
        .map((name) => localStorage.getItem(name) ?? ''),
    PREFIX,
  );
}

function countModelRequests(): number {
  return site.requests.filter((path) => path.startsWith('/models/')).length;
}

test('a model whose loading ended the page is not loaded by itself on the next visit, and a button loads it', async () => {
  await startReader();
  const ended = await openLoading();
  // What is stored names the model, and nothing that the reader looked for.
  const [mark = ''] = await readMarks(ended.page);
  expect(mark).toContain('tiny-split');
  expect(mark).not.toContain(query);
  await crash(ended.page);

  site.mend();
  site.requests.length = 0;
  const next = await openChromiumPage(context, site.url);
  const view = await waitForEvent(next, 'rerank-skip');
  expect(view).toMatchObject({
    events: ['rerank-candidates', 'rerank-skip'],
    titles: searchOrder,
    status:
      '3 results, in the search’s order: this page crashed before, while the better order was loaded. Load the better order anyway',
    uncaught: [],
  });
  expect(countModelRequests()).toBe(0);

  // The next query's answer is the same.
  await next.evaluate(() => {
    const element = document.querySelector('rerank-results');
    if (element) element.query = 'other words';
  });
  await expect.poll(async () => (await readPage(next)).events).toHaveLength(4);
  expect(countModelRequests()).toBe(0);

  await next.page.getByRole('button', { name: 'Load the better order anyway' }).click();
  await waitForEvent(next, 'rerank-complete');
  await expectMarks(next.page, 0);

  const third = await openChromiumPage(context, site.url);
  expect((await waitForEvent(third, 'rerank-complete')).titles).toEqual(rerankedOrder);
  expect((await readPage(third)).events).not.toContain('rerank-skip');
});

test('after a crash no `preload` loads the model, and another model is loaded', async () => {
  await startReader();
  await crash((await openLoading()).page);
  site.mend();
  site.requests.length = 0;
  const next = await openChromiumPage(context, `${site.url}?query=&preload=eager`);
  await next.evaluate(async () => {
    const { addElement } = window as unknown as { addElement: (settings: object) => void };
    const field = Object.assign(document.createElement('input'), { id: 'q', ariaLabel: 'Search' });
    document.body.append(field);
    addElement({ query: '', preload: 'idle' });
    addElement({ query: '', preload: 'focus', htmlFor: 'q' });
    await Promise.all(
      [...document.querySelectorAll('rerank-results')].map(({ updateComplete }) => updateComplete),
    );
    field.focus();
    await new Promise((resolve) => requestIdleCallback(resolve));
    addElement({ model: 'tiny-roberta' });
  });
  // What they had begun would have come first.
  expect((await waitForEvent(next, 'rerank-complete')).events).not.toContain('rerank-skip');
  expect(site.requests.join(' ')).toContain('/models/tiny-roberta/');
  expect(site.requests.join(' ')).not.toContain('/models/tiny-split/');
});

test('after a crash the search field asks as well, and a yes in one element is a yes in the others', async () => {
  await startReader();
  await crash((await openLoading()).page);
  site.mend();
  const next = await openChromiumPage(context, site.url);
  await waitForEvent(next, 'rerank-skip');
  await next.evaluate(() => {
    const field = document.createElement('rerank-search');
    const { model, modelBase, device, fields, search, query } = document.querySelector(
      'rerank-results',
    ) as HTMLElementTagNameMap['rerank-results'];
    Object.assign(field, { model, modelBase, device, fields, search, query, inline: true });
    document.body.append(field);
  });
  const button = next.page
    .locator('rerank-search')
    .getByRole('button', { name: 'Load the better order anyway' });
  await button.click();
  const countCompleted = async (): Promise<number> =>
    (await readPage(next)).events.filter((name) => name === 'rerank-complete').length;
  await expect.poll(countCompleted, { timeout: 20_000 }).toBe(2);
});

test('a button that is pressed in vain is no second crash, and a second crash is one', async () => {
  await startReader();
  await crash((await openLoading()).page);
  const next = await openChromiumPage(context, site.url);
  await waitForEvent(next, 'rerank-skip');
  await next.page.getByRole('button', { name: 'Load the better order anyway' }).click();
  await expectMarks(next.page, 2);
  await crash(next.page);
  site.mend();
  const third = await openChromiumPage(context, site.url);
  await waitForEvent(third, 'rerank-skip');
  await expect
    .poll(() => third.page.getByRole('button', { name: 'Load the better order anyway' }).count())
    .toBe(1);
});

test.each([
  ['closed', ({ page }: ReadersPage) => page.close({ runBeforeUnload: true })],
  ['left', ({ page }: ReadersPage) => page.goto(`${site.url}elsewhere`)],
  ['hidden when it was killed', hideAndCrash],
])('a page that was %s during the load is no crash', async (_, leave) => {
  await startReader();
  await leave(await openLoading());
  await expectToLoad(await openChromiumPage(context, site.url));
});

async function expectToLoad(opened: ReadersPage): Promise<void> {
  const { events } = await waitForEvent(opened, /rerank-(start|skip)/);
  expect(events).toEqual(['rerank-candidates', 'rerank-start']);
}

async function hideAndCrash(opened: ReadersPage): Promise<void> {
  await setVisibility(opened, 'hidden');
  await expectMarks(opened.page, 0);
  await crash(opened.page);
}

function setVisibility(opened: ReadersPage, visibility: 'hidden' | 'visible'): Promise<void> {
  return opened.evaluate((value) => {
    Object.defineProperty(document, 'visibilityState', { value, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, visibility);
}

test('a page that was reloaded during the load is no crash', async () => {
  await startReader();
  const opened = await openLoading();
  await opened.page.reload();
  await expectToLoad(opened);
});

test('a page that is seen again while it loads is watched again', async () => {
  await startReader();
  const opened = await openLoading();
  await setVisibility(opened, 'hidden');
  await expectMarks(opened.page, 0);
  await setVisibility(opened, 'visible');
  await expectMarks(opened.page, 1);
  await crash(opened.page);
  await waitForEvent(await openChromiumPage(context, site.url), 'rerank-skip');
});

test('tabs that load at the same time are no crash', async () => {
  await startReader();
  await openLoading();
  const others = await Promise.all([1, 2, 3, 4].map(() => openChromiumPage(context, site.url)));
  for (const other of others) await expectToLoad(other);
});

test('an element that leaves the page during the load leaves no mark', async () => {
  await startReader();
  const opened = await openLoading();
  await opened.evaluate(() => document.querySelector('rerank-results')?.remove());
  await expect.poll(() => readMarks(opened.page), { timeout: 20_000 }).toEqual([]);
});

const DAY_MS = 24 * 60 * 60 * 1000;

test.each([
  ['of yesterday is remembered', 1, 'rerank-skip'],
  ['of 31 days ago is forgotten', 31, 'rerank-start'],
  ['of a clock that was wrong by years is forgotten', -400, 'rerank-start'],
])('a crash %s', async (_, days, event) => {
  await startReader();
  const ended = await openLoading();
  await crash(ended.page);
  site.mend();
  const elsewhere = await openChromiumPage(context, `${site.url}elsewhere`);
  await elsewhere.evaluate(
    ([prefix, ageMs]) => {
      for (const name of Object.keys(localStorage).filter((name) => name.startsWith(prefix))) {
        const mark = JSON.parse(localStorage.getItem(name) ?? '') as { sinceMs: number };
        localStorage.setItem(name, JSON.stringify({ ...mark, sinceMs: Date.now() - ageMs }));
      }
    },
    [PREFIX, days * DAY_MS] as const,
  );
  const { events } = await waitForEvent(
    await openChromiumPage(context, site.url),
    /rerank-(start|skip)/,
  );
  expect(events).toContain(event);
});

test.each([
  [
    'has no locks',
    () => {
      Reflect.deleteProperty(Navigator.prototype, 'locks');
    },
  ],
  [
    'refuses locks and storage',
    () => {
      const refuse = (): never => {
        throw new DOMException('The site may store nothing.', 'SecurityError');
      };
      Object.defineProperty(window, 'localStorage', { get: refuse });
      Object.defineProperty(LockManager.prototype, 'request', {
        value: () => Promise.reject(new DOMException('No locks.', 'SecurityError')),
      });
    },
  ],
])('where the browser %s, nothing is remembered and everything works', async (_, prepare) => {
  await startReader();
  await context.addInitScript(prepare);
  const ended = await openChromiumPage(context, site.url);
  await waitForEvent(ended, 'rerank-start');
  await expect.poll(countModelRequests).toBeGreaterThan(0);
  await crash(ended.page);
  site.mend();
  const next = await openChromiumPage(context, site.url);
  expect(await waitForEvent(next, 'rerank-complete')).toMatchObject({
    titles: rerankedOrder,
    uncaught: [],
  });
});
