import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildSite } from '../../docs-site/build-site.ts';
import { startStaticServer, type StaticServer } from '../package/static-server.ts';
import { visitPage, type Visit } from '../package/visit-page.ts';
import { launchBrowser } from './demo-page.ts';

/** What the documentation itself says is enough, and the site's own pictures. */
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; require-trusted-types-for 'script'; trusted-types rerank-results lit-html";

/** One page of each kind. */
const PAGES = ['index.html', 'budgets.html', 'element/rerank-results.html', 'api/sources.html'];

/** A page whose cumulative layout shift is below 0.1 counts as good. A table that arrives in two parts moves this much. */
const MOST_SHIFT = 0.01;

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'rerank-results-docs-'));
const closers: (() => Promise<unknown>)[] = [];
let server: StaticServer;
let site: string;
let browser: Browser;

beforeAll(async () => {
  await buildSite(folder);
  // Not the root: a site may be hosted in any folder.
  server = await startStaticServer({ folders: { '/some/folder/': folder }, policy: POLICY });
  site = `${server.url}some/folder/`;
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Opens a page of the site as a new reader. Scripts of the test need `bypassCSP`. Every test ends by asking whether something failed. */
async function visit(path: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  await context.addInitScript(collectVitals);
  const failed: string[] = [];
  context.on('requestfailed', (request) => {
    // Another page was opened meanwhile.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') failed.push(request.url());
  });
  context.on('response', (response) => {
    if (response.status() >= 400) failed.push(response.url());
  });
  const visited = await visitPage(context, site + path);
  closers.push(async () => {
    await context.close();
    expect(failed).toEqual([]);
    expect(visited.errors).toEqual([]);
    expect(server.violations).toEqual([]);
  });
  return visited;
}

/** What a page did to its reader since it was opened, as the browser itself saw it. */
interface Vitals {
  /** Sum of the layout shifts that the reader did not cause. */
  shift: number;
  /** Milliseconds of each task over 50 ms. */
  readonly longTasks: number[];
}

/** Runs in the page, before its own scripts. */
function collectVitals(): void {
  const vitals: Vitals = { shift: 0, longTasks: [] };
  Object.assign(globalThis, { vitals });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & LayoutShift)[]) {
      if (!entry.hadRecentInput) vitals.shift += entry.value;
    }
  }).observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) vitals.longTasks.push(Math.round(duration));
  }).observe({ type: 'longtask', buffered: true });
}

/** What TypeScript's own types leave out: the specification calls it experimental. */
interface LayoutShift {
  readonly value: number;
  readonly hadRecentInput: boolean;
}

/** Of the page up to the frame after this one. */
function readVitals(page: Page): Promise<Vitals> {
  return page.evaluate(
    () =>
      new Promise<Vitals>((resolve) => {
        requestAnimationFrame(() => {
          setTimeout(() => resolve((globalThis as unknown as { vitals: Vitals }).vitals), 50);
        });
      }),
  );
}

/** What axe finds wrong in a part of the page, in light and in dark. */
async function findViolations(page: Page, part: string): Promise<string[]> {
  const run = (rules?: readonly string[]): Promise<string[]> =>
    page.evaluate(
      async ({ selector, runOnly }) => {
        const { axe: checker } = window as unknown as { axe: typeof import('axe-core') };
        const { violations } = await checker.run(selector, {
          resultTypes: ['violations'],
          ...(runOnly && { runOnly: [...runOnly] }),
        });
        return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
      },
      { selector: part, runOnly: rules },
    );
  await page.emulateMedia({ colorScheme: 'light' });
  const inLight = await run();
  await page.emulateMedia({ colorScheme: 'dark' });
  // The colours are all that changes.
  return [...inLight, ...(await run(['color-contrast'])).map((line) => `dark: ${line}`)];
}

describe('the documentation', () => {
  it('is searched by the product itself, and Enter leads to the section that answers', async () => {
    const visited = await visit('api/sources.html');
    const { page, requests } = visited;
    await page.locator('rerank-search input').waitFor();
    expect(requests.filter((url) => /models|search\.json|worker/.test(url))).toEqual([]);

    await page.keyboard.press('/');
    await page.keyboard.type('what is stored in the browser of a reader');
    const told = await visited.next();
    expect(told.error).toBeUndefined();
    expect(told.titles?.[0]).toBe('Privacy › What is stored in the browser');
    await expect
      .poll(() => page.locator('rerank-search [role="option"]').first().textContent())
      .toContain('What is stored in the browser');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');

    await page.waitForURL(/\/some\/folder\/privacy\.html#/);
    expect(await page.locator('h1').textContent()).toBe('Privacy');
    const heading = page.locator('#what-is-stored-in-the-browser');
    await expect.poll(async () => (await heading.boundingBox())?.y).toBeLessThan(900);
    expect((await heading.boundingBox())?.y).toBeGreaterThan(0);
    expect(requests.filter((url) => !url.startsWith(site))).toEqual([]);
  });

  it('can be read without JavaScript', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    closers.push(() => context.close());
    const page = await context.newPage();
    await page.goto(`${site}privacy.html`);
    expect(await page.locator('noscript').textContent()).toContain('The search needs JavaScript.');
    await page.locator('.sidebar').getByRole('link', { name: 'Budgets' }).click();
    await page.getByRole('heading', { level: 1, name: /^Budgets/ }).waitFor();
    const current = page.locator('.sidebar [aria-current="page"]');
    expect(await current.allTextContents()).toEqual(['Budgets']);
  });

  it('copies code', async () => {
    const permissions = ['clipboard-read', 'clipboard-write'];
    const { page } = await visit('drop-in.html', { permissions, bypassCSP: true });
    await page.locator('.code').first().hover();
    await page.getByRole('button', { name: 'Copy' }).first().click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const heard = page.getByRole('status').filter({ hasText: /^Copied$/ });
    await heard.waitFor({ state: 'attached' });
    await heard.waitFor({ state: 'detached' });
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(
      'npm install rerank-results\n',
    );
  });

  it.for(PAGES)('is accessible and lies still: %s', async (path, { annotate }) => {
    const { page } = await visit(path, { bypassCSP: true });
    await page.locator('rerank-search input').waitFor();
    await page.evaluate(axe);
    const { shift, longTasks } = await readVitals(page);
    void annotate(`${path}: tasks over 50 ms at its start: ${longTasks.join(', ') || 'none'}`);
    expect(shift).toBeLessThan(MOST_SHIFT);
    expect(await findViolations(page, 'html')).toEqual([]);
    await page.keyboard.press('Control+K');
    await page.keyboard.type('budget');
    await page.locator('rerank-search [role="option"]').first().waitFor();
    await page.keyboard.press('ArrowDown');
    // The rest of the page is as it was.
    expect(await findViolations(page, '.top')).toEqual([]);
  });

  it.each([320, 800])('does not scroll sideways in a window of %i pixels', async (width) => {
    const { page } = await visit('index.html', {
      viewport: { width, height: 700 },
      bypassCSP: true,
    });
    for (const path of [...PAGES, 'performance.html', 'troubleshooting.html']) {
      await page.goto(site + path);
      await page.locator('rerank-search input').waitFor();
      const scrollWidth = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(scrollWidth, path).toBeLessThanOrEqual(width);
      expect((await readVitals(page)).shift, path).toBeLessThan(MOST_SHIFT);
    }
    const menu = page.locator('.menu');
    await menu.locator('> details > summary').click();
    await menu.getByRole('link', { name: 'Privacy', exact: true }).click();
    await page.waitForURL(/privacy\.html$/);
  });
});
