import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startStaticServer } from '../package/static-server.ts';
import {
  collectPageErrors,
  countRunEnds,
  launchBrowser,
  readOriginalTitles,
  readPhase,
  readShownTitles,
  waitForRunEnd,
} from './demo-page.ts';
import { writeLibraryFolder } from './library-folder.ts';
import {
  collectFailedRequests,
  findFaults,
  startStaticDemo,
  type StaticDemo,
} from './static-demo.ts';

const ROOMS = ['Search', 'Race', 'Lab', 'Your site'];

let demo: StaticDemo;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let errors: readonly string[];
let failed: readonly string[];
let requests: string[];

beforeAll(async () => {
  demo = await startStaticDemo();
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  await demo[Symbol.asyncDispose]();
});

beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  page = await context.newPage();
  page.setDefaultTimeout(100_000);
  errors = collectPageErrors(page);
  failed = collectFailedRequests(page);
  requests = [];
  page.on('request', (request) => requests.push(request.url()));
  await countRunEnds(page);
});

afterEach(() => context.close());

/** Nothing failed, all came from the demo's own folder, and axe-core finds no fault. */
async function expectGoodRoom(): Promise<void> {
  expect(await findFaults(page)).toEqual([]);
  expect(
    requests.filter((url) => !url.startsWith(demo.address) && !/^(data|blob):/.test(url)),
  ).toEqual([]);
  expect(failed).toEqual([]);
  expect(errors).toEqual([]);
}

