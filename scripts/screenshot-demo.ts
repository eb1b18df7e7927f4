/**
 * Takes pictures of the demo. They show real runs, with the times of the machine that takes them.
 *
 *   npx tsx scripts/screenshot-demo.ts          the README's, into docs/images/
 *   npx tsx scripts/screenshot-demo.ts FOLDER   every room, whole, in light and dark, on a desktop and a phone
 */
import { mkdir } from 'node:fs/promises';
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

const readmePictures: Readonly<Record<string, BrowserContextOptions>> = {
  'demo-light': { colorScheme: 'light', viewport: DESKTOP },
  'demo-dark': { colorScheme: 'dark', viewport: DESKTOP },
  'demo-phone': { colorScheme: 'light', viewport: PHONE },
};

/** How to bring each room to where it has most to show. */
const rooms: Readonly<Record<string, (page: Page, address: string) => Promise<void>>> = {
  search: openSearch,
  async 'race-before'(page, address) {
    await page.goto(`${address}race.html`);
    await page.locator('.racer').first().waitFor();
  },
  async race(page, address) {
    await page.goto(`${address}race.html`);
    await page.locator('#start').click();
    await page.locator('.chart').waitFor();
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
  async 'your-site'(page, address) {
    await page.goto(`${address}your-site.html`);
    await page.getByRole('button', { name: 'Rerank' }).click();
    await page.locator('#rail .moved').first().waitFor();
  },
};

const folder = process.argv[2] ?? fileURLToPath(new URL('../docs/images/', import.meta.url));
await mkdir(folder, { recursive: true });
const server = await startDemoServer();
const browser = await launchBrowser();
try {
  if (process.argv[2] === undefined) await takeReadmePictures(browser);
  else await takeRoomPictures(browser);
} finally {
  await browser.close();
  await server[Symbol.asyncDispose]();
}

async function takeReadmePictures(from: Browser): Promise<void> {
  for (const [name, options] of Object.entries(readmePictures)) {
    const page = await openPage(from, options);
    await openSearch(page, server.address);
    await page.screenshot({ path: join(folder, `${name}.png`) });
    await page.close();
  }
}

/** One visit of each room serves all of its pictures. */
async function takeRoomPictures(from: Browser): Promise<void> {
  for (const [room, open] of Object.entries(rooms)) {
    const page = await openPage(from, { viewport: DESKTOP });
    await open(page, server.address);
    for (const [device, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme });
        const path = join(folder, `${room}-${device}-${colorScheme}.png`);
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

async function openSearch(page: Page, address: string): Promise<void> {
  await page.goto(`${address}?q=${encodeURIComponent(QUERY)}`);
  const end = await waitForRunEnd(page);
  if (end !== 'rerank-complete') throw new Error(`The demo's run ended with ${end}.`);
  await page.locator('#rail .moved').first().waitFor();
}
