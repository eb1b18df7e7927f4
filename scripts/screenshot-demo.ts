/**
 * Takes pictures of the demo. They show real runs, with the times of the machine that takes them.
 *
 *   npx tsx scripts/screenshot-demo.ts                 the README's, into docs/images/
 *   npx tsx scripts/screenshot-demo.ts FOLDER [WORD]   every room in every state, whole, in light and dark, on a desktop and a
 *                                                      phone; with a word only the states whose names have it
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright';
import {
  countRunEnds,
  launchBrowser,
  startDemoServer,
  waitForRunEnd,
} from '../test/browser-e2e/demo-page.ts';

const QUERY = 'stop any statement that takes longer than ten seconds';

/** Longest wait for one query, the loading of the model included. */
const TIMEOUT_MS = 180_000;

const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };

/** Of WebP, 0 to 1: letters stay sharp, and a picture has a third of a PNG's bytes. */
const QUALITY = 0.9;

/** How to bring a room into each of its states. */
const states: Readonly<Record<string, (page: Page, address: string) => Promise<void>>> = {
  async 'search-intro'(page, address) {
    await page.goto(address);
    await page.locator('.chip').first().waitFor();
  },
  async 'search-searching'(page, address) {
    await page.route('**/api/search?**', () => undefined);
    await page.goto(addressOf(address));
    // The skeleton comes late.
    await page.waitForTimeout(1000);
  },
  async 'search-first-order'(page, address) {
    await page.route('**/models/**/onnx/**', () => undefined);
    await page.goto(addressOf(address));
    await page.getByText('Loading the model').waitFor();
  },
  async 'search-reranking'(page, address) {
    await page.goto(`${addressOf(address)}&candidates=100&reorder=live&engine=onnxruntime`);
    await page.locator('#rail .moved').first().waitFor();
  },
  'search-reranked': openSearch,
  async 'search-settings'(page, address) {
    await openSearch(page, address);
    await page.locator('#settings summary').click();
  },
  async 'search-original'(page, address) {
    await openSearch(page, address);
    await page.getByRole('button', { name: 'Show the search’s order' }).click();
  },
  async 'search-explained'(page, address) {
    await openSearch(page, address);
    await page.getByRole('button', { name: 'Why this result?' }).first().click();
    await page.locator('[part="explanation"][aria-busy="false"]').waitFor();
  },
  async 'search-failed'(page, address) {
    await page.route('**/models/**', (route) => route.abort());
    await page.goto(addressOf(address));
    await waitForRunEnd(page);
  },
  async 'search-no-search'(page, address) {
    await page.route('**/api/search?**', (route) => route.abort());
    await page.goto(addressOf(address));
    await waitForRunEnd(page);
  },
  async 'search-nothing-found'(page, address) {
    await page.goto(`${address}?q=qqqqqq`);
    await waitForRunEnd(page);
  },
  async 'search-consent'(page, address) {
    await page.addInitScript(() => {
      Object.defineProperty(navigator, 'connection', { value: { saveData: true } });
    });
    await page.goto(addressOf(address));
    await waitForRunEnd(page);
  },
  async 'race-before'(page, address) {
    await page.goto(`${address}race.html`);
    await page.locator('.racer').first().waitFor();
  },
  async 'race-running'(page, address) {
    await page.goto(`${address}race.html?candidates=100`);
    await page.locator('#start').click();
    await page.getByText('onnxruntime-web reads').waitFor();
  },
  async 'race-over'(page, address) {
    await page.goto(`${address}race.html`);
    await page.locator('#start').click();
    await page.locator('.chart').waitFor();
  },
  async 'race-failed'(page, address) {
    await page.route('**/models/**', (route) => route.abort());
    await page.goto(`${address}race.html`);
    await page.locator('#start').click();
    await page.getByText('No engine finished').first().waitFor();
  },
  async 'lab-before'(page, address) {
    await page.goto(`${address}lab.html`);
    await page.locator('#start').waitFor();
  },
  async lab(page, address) {
    await page.goto(`${address}lab.html?keep=20`);
    await page.locator('#start').click();
    await page.locator('#stop').waitFor({ state: 'hidden' });
    await page.locator('.queries summary').first().click();
  },
  async speed(page, address) {
    await page.goto(`${address}speed.html`);
    await page.locator('.bar').first().waitFor();
  },
  async 'your-site-before'(page, address) {
    await page.goto(`${address}your-site.html`);
    await page.locator('#list').waitFor();
  },
  async 'your-site-reranked'(page, address) {
    await page.goto(`${address}your-site.html`);
    await page.getByRole('button', { name: 'Rerank' }).click();
    await page.locator('#rail .moved').first().waitFor();
  },
  async 'your-site-wrong-list'(page, address) {
    await page.goto(`${address}your-site.html`);
    await page.locator('#list').fill('[{"title": "Opening hours"');
    await page.getByRole('button', { name: 'Rerank' }).click();
  },
  async 'your-site-wrong-answer'(page, address) {
    await page.goto(`${address}your-site.html`);
    await page.getByLabel('A search that answers with JSON').check();
    // This page: HTML.
    await page.locator('#endpoint').fill('/your-site.html?q={query}');
    await page.getByRole('button', { name: 'Rerank' }).click();
    await waitForRunEnd(page);
  },
};

