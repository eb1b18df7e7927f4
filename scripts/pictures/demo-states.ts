import type { Page } from 'playwright';
import { waitForRunEnd } from '../../test/browser-e2e/demo-page.ts';
import { ofPage, ofWindow, type PictureStates } from './picture-state.ts';
import { WINDOWS } from './take-pictures.ts';

const QUERY = 'stop any statement that takes longer than ten seconds';

const WEIGHTS = '**/models/**/onnx/**';

/** The rooms of the demo. */
export const demoStates: PictureStates = {
  'search-intro': ofPage(async (page, address) => {
    await page.goto(address);
    await page.locator('.chip').first().waitFor();
  }),
  'search-searching': ofPage(async (page, address) => {
    await page.route('**/api/search?**', () => undefined);
    await page.goto(toSearch(address));
    // The skeleton comes late.
    await page.waitForTimeout(1000);
  }),
  'search-first-order': ofPage(async (page, address) => {
    await page.route(WEIGHTS, () => undefined);
    await page.goto(toSearch(address));
    await page.locator('rerank-results').getByText('Loading the model').waitFor();
  }),
  'search-reranking': ofPage(async (page, address) => {
    await page.goto(`${toSearch(address)}&candidates=100&reorder=live&engine=onnxruntime`);
    await page.locator('#rail .moved').first().waitFor();
  }),
  'search-reranked': ofPage(openSearch),
  'search-settings': ofPage(async (page, address) => {
    await openSearch(page, address);
    await page.locator('#settings summary').click();
  }),
  'search-original': ofPage(async (page, address) => {
    await openSearch(page, address);
    await page.getByRole('button', { name: 'Show the search’s order' }).click();
  }),
  'search-explained': ofPage(async (page, address) => {
    await openSearch(page, address);
    await page.getByRole('button', { name: 'Why this result?' }).first().click();
    await page.locator('[part="explanation"][aria-busy="false"]').waitFor();
  }),
  'search-failed': ofPage(async (page, address) => {
    await page.route('**/models/**', (route) => route.abort());
    await page.goto(toSearch(address));
    await waitForRunEnd(page);
  }),
  'search-no-search': ofPage(async (page, address) => {
    await page.route('**/api/search?**', (route) => route.abort());
    await page.goto(toSearch(address));
    await waitForRunEnd(page);
  }),
  'search-nothing-found': ofPage(async (page, address) => {
    await page.goto(`${address}?q=qqqqqq`);
    await waitForRunEnd(page);
  }),
  'search-consent': ofPage(async (page, address) => {
    await saveData(page);
    await page.goto(toSearch(address));
    await waitForRunEnd(page);
  }),
  'search-pinned': ofPage(async (page, address) => {
    await page.goto(`${toSearch(address)}&reorder=pinned`);
    await page.getByText('A better order is ready').waitFor();
  }),
  'search-held': ofPage(openHeld),
  'search-held-scrolled': ofWindow(async (page, address) => {
    await openHeld(page, address);
    await page.locator('rerank-results [part="link"]').nth(8).focus();
  }),
  'search-budget-over': ofPage(async (page, address) => {
    await page.goto(`${toSearch(address)}&engine=onnxruntime`);
    await waitForRunEnd(page);
    await page.locator('#settings summary').click();
    await page.locator('#candidates').selectOption('100');
    await page.locator('#budgetMs').selectOption('1000');
    await page.locator('.chip').first().click();
    await page.locator('rerank-results').getByText('in the time allowed').waitFor();
  }),
  'search-offline': ofPage(async (page, address) => {
    await openSearch(page, address);
    await page.context().setOffline(true);
    await page.locator('.chip').first().click();
    await page.getByText('You are offline').waitFor();
  }),
  'search-model-offline': ofPage(async (page, address) => {
    await saveData(page);
    await page.goto(`${toSearch(address)}&source=minisearch`);
    await waitForRunEnd(page);
    await page.context().setOffline(true);
    await page.getByRole('button', { name: 'Improve the order' }).click();
    await page.getByText('while you are offline').waitFor();
  }),
  'search-crashed': { open: openAfterCrash, isOfWindow: false },
  'race-before': ofPage(async (page, address) => {
    await page.goto(`${address}race.html`);
    await page.locator('.racer').first().waitFor();
  }),
  'race-running': ofPage(async (page, address) => {
    await page.goto(`${address}race.html?candidates=100`);
    await page.locator('#start').click();
    await page.getByText('onnxruntime-web reads').waitFor();
  }),
  'race-over': ofPage(async (page, address) => {
    await page.goto(`${address}race.html`);
    await page.locator('#start').click();
    await page.locator('.chart').waitFor();
  }),
  'race-failed': ofPage(async (page, address) => {
    await page.route('**/models/**', (route) => route.abort());
    await page.goto(`${address}race.html`);
    await page.locator('#start').click();
    await page.getByText('No engine finished').first().waitFor();
  }),
  'lab-before': ofPage(async (page, address) => {
    await page.goto(`${address}lab.html`);
    await page.locator('#start').waitFor();
  }),
  lab: ofPage(async (page, address) => {
    await page.goto(`${address}lab.html?keep=20`);
    await page.locator('#start').click();
    await page.locator('#stop').waitFor({ state: 'hidden' });
    await page.locator('.queries summary').first().click();
  }),
  speed: ofPage(async (page, address) => {
    await page.goto(`${address}speed.html`);
    await page.locator('.bar').first().waitFor();
  }),
  'your-site-before': ofPage(async (page, address) => {
    await page.goto(`${address}your-site.html`);
    await page.locator('#list').waitFor();
  }),
  'your-site-reranked': ofPage(async (page, address) => {
    await page.goto(`${address}your-site.html`);
    await page.getByRole('button', { name: 'Rerank' }).click();
    await page.locator('#rail .moved').first().waitFor();
  }),
  'your-site-wrong-list': ofPage(async (page, address) => {
    await page.goto(`${address}your-site.html`);
    await page.locator('#list').fill('[{"title": "Opening hours"');
    await page.getByRole('button', { name: 'Rerank' }).click();
  }),
  'your-site-wrong-answer': ofPage(async (page, address) => {
    await page.goto(`${address}your-site.html`);
    await page.getByLabel('A search that answers with JSON').check();
    // This page: HTML.
    await page.locator('#endpoint').fill('/your-site.html?q={query}');
    await page.getByRole('button', { name: 'Rerank' }).click();
    await waitForRunEnd(page);
  }),
};

