import type * as Library from 'rerank-results';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rerankedOrder, searchOrder } from '../golden-search.ts';
import {
  launchChromium,
  launchFirefox,
  openChromiumPage,
  waitForEvent,
  whyNoFirefox,
  type ReadersBrowser,
} from './browsers.ts';
import { asHtml, notFound, startFaultySite, type Fault } from './faulty-site.ts';
import { MemoryMeter } from './page-memory.ts';

const browsers: {
  chromium?: Awaited<ReturnType<typeof launchChromium>>;
  firefox?: ReadersBrowser;
} = {};

beforeAll(async () => {
  browsers.chromium = await launchChromium();
  if (whyNoFirefox() === undefined) browsers.firefox = await launchFirefox();
});

afterAll(async () => {
  await browsers.chromium?.[Symbol.asyncDispose]();
  await browsers.firefox?.[Symbol.asyncDispose]();
});

/** The package's worker, which a site may serve under any name. */
const WORKER = /\/worker\.js/;

const inEachBrowser = ['chromium', 'firefox'] as const;
const faults: readonly (readonly [what: string, fault: Fault])[] = [
  ['that is not there', notFound],
  ['in whose place a page comes', asHtml],
];

test.for(inEachBrowser.flatMap((name) => faults.map((fault) => [name, ...fault] as const)))(
  '%s keeps the search’s order with a worker %s, and the next run reranks',
  async ([name, , fault], { skip }) => {
    const browser = browsers[name];
    if (!browser) return skip(whyNoFirefox());
    await using site = await startFaultySite();
    site.break(WORKER, fault);
    await using page = await browser.open(site.url);
    await expectFailure(page);
    site.mend();
    await page.evaluate(() => {
      const element = document.querySelector('rerank-results');
      return (element as unknown as { refresh(): Promise<void> }).refresh();
    });
    const view = await waitForEvent(page, 'rerank-complete');
    expect(view).toMatchObject({ titles: rerankedOrder, uncaught: [] });
    expect(view.messages).toHaveLength(1);
  },
);

test.for(inEachBrowser)(
  '%s keeps the search’s order where the policy forbids the worker, and the error names worker-src',
  async (name, { skip }) => {
    const browser = browsers[name];
    if (!browser) return skip(whyNoFirefox());
    const policy = "script-src 'self' 'wasm-unsafe-eval'; worker-src 'none'";
    await using site = await startFaultySite({ policy });
    await using page = await browser.open(site.url);
    await expectFailure(page);
  },
);

async function expectFailure(page: Awaited<ReturnType<ReadersBrowser['open']>>): Promise<void> {
  const { events, messages, titles, uncaught } = await waitForEvent(page, /^rerank-error/);
  expect(events.filter((event) => event.startsWith('rerank-error'))).toEqual([
    'rerank-error worker-failed',
  ]);
  expect(messages[0]).toMatch(/worker/);
  expect(messages[0]).toMatch(/worker-src/);
  expect(titles).toEqual(searchOrder);
  expect(uncaught).toEqual([]);
}

/** What a page does over and over. */
type Cycle = 'measureDownload' | 'wasm' | 'onnxruntime' | 'webgpu';

/** Cycles of one reader's page. With onnxruntime and on WebGPU one compiles a runtime of 14 MB. */
const cycles: readonly (readonly [Cycle, number])[] = [
  ['measureDownload', 40],
  ['wasm', 20],
  ['onnxruntime', 2],
  ['webgpu', 1],
];

/** A leaked worker, listener or model is a multiple of it; what a browser keeps for itself is a fraction. */
const HEAP_NOISE_BYTES = 500_000;

test('no worker, listener or memory is left after many rerankers on one page', async () => {
  const { chromium } = browsers;
  if (!chromium) throw new Error('No Chromium.');
  await using site = await startFaultySite({ script: '' });
  await using opened = await openChromiumPage(chromium.context, site.url);
  const { page } = opened;
  await page.waitForFunction(() => 'library' in window);
  const meter = new MemoryMeter(page);

  for (const [cycle] of cycles) await opened.evaluate(runCycles, [cycle, 1] as const);
  const { listeners, heapBytes } = await meter.measureLeast();
  for (const [cycle, count] of cycles) {
    await opened.evaluate(runCycles, [cycle, count] as const);
    await expect.poll(() => page.workers()).toEqual([]);
    await meter.expectAtMost({ listeners, heapBytes: heapBytes + HEAP_NOISE_BYTES });
  }
}, 300_000);

/** Runs in the page. */
async function runCycles([cycle, count]: readonly [Cycle, number]): Promise<void> {
  const { library } = window as unknown as { library: typeof Library };
  const base = { model: 'tiny-split', modelBaseUrl: '/models/' } as const;
  for (let done = 0; done < count; done += 1) {
    if (cycle === 'measureDownload') {
      await library.measureDownload(base);
      continue;
    }
    const reranker = await library.createReranker(
      cycle === 'onnxruntime'
        ? { ...base, device: 'wasm', engine: cycle }
        : { ...base, device: cycle },
    );
    await reranker.rerank({ query: 'q', documents: ['a', 'b'] });
    await reranker.dispose();
  }
}
