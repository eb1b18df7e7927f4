import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  collectPageErrors,
  countRunEnds,
  launchBrowser,
  readOriginalTitles,
  readPhase,
  readShownTitles,
  waitForRunEnd,
} from './demo-page.ts';
import { findKeyboardFaults } from './keyboard-walk.ts';
import { readVitals, recordVitals } from './page-vitals.ts';
import { findFaults, startStaticDemo, type StaticDemo } from './static-demo.ts';

const ROOMS = ['', 'race.html', 'your-site.html'];

const QUERY = '?q=too+many+connections&device=wasm&candidates=10';

/** Most layout shift that nobody can see. */
const MOST_SHIFT = 0.01;

let demo: StaticDemo;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let errors: readonly string[];

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
  page.setDefaultTimeout(60_000);
  errors = collectPageErrors(page);
  await recordVitals(page);
  await countRunEnds(page);
});

afterEach(() => context.close());

/** Nothing moved by itself. What kept the page's thread long depends on the machine, so it is only told. */
async function expectStill(annotate: (message: string) => unknown): Promise<void> {
  const vitals = await readVitals(page);
  const tasks = vitals.longTasksMs.map((ms) => ms.toFixed(0)).join(', ');
  annotate(
    `${new URL(page.url()).pathname}: shift ${vitals.layoutShift.toFixed(4)}; tasks of ${tasks || 'no'} ms; ${vitals.shifted.join('; ')}`,
  );
  expect(vitals.layoutShift, vitals.shifted.join('\n')).toBeLessThanOrEqual(MOST_SHIFT);
}

describe('each room of the built demo', () => {
  it('opens without a fault: names, landmarks, contrast, targets, still, and every control by keyboard', async ({
    annotate,
  }) => {
    const titles = new Set<string>();
    for (const room of ROOMS) {
      await page.goto(`${demo.address}${room}`, { waitUntil: 'networkidle' });
      titles.add(await page.title());
      await expectStill((message) => annotate(message));
      await page.evaluate(() => {
        for (const details of document.querySelectorAll('details')) details.open = true;
      });
      expect(await findKeyboardFaults(page), room).toEqual([]);
      expect(await findFaults(page), room).toEqual([]);
    }
    expect(titles.size).toBe(ROOMS.length);
    expect(errors).toEqual([]);
  });
});

describe('the search room', () => {
  it.for(['once', 'live'] as const)(
    'moves nothing but what glides from the link’s opening to the reranked order: %s',
    async (reorder, { annotate }) => {
      for (const width of reorder === 'once' ? [1280, 390] : [1280]) {
        await page.setViewportSize({ width, height: 900 });
        await page.goto(`${demo.address}${QUERY}&reorder=${reorder}`);
        expect(await waitForRunEnd(page)).toBe('rerank-complete');
        await page.locator('#rail .moved').first().waitFor();
        await expectStill((message) => annotate(`${width} px, ${reorder}: ${message}`));
      }
      expect(await readShownTitles(page)).not.toEqual(await readOriginalTitles(page));
    },
  );

  it('is used by keyboard alone: Enter searches, a button shows the search’s order, Escape empties the field', async () => {
    await page.goto(`${demo.address}${QUERY}`);
    expect(await waitForRunEnd(page)).toBe('rerank-complete');
    expect(await findKeyboardFaults(page)).toEqual([]);

    const reranked = await readShownTitles(page);
    const original = await readOriginalTitles(page);
    await page.getByRole('button', { name: 'Show the search’s order' }).press('Enter');
    await expect.poll(() => readShownTitles(page)).toEqual(original);
    expect(await page.locator('#rail .moved').count()).toBe(0);
    expect(await findFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Show the better order' }).press('Enter');
    await expect.poll(() => readShownTitles(page)).toEqual(reranked);

    await page.locator('#query').press('Escape');
    await page.locator('#intro').waitFor();
    expect(new URL(page.url()).searchParams.has('q')).toBe(false);
    expect(await readPhase(page)).toBe('idle');
    await page.locator('#query').fill('deadlock');
    await page.locator('#query').press('Enter');
    await page.waitForURL((url) => url.searchParams.get('q') === 'deadlock');
    await page.goBack();
    await page.locator('#intro').waitFor();
    expect(errors).toEqual([]);
  });

  it('asks before a download where data is saved, and says what failed, both without a fault', async ({
    annotate,
  }) => {
    await page.addInitScript(() => {
      Object.defineProperty(navigator, 'connection', { value: { saveData: true } });
    });
    await page.goto(`${demo.address}${QUERY}`);
    expect(await waitForRunEnd(page)).toBe('rerank-skip');
    const agree = page.getByRole('button', { name: /^Improve the order: loads [\d.]+ MB once$/ });
    await agree.waitFor();
    expect(await findFaults(page)).toEqual([]);

    await page.route('**/models/**', (route) => route.abort());
    await agree.press('Enter');
    await page.getByText('Not reranked: the model’s files could not be loaded.').waitFor();
    expect(await readShownTitles(page)).toEqual(await readOriginalTitles(page));
    // Screen readers hear it once.
    const heard = page.locator('[role="status"], [role="alert"]').filter({ hasText: /\S/ });
    await expect.poll(() => heard.allTextContents()).toHaveLength(1);
    expect(await findFaults(page)).toEqual([]);
    await expectStill((message) => annotate(message));
  });
});
