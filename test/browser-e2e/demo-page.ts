import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright';
import { createServer } from 'vite';
import type { RerankResults } from 'rerank-results/element';
import { findChromium } from '../../scripts/find-browser.mjs';

/** A server of the demo that was started for a test. */
export interface DemoServer extends AsyncDisposable {
  /** With a slash at its end. */
  readonly address: string;
}

/** Serves the demo as `npm run demo` does, on a free port. */
export async function startDemoServer(): Promise<DemoServer> {
  const configFile = fileURLToPath(new URL('../../demo/vite.config.ts', import.meta.url));
  const server = await createServer({
    configFile,
    server: { port: 0, hmr: false },
    logLevel: 'silent',
  });
  await server.listen();
  const address = server.resolvedUrls?.local[0];
  if (address === undefined) throw new Error('The demo’s server has no address.');
  return { address, [Symbol.asyncDispose]: () => server.close() };
}

/** Starts the Chromium that is installed. As root it needs its sandbox off. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  return chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    args: ['--no-sandbox'],
  });
}

/** Collects what the page reports as wrong: errors in the console, and errors that nobody caught. */
export function collectPageErrors(page: Page): readonly string[] {
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  return errors;
}

/** How a run can end. */
export type RunEnd = 'rerank-complete' | 'rerank-error' | 'rerank-skip';

/** Counts the ends of runs in pages of this kind; call it before the page opens. */
export async function countRunEnds(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const counts: Record<string, number> = {};
    for (const name of ['rerank-complete', 'rerank-error', 'rerank-skip']) {
      addEventListener(name, () => (counts[name] = (counts[name] ?? 0) + 1));
    }
    Object.assign(window, { runEnds: counts });
  });
}

/** Waits until a run ended, and says how. */
export async function waitForRunEnd(page: Page): Promise<RunEnd> {
  const handle = await page.waitForFunction(() => {
    const counts = (window as unknown as { runEnds: Record<string, number> }).runEnds;
    return Object.keys(counts)[0];
  });
  return (await handle.jsonValue()) as RunEnd;
}

/** Records what the element shows when candidates came, before any score can; call it before the page opens. */
export async function recordFirstTitles(page: Page): Promise<void> {
  await page.addInitScript(() => {
    addEventListener('rerank-candidates', ({ target }) => {
      const element = target as RerankResults;
      void element.updateComplete.then(() => {
        const links = [...(element.shadowRoot?.querySelectorAll('[part="link"]') ?? [])];
        const firstTitles = links.map(({ textContent }) => textContent.trim());
        Object.assign(window, { firstTitles });
      });
    });
  });
}

/** What was recorded for the latest query. */
export function readFirstTitles(page: Page): Promise<string[]> {
  return page.evaluate(() => (window as unknown as { firstTitles: string[] }).firstTitles);
}

/** The titles of the search's own order, from the top. */
export function readOriginalTitles(page: Page): Promise<string[]> {
  return page.locator('#original-list .result:not(.further-down) .title').allTextContents();
}

/** The titles in the element, from the top. */
export async function readShownTitles(page: Page): Promise<string[]> {
  const titles = await page.locator('rerank-results [part="link"]').allTextContents();
  return titles.map((title) => title.trim());
}

/** The element's query, and the phase of its run. */
export function readRun(page: Page): Promise<{ query: string; phase: string }> {
  return page.locator('rerank-results').evaluate((element) => {
    const { query, runState } = element as RerankResults;
    return { query, phase: runState.phase };
  });
}

/** The phase that the element is in. */
export async function readPhase(page: Page): Promise<string> {
  return (await readRun(page)).phase;
}
