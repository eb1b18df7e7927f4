import type { Page } from 'playwright';
import { ofPage, ofWindow, type PictureStates } from './picture-state.ts';

/** The documentation's site. */
export const docsStates: PictureStates = {
  'docs-home': ofPage(async (page, address) => {
    await page.goto(address);
  }),
  'docs-guide': ofPage(async (page, address) => {
    await page.goto(`${address}budgets.html`);
  }),
  'docs-element': ofWindow(async (page, address) => {
    await page.goto(`${address}element/rerank-results.html`);
  }),
  'docs-api': ofWindow(async (page, address) => {
    await page.goto(`${address}api/sources.html`);
  }),
  'docs-section': ofWindow(async (page, address) => {
    await page.goto(`${address}budgets.html`);
    await page.locator('.contents a').last().click();
    // Until the page has scrolled there.
    await page.waitForTimeout(1500);
  }),
  'docs-menu': ofWindow(async (page, address) => {
    // Only there on a phone.
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${address}budgets.html`);
    await page.locator('.menu summary').first().click();
  }),
  'docs-search-open': ofWindow(openSearch),
  'docs-search-active': ofWindow(async (page, address) => {
    await openSearch(page, address);
    await page.locator('rerank-search input').press('ArrowDown');
  }),
};

async function openSearch(page: Page, address: string): Promise<void> {
  await page.goto(`${address}budgets.html`);
  await page.locator('rerank-search input').pressSequentially('what if the model is too slow');
  await page.locator('rerank-search:state(reranked)').waitFor();
}