/** Where the search room shows the results of a query. */
export function toSearch(address: string): string {
  return `${address}?q=${encodeURIComponent(QUERY)}`;
}

/** Searches, and waits until the better order is drawn. */
export async function openSearch(page: Page, address: string): Promise<void> {
  await page.goto(toSearch(address));
  const end = await waitForRunEnd(page);
  if (end !== 'rerank-complete') throw new Error(`The demo's run ended with ${end}.`);
  await page.locator('#rail .moved').first().waitFor();
}

/** The reader is at a result when the better order comes. */
async function openHeld(page: Page, address: string): Promise<void> {
  await page.route(WEIGHTS, async (route) => {
    await page.locator('rerank-results [part="link"]').first().focus();
    await route.continue();
  });
  await page.goto(toSearch(address));
  await page.getByText('A better order is ready').waitFor();
}

/** The browser ends the page while it loads the model, and the reader comes back. */
async function openAfterCrash(page: Page, address: string): Promise<Page> {
  const context = page.context();
  await page.route(WEIGHTS, () => undefined);
  await page.goto(toSearch(address));
  await page.locator('rerank-results').getByText('Loading the model').waitFor();
  const crashed = page.waitForEvent('crash');
  const devtools = await context.newCDPSession(page);
  // There is nobody left to answer it.
  devtools.send('Page.crash').catch(() => undefined);
  await crashed;
  const next = await context.newPage();
  await next.setViewportSize(WINDOWS.desktop);
  await next.goto(toSearch(address));
  await next.getByRole('button', { name: 'Load the better order anyway' }).waitFor();
  return next;
}

/** The reader's browser is set to save data. */
async function saveData(page: Page): Promise<void> {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'connection', { value: { saveData: true } });
  });
}
