import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { build, preview, type PreviewServer } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { judgeGoals } from '../../bench/goals.ts';
import type { BenchResults } from '../../bench/results.ts';
import { collectPageErrors, launchBrowser } from './demo-page.ts';

const results = JSON.parse(readFileSync('bench/results/latest.json', 'utf8')) as BenchResults;
const outDir = mkdtempSync(join(tmpdir(), 'rerank-results-demo-'));
const shared = { configFile: 'demo/vite.config.ts', logLevel: 'silent' } as const;

let server: PreviewServer;
let address: string;
let browser: Browser;
let page: Page;
let errors: readonly string[];

beforeAll(async () => {
  // This page reads no model.
  await build({ ...shared, build: { outDir, copyPublicDir: false } });
  server = await preview({ ...shared, build: { outDir }, preview: { port: 0 } });
  address = server.resolvedUrls?.local[0] ?? '';
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  await server.close();
  rmSync(outDir, { recursive: true, force: true });
});

beforeEach(async () => {
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  errors = collectPageErrors(page);
});

afterEach(() => page.close());

/** Label and number of each bar of the chart with this heading. */
async function readBars(title: string): Promise<string[][]> {
  const rows = await page
    .locator('.chart')
    .filter({ has: page.getByRole('heading', { name: title }) })
    .locator('tr')
    .all();
  return Promise.all(
    rows.map(async (row) => [
      await row.locator('th').innerText(),
      await row.locator('.number').innerText(),
    ]),
  );
}

describe('the speed page of the built demo', () => {
  it('is reached from the race and from the lab', async () => {
    for (const room of ['race', 'lab']) {
      await page.goto(`${address}${room}.html`);
      await page.getByRole('link', { name: 'Speed' }).click();
      await page.getByRole('heading', { level: 1, name: 'How fast the reranking is' }).waitFor();
    }
  });

  it('shows the pairs a second of every engine as they were measured', async () => {
    await page.goto(`${address}speed.html`);
    const measured = results.engines?.rows ?? [];
    expect(measured.length).toBeGreaterThan(0);
    const bars = await readBars('Pairs a second, by engine');
    expect(bars.map(([, number]) => Number(number))).toEqual(
      measured.map(({ pairsPerSecond }) =>
        Number(pairsPerSecond.toFixed(pairsPerSecond < 100 ? 1 : 0)),
      ),
    );
    expect(bars[0]?.[0]).toContain('kernels');
    expect(errors).toEqual([]);
  });

  it('shows a bar for every length and every keystroke', async () => {
    await page.goto(`${address}speed.html`);
    expect(await readBars('Pairs a second, by length')).toHaveLength(
      results.lengths?.rows.length ?? 0,
    );
    const keystrokes = await readBars('Time of a run, keystroke by keystroke');
    expect(keystrokes.map(([query]) => query?.replace(' (again)', ''))).toEqual(
      results.keystrokes?.rows.map(({ query }) => query) ?? [],
    );
  });

  it('gives the fastest bar the whole width, and the others their share', async () => {
    await page.goto(`${address}speed.html`);
    const widths = await page
      .locator('.chart')
      .first()
      .locator('.bar')
      .evaluateAll((bars) =>
        bars.map((bar) => bar.clientWidth / (bar.parentElement?.clientWidth ?? 0)),
      );
    const speeds = (results.engines?.rows ?? []).map(({ pairsPerSecond }) => pairsPerSecond);
    for (const [index, width] of widths.entries()) {
      expect(width).toBeCloseTo((speeds[index] ?? 0) / Math.max(...speeds), 1);
    }
  });

  it('says of each goal whether it was reached', async () => {
    await page.goto(`${address}speed.html`);
    const states = await page.locator('#goals tbody td:last-child').allInnerTexts();
    expect(states).toEqual(judgeGoals(results).map(({ state }) => state));
  });

  it('warns where the numbers come from a quick run', async () => {
    await page.goto(`${address}speed.html`);
    const isQuick = Object.values(results).some(({ quick }) => quick);
    expect(await page.locator('#warning').isVisible()).toBe(isQuick);
  });

  it('fits a phone 390 pixels wide, and has dark colours', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.goto(`${address}speed.html`);
    await page.locator('.bar').first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(background).toBe('rgb(21, 24, 27)');
  });
});
