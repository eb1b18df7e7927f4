import { startStaticServer } from './test/package/static-server.ts';
import { launchBrowser } from './test/browser-e2e/demo-page.ts';
const server = await startStaticServer({ folders: { '/some/folder/': 'docs-site/dist' } });
const browser = await launchBrowser();
const site = server.url + 'some/folder/';
const shots: [string, string, 'light' | 'dark', number, number, boolean?][] = [
  ['index-light', 'index.html', 'light', 1440, 900],
  ['index-dark', 'index.html#what-it-costs-and-what-it-brings', 'dark', 1440, 900],
  ['api-light', 'api/rerank-results.html', 'light', 1440, 1000],
  ['api-dark', 'api/sources.html#searchStaticIndex', 'dark', 1440, 1000],
  ['element-light', 'element/rerank-results.html', 'light', 1440, 1000],
  ['trouble-dark', 'troubleshooting.html', 'dark', 1440, 1000],
  ['tablet', 'reliability.html', 'light', 900, 900],
  ['phone', 'index.html', 'light', 390, 844],
  ['phone-table', 'budgets.html', 'dark', 390, 844],
];
for (const [name, path, colorScheme, width, height] of shots) {
  const page = await browser.newPage({ colorScheme, viewport: { width, height } });
  await page.goto(site + path);
  await page.locator('rerank-search input').waitFor();
  await page.screenshot({ path: `/tmp/h/docs-shots/${name}.png` });
  await page.close();
}
for (const [name, width, height, colorScheme] of [['search', 1440, 900, 'light'], ['search-phone', 390, 844, 'dark']] as const) {
  const page = await browser.newPage({ colorScheme, viewport: { width, height } });
  await page.goto(site + 'privacy.html');
  await page.locator('rerank-search input').waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('which browsers have WebGPU');
  const told = await page.evaluate(() => new Promise<string>((resolve) => {
    document.addEventListener('rerank-complete', (e) => resolve(JSON.stringify((e as CustomEvent).detail.results.slice(0, 8).map((r: any) => [r.document.title, r.originalRank, r.relevanceScore.toFixed(2)])) + ' ' + JSON.stringify((e as CustomEvent).detail.timing)));
    document.addEventListener('rerank-error', (e) => resolve((e as CustomEvent).detail.error.message));
  }));
  console.log(told);
  await page.waitForTimeout(300);
  await page.screenshot({ path: `/tmp/h/docs-shots/${name}.png` });
  if (name === 'search') {
    for (const query of ['what is stored in the browser of a reader', 'my list is on the page already', 'readers with a slow phone', 'content security policy', 'model file 404']) {
      await page.locator('rerank-search input').fill('');
      const told = page.evaluate(() => new Promise<string>((resolve) => {
        document.addEventListener('rerank-complete', (e) => resolve(JSON.stringify((e as CustomEvent).detail.results.slice(0, 4).map((r: any) => [r.document.title, r.originalRank])) + ' ' + (e as CustomEvent).detail.timing.totalMs), { once: true });
      }));
      await page.locator('rerank-search input').fill(query);
      console.log(query, '→', await told);
    }
  }
  await page.close();
}
await browser.close();
await server.close();
