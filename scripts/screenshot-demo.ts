/**
 * Takes the pictures of the demo in `docs/images/`: `npx tsx scripts/screenshot-demo.ts`. They show real
 * runs, with the times of the machine that takes them.
 */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions } from 'playwright';
import {
  countRunEnds,
  launchBrowser,
  startDemoServer,
  waitForRunEnd,
} from '../test/browser-e2e/demo-page.ts';

const QUERY = 'stop any statement that takes longer than ten seconds';

/** Longest wait for one query, the loading of the model included. */
const TIMEOUT_MS = 180_000;

const pictures: Readonly<Record<string, BrowserContextOptions>> = {
  'demo-light': { colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  'demo-dark': { colorScheme: 'dark', viewport: { width: 1280, height: 900 } },
  'demo-phone': { colorScheme: 'light', viewport: { width: 390, height: 844 } },
};

const folder = new URL('../docs/images/', import.meta.url);
await mkdir(folder, { recursive: true });
const server = await startDemoServer();
const browser = await launchBrowser();
try {
  for (const [name, options] of Object.entries(pictures)) {
    const page = await browser.newPage(options);
    page.setDefaultTimeout(TIMEOUT_MS);
    await countRunEnds(page);
    await page.goto(`${server.address}?q=${encodeURIComponent(QUERY)}`);
    const end = await waitForRunEnd(page);
    if (end !== 'rerank-complete') throw new Error(`The demo's run ended with ${end}.`);
    await page.locator('#rail .moved').first().waitFor();
    await page.screenshot({ path: fileURLToPath(new URL(`${name}.png`, folder)) });
    await page.close();
  }
} finally {
  await browser.close();
  await server[Symbol.asyncDispose]();
}