describe('the built demo, below a folder of a plain server', () => {
  it('has four rooms with one navigation, and loads no model, index or runtime before it is asked', async () => {
    await page.goto(demo.address);
    for (const room of ROOMS) {
      await page.getByRole('navigation').getByRole('link', { name: room, exact: true }).click();
      await page.locator('nav [aria-current="page"]', { hasText: room }).waitFor();
      await page.waitForLoadState('networkidle');
      expect(await page.locator('nav a').allTextContents()).toEqual(ROOMS);
      expect(await page.locator('nav [aria-current]').allTextContents()).toEqual([room]);
      expect(await page.locator('h1').count()).toBe(1);
      if (room === 'Lab') {
        expect(await page.locator('#status').textContent()).toContain('Nothing is loaded yet.');
        expect(await page.getByRole('button', { name: 'Start' }).isVisible()).toBe(true);
      }
    }
    await page.goto(`${demo.address}lab.html`);
    await page.getByRole('link', { name: 'Speed' }).click();
    await page.locator('.bar').first().waitFor();
    expect(await findFaults(page)).toEqual([]);
    expect(requests.filter((url) => /\/(models|indexes)\/|\.wasm|worker/.test(url))).toEqual([]);
    expect(failed).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('searches in the page and reranks, by MiniSearch or Pagefind, with a budget and a weight', async () => {
    await page.goto(`${demo.address}?q=undo+a+delete&device=wasm&candidates=10`);
    expect(await waitForRunEnd(page)).toBe('rerank-complete');
    const original = await readOriginalTitles(page);
    const shown = await readShownTitles(page);
    expect(shown).not.toEqual(original);
    expect([...shown].sort()).toEqual([...original].sort());
    expect(await page.locator('#query-goes').textContent()).toMatch(
      /^Your query does not leave this page;/,
    );
    expect(await page.locator('#source option').allTextContents()).not.toContainEqual(
      expect.stringContaining('API'),
    );

    await page.locator('#settings summary').click();
    await page.locator('#priorWeight').selectOption('1');
    await page.getByText('By the search’s order alone.').waitFor();
    await expect.poll(() => readShownTitles(page)).toEqual(original);
    await page.locator('#priorWeight').selectOption('0');
    await page.locator('#budgetMs').selectOption('3000');
    await page.locator('#source').selectOption('pagefind');
    await page.getByText('the parts of Pagefind’s index that hold its words are fetched').waitFor();
    const { searchParams } = new URL(page.url());
    expect(Object.fromEntries(searchParams)).toMatchObject({
      source: 'pagefind',
      budgetMs: '3000',
      priorWeight: '0',
    });
    await expect.poll(() => readPhase(page)).toBe('reranked');
    expect(requests.some((url) => url.includes('/indexes/pagefind/'))).toBe(true);
    await expectGoodRoom();
  });

  it('races three engines over the same results, by keyboard, and tells a screen reader no more than it must', async () => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.goto(`${demo.address}race.html?candidates=4`);
    await page.evaluate(() => {
      const told: string[] = [];
      const region = document.getElementById('announcement') as HTMLElement;
      new MutationObserver(() => told.push(region.textContent)).observe(region, {
        childList: true,
      });
      Object.assign(window, { told });
    });
    expect(await page.locator('#status').textContent()).toMatch(
      /^Nothing is loaded yet\. .* up to \d+ MB/,
    );

    await page.locator('#query').press('Enter');
    await page.locator('#stop').press('Enter');
    await page.getByText('The race was stopped.').first().waitFor();
    expect(await page.locator('#start').evaluate((start) => start === document.activeElement)).toBe(
      true,
    );

    await page.keyboard.press('Enter');
    await page.locator('.chart').waitFor();
    const cards = await page.locator('.racer').all();
    expect(cards).toHaveLength(4);
    const tops = await Promise.all(cards.map((card) => card.locator('.top a').allTextContents()));
    for (const top of tops) expect([...top].sort()).toEqual([...(tops[3] ?? [])].sort());
    expect(tops[3]).toHaveLength(4);
    for (const card of cards.slice(0, 3)) {
      expect(await card.locator('.figures').textContent()).toMatch(
        /^[\d.]+ m?s, [\d.]+ results a second$/,
      );
      expect(await card.getByText(/^Loaded in/).count()).toBe(1);
    }
    const result = await page.locator('#status').textContent();
    expect(result).toMatch(/ read the 4 results in .* took [\d.]+ times as long/);
    const told = await page.evaluate(() => (window as unknown as { told: string[] }).told);
    expect(told).toEqual([
      'The race was stopped.',
      'The race starts: 3 engines, 4 results.',
      expect.stringMatching(/^rerank-results finished in /),
      expect.stringMatching(/^onnxruntime-web finished in /),
      expect.stringMatching(/^transformers\.js finished in /),
      result,
    ]);
    // The stopped race's own requests may have been cut off.
    expect(await findFaults(page)).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('evaluates a folder in the lab, and searches it itself where it has no run', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rerank-results-lab-'));
    await page.goto(`${demo.address}lab.html?set=folder&device=wasm`);
    await page
      .locator('#folder')
      .setInputFiles(writeLibraryFolder(folder, { 'runs/search.trec': undefined }));
    await page.getByRole('button', { name: 'Start' }).click();
    await page.locator('#notes', { hasText: 'first stage: BM25 by MiniSearch' }).waitFor();
    await page.getByText('Done: 2 queries.').first().waitFor();
    expect(failed).toEqual([]);
    expect(errors).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  it('reranks a list that is pasted, and gives the HTML that does it on a site', async () => {
    await page.goto(`${demo.address}your-site.html`);
    await page.locator('#list').fill('[{"title":');
    await page.getByRole('button', { name: 'Rerank' }).click();
    expect(await page.locator('#list').getAttribute('aria-invalid')).toBe('true');
    expect(await page.locator('#list-problem').textContent()).toContain('cannot be read as such');
    await page.getByRole('button', { name: 'Put the example back' }).click();
    expect(await page.locator('#list').getAttribute('aria-invalid')).toBeNull();

    const markup = '<img src=x onerror=alert(1)> & co';
    const entries = JSON.parse(await page.locator('#list').inputValue()) as object[];
    const hostile = { title: markup, url: 'javascript:alert(1)' };
    await page.locator('#list').fill(JSON.stringify([hostile, ...entries]));
    await page.getByRole('button', { name: 'Rerank' }).click();
    expect(await waitForRunEnd(page)).toBe('rerank-complete');
    await expect.poll(async () => (await readShownTitles(page))[0]).toBe('Renew a loan');
    expect((await readOriginalTitles(page)).slice(0, 2)).toEqual([markup, 'Book a study room']);
    expect(await page.locator('#outcome img, a[href^="javascript"]').count()).toBe(0);

    await page.locator('details', { hasText: 'Your site is made' }).locator('summary').click();
    await page.locator('#site').selectOption('plain');
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy the HTML' }).click();
    await page.getByText('Copied.').waitFor();
    const snippet = await page.evaluate(() => navigator.clipboard.readText());
    await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
    await page.getByRole('button', { name: 'Copy the HTML' }).click();
    await page.getByText('The HTML is selected').waitFor();
    expect(await page.evaluate(() => getSelection()?.toString())).toBe(snippet);
    await expectGoodRoom();

    const site = await startStaticServer({
      folders: { '/rerank/': 'dist', '/models/': 'public/models' },
      answer(request, response) {
        if (request.url !== '/') return false;
        response.setHeader('content-type', 'text/html; charset=utf-8');
        response.end(`<!doctype html><html lang="en"><title>A site</title>${snippet}`);
        return true;
      },
    });
    await page.goto(site.url);
    expect(await waitForRunEnd(page)).toBe('rerank-complete');
    await expect.poll(() => page.locator('li').first().textContent()).toContain('Renew a loan');
    expect(await page.locator('li').count()).toBe(entries.length + 1);
    await site.close();
  });

  it('reranks what another site’s search answers, and explains what to do where that is not allowed', async () => {
    let isAllowed = false;
    const api = await startStaticServer({
      folders: {},
      answer(_request, response) {
        if (isAllowed) response.setHeader('access-control-allow-origin', '*');
        response.setHeader('content-type', 'application/json');
        response.end(
          JSON.stringify({ found: [{ h: 'Opening hours' }, { h: 'Borrow a book for longer' }] }),
        );
        return true;
      },
    });
    await page.goto(`${demo.address}your-site.html`);
    await page.getByLabel('A search that answers with JSON').check();
    await page.locator('#endpoint').fill('/search');
    await page.getByRole('button', { name: 'Rerank' }).click();
    expect(await page.locator('#endpoint-problem').textContent()).toContain('write {query}');

    await page.locator('#endpoint').fill(`${api.url}search?q={query}&n={candidates}`);
    await page.getByRole('button', { name: 'Rerank' }).click();
    await page.getByText('Access-Control-Allow-Origin').waitFor();
    expect(await page.locator('#endpoint').getAttribute('aria-invalid')).toBe('true');

    isAllowed = true;
    await page.getByText('Its answer uses other names').click();
    await page.locator('#list-path').fill('found');
    await page.locator('#title-path').fill('h');
    await page.getByRole('button', { name: 'Rerank' }).click();
    await expect
      .poll(() => readShownTitles(page))
      .toEqual(['Borrow a book for longer', 'Opening hours']);
    expect(api.requests).toContain('/search?q=can%20I%20borrow%20a%20book%20for%20longer&n=50');
    expect(await page.locator('#snippet').textContent()).toContain('"list": "found"');
    expect(await findFaults(page)).toEqual([]);
    await api.close();
  });
});
