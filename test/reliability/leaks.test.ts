import { afterAll, beforeAll, expect, test } from 'vitest';
import { found } from '../golden-search.ts';
import { launchChromium, openChromiumPage, readPage } from './browsers.ts';
import { startFaultySite, tinyModel, type FaultySite } from './faulty-site.ts';
import { MemoryMeter } from './page-memory.ts';

const CYCLES = 200;

/** What lets a browser's own bookkeeping breathe; a leak of one a cycle is far above. */
const SLACK = 20;

/** An element that leaks has tens of kilobytes a cycle. Code that the browser compiles meanwhile has less than this. */
const HEAP_SLACK_BYTES = CYCLES * 2048;

let chromium: Awaited<ReturnType<typeof launchChromium>>;
let site: FaultySite;

beforeAll(async () => {
  chromium = await launchChromium();
  site = await startFaultySite({
    script: `
const found = ${JSON.stringify(found)};
// One that stays, with the worker.
document.body.append(Object.assign(document.createElement('rerank-results'), ${JSON.stringify(tinyModel)}, { search: () => found, query: 'stays' }));
const items = found.map(({ text }) => '<li>' + text + '</li>').join('');
/** Adds an element, waits until it has reranked, and removes it; so many times. */
window.cycle = async (kind, count) => {
  for (let round = 0; round < count; round += 1) {
    const element = document.createElement(kind === 'list' ? 'rerank-results' : kind);
    Object.assign(element, ${JSON.stringify(tinyModel)});
    if (kind === 'list') element.innerHTML = '<ol>' + items + '</ol>';
    else element.search = () => found;
    const complete = new Promise((resolve) => element.addEventListener('rerank-complete', resolve, { once: true }));
    element.query = 'query ' + (round % 5);
    document.body.append(element);
    await complete;
    await element.updateComplete;
    element.remove();
  }
};`,
  });
});

afterAll(async () => {
  await chromium[Symbol.asyncDispose]();
  await site.close();
});

test.each(['rerank-results', 'rerank-search', 'list'] as const)(
  'two hundred elements that come, rerank and go leave nothing behind: %s',
  async (kind) => {
    await using opened = await openChromiumPage(chromium.context, site.url);
    const { page } = opened;
    const meter = new MemoryMeter(page);
    const cycle = (count: number): Promise<void> =>
      opened.evaluate(
        ({ kind, count }) =>
          (window as unknown as { cycle(kind: string, count: number): Promise<void> }).cycle(
            kind,
            count,
          ),
        { kind, count },
      );

    await cycle(60);
    const before = await meter.measureLeast();
    // The engine's and its lanes'.
    const { length } = page.workers();
    expect(length).toBeGreaterThan(0);
    await cycle(CYCLES);
    expect(page.workers()).toHaveLength(length);
    await meter.expectAtMost({
      documents: before.documents,
      nodes: before.nodes + SLACK,
      listeners: before.listeners + SLACK,
      heapBytes: before.heapBytes + HEAP_SLACK_BYTES,
    });
    expect((await readPage(opened)).uncaught).toEqual([]);
  },
);

test('some seconds after the last element, its workers are gone', async () => {
  await using opened = await openChromiumPage(chromium.context, site.url);
  await opened.evaluate(() => document.querySelector('rerank-results')?.remove());
  await opened.evaluate(() =>
    (window as unknown as { cycle(kind: string, count: number): Promise<void> }).cycle(
      'rerank-results',
      1,
    ),
  );
  expect(opened.page.workers().length).toBeGreaterThan(0);
  await expect.poll(() => opened.page.workers().length, { timeout: 20_000 }).toBe(0);
});