const [folder = fileURLToPath(new URL('../docs/images/', import.meta.url)), word = ''] =
  process.argv.slice(2);
await mkdir(folder, { recursive: true });
const server = await startDemoServer();
const browser = await launchBrowser();
try {
  if (process.argv[2] === undefined) await takeReadmePictures(browser);
  else await takeAllPictures(browser);
} finally {
  await browser.close();
  await server[Symbol.asyncDispose]();
}

/** The search room, for light and for dark pages. One visit serves both, so that they show the same run. */
async function takeReadmePictures(from: Browser): Promise<void> {
  const page = await openPage(from, { viewport: DESKTOP });
  await openSearch(page, server.address);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const picture = await page.screenshot({ animations: 'disabled' });
    await writeFile(join(folder, `demo-${colorScheme}.webp`), await toWebp(from, picture));
  }
}

/** Browsers write WebP; their screenshots are PNGs. */
async function toWebp(from: Browser, png: Buffer): Promise<Buffer> {
  const page = await from.newPage();
  const base64 = await page.evaluate(
    async ({ data, quality }) => {
      const image = await createImageBitmap(await (await fetch(data)).blob());
      const canvas = new OffscreenCanvas(image.width, image.height);
      canvas.getContext('2d', { alpha: false })?.drawImage(image, 0, 0);
      const blob = await canvas.convertToBlob({ type: 'image/webp', quality });
      const bytes = new Uint8Array(await blob.arrayBuffer());
      return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    },
    { data: `data:image/png;base64,${png.toString('base64')}`, quality: QUALITY },
  );
  await page.close();
  return Buffer.from(base64, 'base64');
}

/** One visit serves all pictures of a state. */
async function takeAllPictures(from: Browser): Promise<void> {
  for (const [state, open] of Object.entries(states)) {
    if (!state.includes(word)) continue;
    const page = await openPage(from, { viewport: DESKTOP });
    await open(page, server.address);
    for (const [device, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme });
        const path = join(folder, `${state}-${device}-${colorScheme}.png`);
        await page.screenshot({ path, fullPage: true, animations: 'disabled' });
      }
    }
    await page.close();
  }
}

async function openPage(from: Browser, options: BrowserContextOptions): Promise<Page> {
  const page = await from.newPage(options);
  page.setDefaultTimeout(TIMEOUT_MS);
  await countRunEnds(page);
  return page;
}

function addressOf(address: string): string {
  return `${address}?q=${encodeURIComponent(QUERY)}`;
}

async function openSearch(page: Page, address: string): Promise<void> {
  await page.goto(addressOf(address));
  const end = await waitForRunEnd(page);
  if (end !== 'rerank-complete') throw new Error(`The demo's run ended with ${end}.`);
  await page.locator('#rail .moved').first().waitFor();
}
