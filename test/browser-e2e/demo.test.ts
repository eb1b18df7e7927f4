import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  collectPageErrors,
  countRunEnds,
  launchBrowser,
  readFirstTitles,
  readOriginalTitles,
  readPhase,
  readRun,
  readShownTitles,
  recordFirstTitles,
  startDemoServer,
  waitForRunEnd,
  type DemoServer,
} from './demo-page.ts';

const QUERY = 'which statements take the longest to run';

/** Ten candidates on WASM: a real run that a slow machine ends in seconds. */
const SETTINGS = 'device=wasm&candidates=10';

let server: DemoServer;
let browser: Browser;
let page: Page;
let errors: readonly string[];

beforeAll(async () => {
  server = await startDemoServer();
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  await server[Symbol.asyncDispose]();
});

beforeEach(async () => {
  // A context of its own: no cache and no stored model of another test.
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(100_000);
  errors = collectPageErrors(page);
  await countRunEnds(page);
});

afterEach(async () => {
  await page.close();
});

describe('the demo page', () => {
  it('loads no model and shows an introduction before the first query', async () => {
    const requests: string[] = [];
    page.on('request', (request) => requests.push(new URL(request.url()).pathname));
    await page.goto(server.address, { waitUntil: 'networkidle' });

    expect(await page.locator('#intro').isVisible()).toBe(true);
    expect(await page.locator('#results').isVisible()).toBe(false);
    expect(await page.locator('.chip').count()).toBeGreaterThanOrEqual(4);
    expect(requests.filter((path) => /^\/(models|api)\//.test(path))).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('shows the search’s own order at once, then the reranked one, with device and times', async () => {
    await recordFirstTitles(page);
    await page.goto(`${server.address}?${SETTINGS}`);
    await page.locator('#query').pressSequentially(QUERY);
    await page.locator('#original-list .result').nth(9).waitFor();

    // Where the keys come slowly, a beginning of the query has a run of its own before.
    await expect
      .poll(() => readRun(page), { timeout: 100_000 })
      .toEqual({ query: QUERY, phase: 'reranked' });
    await page.locator('#rail .moved').first().waitFor();
    const original = await readOriginalTitles(page);
    expect(await readFirstTitles(page)).toEqual(original);
    const shown = await readShownTitles(page);
    expect(shown).toHaveLength(10);
    expect(shown).not.toEqual(original);
    expect([...shown].sort()).toEqual([...original].sort());

    expect(await page.locator('#device-used').textContent()).toBe('WASM');
    expect(await page.locator('#device-used-detail').textContent()).toMatch(/^\d+ threads?$/);
    expect(await page.locator('#model-used').textContent()).toBe('minilm-l6-split');
    expect(await page.locator('#work-done').textContent()).toBe('10 pairs');
    for (const id of ['search', 'loading', 'tokenize', 'infer', 'total']) {
      expect(await page.locator(`#${id}-time`).textContent()).toMatch(/^[\d.]+ (ms|s)$/);
    }
    expect(await page.locator('#rail .place').allTextContents()).toContainEqual(
      expect.stringMatching(/^was \d+(st|nd|rd|th)$/),
    );
    expect(errors).toEqual([]);

    await page.locator('rerank-results [part="link"]').first().focus();
    const twin = page.locator('#original-list .is-twin .title');
    expect(await twin.textContent()).toBe(shown[0]);
  });

  it('is isolated from other origins, so that WebAssembly may use several threads', async () => {
    await page.goto(server.address);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  });

  it('keeps query and settings in the address, so that reloading shows the same', async () => {
    await page.goto(`${server.address}?${SETTINGS}`);
    await page.locator('#query').fill(QUERY);
    await page.locator('#query').press('Enter');
    await page.waitForURL((url) => url.searchParams.get('q') === QUERY);
    expect(new URL(page.url()).searchParams.get('candidates')).toBe('10');

    await page.reload();
    await page.locator('#original-list .result').nth(9).waitFor();
    expect(await page.locator('#query').inputValue()).toBe(QUERY);
    expect(await page.locator('#device').inputValue()).toBe('wasm');
    expect(await page.locator('#candidates').inputValue()).toBe('10');
  });

  it('searches by another engine when that is chosen, reranks what it found, and can be linked to', async () => {
    const requests: string[] = [];
    page.on('request', (request) => requests.push(new URL(request.url()).pathname));
    await page.goto(`${server.address}?q=deadlock&${SETTINGS}`);
    const completeRuns = (count: number) =>
      page.waitForFunction(
        (wanted) =>
          (window as unknown as { runEnds: Record<string, number> }).runEnds['rerank-complete'] ===
          wanted,
        count,
      );
    await completeRuns(1);
    expect(requests.filter((path) => /^\/indexes\/|orama/.test(path))).toEqual([]);
    const orders = [await readOriginalTitles(page)];

    await page.locator('#settings summary').click();
    const inPage = ['minisearch', 'orama', 'fusion', 'pagefind'];
    for (const [index, source] of inPage.entries()) {
      requests.length = 0;
      await page.locator('#source').selectOption(source);
      await completeRuns(index + 2);
      expect(new URL(page.url()).searchParams.get('source')).toBe(source);
      const original = await readOriginalTitles(page);
      expect(original).toHaveLength(10);
      expect([...(await readShownTitles(page))].sort()).toEqual([...original].sort());
      expect(await page.locator('#search-time-detail').textContent()).toMatch(
        /^(no server was asked|parts of its index fetched|after loading for [\d.]+ m?s)$/,
      );
      // Pagefind's host sees which parts of the index are asked for.
      expect(await page.locator('#query-goes').textContent()).toMatch(
        source === 'pagefind'
          ? /index that hold its words are fetched;/
          : /^Your query does not leave this page;/,
      );
      expect(requests.filter((path) => path.startsWith('/api/'))).toEqual([]);
      orders.push(original);
    }
    // Each search has an order of its own.
    expect(new Set(orders.map((titles) => titles.join('\n'))).size).toBe(orders.length);
    expect(errors).toEqual([]);

    await page.reload();
    await completeRuns(1);
    expect(await page.locator('#source').inputValue()).toBe('pagefind');
    expect(await readOriginalTitles(page)).toEqual(orders.at(-1));
  });

  it('takes every score from the cache when the same query is searched again', async () => {
    await page.goto(`${server.address}?q=deadlock&${SETTINGS}`);
    await page.getByText('10 pairs').waitFor();
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    await page.getByText('10 from cache').waitFor();
    expect(await page.locator('#loading-time-detail').textContent()).toBe('was loaded');
  });

  it('goes back to the query before with the browser’s back button', async () => {
    await page.goto(`${server.address}?q=deadlock&candidates=10`);
    await page.locator('#original-list .result').nth(9).waitFor();
    await page.locator('.chip').first().click();
    await page.waitForURL((url) => url.searchParams.get('q') !== 'deadlock');
    await page.goBack();
    expect(await page.locator('#query').inputValue()).toBe('deadlock');
  });

  it('fits a phone 390 pixels wide, with the reranked results first', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const address of [server.address, `${server.address}?q=deadlock&candidates=10`]) {
      await page.goto(address);
      await page
        .locator(address === server.address ? '.chip' : '#rail .row')
        .first()
        .waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    }
    const reranked = await page.locator('.reranked').boundingBox();
    const original = await page.locator('.original').boundingBox();
    expect(reranked?.y).toBeLessThan(original?.y ?? 0);
  });

  it('keeps the search’s own order and says why when the model cannot be loaded', async () => {
    await page.route('**/models/**', (route) => route.abort());
    await page.goto(`${server.address}?q=${encodeURIComponent(QUERY)}&${SETTINGS}`);

    expect(await waitForRunEnd(page)).toBe('rerank-error');
    expect(await page.locator('#problem').textContent()).toMatch(
      /^Not reranked: the model’s files could not be loaded\. The results stay in the search’s own order\./,
    );
    const original = await readOriginalTitles(page);
    expect(original).toHaveLength(10);
    expect(await readShownTitles(page)).toEqual(original);
  });

  it('says that the search failed when the API answers with an error', async () => {
    await page.route('**/api/search*', (route) =>
      route.fulfill({
        status: 500,
        json: { error: { code: 'search-failed', message: 'No index.' } },
      }),
    );
    await page.goto(`${server.address}?q=${encodeURIComponent(QUERY)}&${SETTINGS}`);

    expect(await waitForRunEnd(page)).toBe('rerank-error');
    expect(await readPhase(page)).toBe('search-failed');
    expect(await page.locator('#problem').textContent()).toBe(
      'The search failed. The search answered with HTTP status 500. No index.',
    );
    expect(await page.locator('rerank-results [part="status"]').textContent()).toContain(
      'The search did not work.',
    );
  });
});
