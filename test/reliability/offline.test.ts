import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readManifestIntegrity } from '../../src/cli/manifest-integrity.ts';
import { rerankedOrder, searchOrder } from '../golden-search.ts';
import { launchChromium, openChromiumPage, waitForEvent, type PageView } from './browsers.ts';
import {
  addElementScript,
  answered,
  asHtml,
  hold,
  notFound,
  stall,
  startFaultySite,
  WEIGHTS,
  type Fault,
  type FaultySite,
} from './faulty-site.ts';

type ChromiumPage = Awaited<ReturnType<typeof openChromiumPage>>;

const ENDED = /^rerank-(complete|error)/;
const MODELS = /^\/models\//;
const isWell = { titles: rerankedOrder, messages: [], uncaught: [] };

/** A host that hangs up. */
const gone: Fault = (response) => response.destroy();

/**
 * The package's worker, for which a second is a tenth of one, and which falls asleep for four seconds when a test says so, as
 * a computer does: nothing runs, and time goes by.
 */
const impatientWorker = answered(
  `import '/package/worker.js';
const start = setInterval;
globalThis.setInterval = (work, ms) => start(work, ms / 10);
const channel = new BroadcastChannel('sleep');
channel.onmessage = ({ data }) => {
  if (data !== 'sleep') return;
  const end = performance.now() + 4000;
  while (performance.now() < end);
  channel.postMessage('awake');
};`,
  { 'content-type': 'text/javascript' },
);

let browser: Awaited<ReturnType<typeof launchChromium>>;
let site: FaultySite;

beforeAll(async () => {
  browser = await launchChromium();
  site = await startFaultySite({ script: addElementScript({ query: '', worker: '/worker.js' }) });
  mend();
});

afterEach(() => {
  mend();
});

afterAll(async () => {
  await site[Symbol.asyncDispose]();
  await browser[Symbol.asyncDispose]();
});

function mend(): void {
  site.mend();
  site.break(/^\/worker\.js$/, impatientWorker);
}

/** The page as a reader sees it who was never there, before a query. */
function visit(url = site.url): Promise<ChromiumPage> {
  return browser.visit(url);
}

/** Searches, and waits for what comes of it. */
async function search(page: ChromiumPage): Promise<PageView> {
  await startSearch(page);
  return waitForEvent(page, ENDED);
}

function readStatus(page: ChromiumPage): Promise<string | undefined> {
  return page.evaluate(() => {
    const element = document.querySelector('rerank-results');
    return element?.shadowRoot?.querySelector('[part="status"]')?.textContent.trim();
  });
}

async function startSearch(page: ChromiumPage): Promise<void> {
  await page.page.waitForFunction('document.querySelector("rerank-results")?.hasUpdated');
  await page.evaluate(() => {
    const { seen } = window as unknown as { seen: { events: string[]; messages: string[] } };
    seen.events.length = 0;
    seen.messages.length = 0;
    const element = document.querySelector('rerank-results');
    if (!element) throw new Error('There is no element.');
    if (element.query === '') element.query = 'find slow queries in postgres';
    else void element.refresh();
  });
}

describe('without a network', () => {
  test('a first visit keeps the search’s order and says it, and reranks by itself when the network is back', async () => {
    await using page = await visit();
    const context = page.page.context();
    await context.setOffline(true);
    expect(await search(page)).toMatchObject({
      titles: searchOrder,
      events: ['rerank-candidates', 'rerank-start', 'rerank-error worker-failed'],
      messages: [expect.stringMatching(/worker's script could not be loaded/)],
      uncaught: [],
    });
    expect(await readStatus(page)).toMatch(/cannot be loaded while you are offline\.$/);
    await context.setOffline(false);
    const view = await waitForEvent(page, 'rerank-complete');
    expect(view).toMatchObject({ titles: rerankedOrder, uncaught: [] });
  });

  test('to the models alone, a first visit keeps the search’s order and says it', async () => {
    await using page = await visit();
    site.break(MODELS, gone);
    expect(await search(page)).toMatchObject({
      titles: searchOrder,
      events: ['rerank-candidates', 'rerank-start', 'rerank-error model-load'],
      messages: [
        expect.stringMatching(/manifest\.json could not be fetched: .*Look at the network/),
      ],
      uncaught: [],
    });
    mend();
    expect(await search(page)).toMatchObject(isWell);
  });

  test('a later visit to a site that works offline reranks and says nothing', async () => {
    const app = await startFaultySite({
      script: `navigator.serviceWorker.register('/app.js');${addElementScript()}`,
    });
    app.break(/^\/app\.js$/, answered(offlineApp, { 'content-type': 'text/javascript' }));
    await using page = await visit(app.url);
    await page.page.waitForFunction('navigator.serviceWorker.controller !== null');
    // Now everything goes through the service worker, which keeps all but the models.
    await page.goto(app.url);
    await waitForEvent(page, ENDED);
    await app.close();
    await page.goto(app.url);
    expect(await waitForEvent(page, ENDED)).toMatchObject(isWell);
  });
});

/** A service worker that keeps the site's files, and leaves the models to the library. */
const offlineApp = `
addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('fetch', (event) => {
  if (new URL(event.request.url).pathname.startsWith('/models/')) return;
  event.respondWith((async () => {
    const cache = await caches.open('site');
    try {
      const response = await fetch(event.request);
      await cache.put(event.request, response.clone());
      return response;
    } catch {
      return cache.match(event.request);
    }
  })());
});`;

describe('a reader who has the model', () => {
  let page: ChromiumPage | undefined;

  afterAll(() => page?.[Symbol.asyncDispose]());

  async function comeBack(fault: Fault): Promise<PageView> {
    if (!page) {
      page = await visit();
      await search(page);
    }
    site.break(MODELS, fault);
    await page.goto(site.url);
    return search(page);
  }

  test.for([
    ['hangs up', gone],
    ['answers with a login page', asHtml],
    ['is overloaded', (response) => void response.writeHead(503).end()],
    ['sends a part of each file and then nothing', stall(0.9)],
  ] satisfies readonly (readonly [string, Fault])[])(
    'has it also while the models’ host %s',
    async ([, fault]) => {
      expect(await comeBack(fault)).toMatchObject(isWell);
    },
  );

  test('and pins it has it also while the models’ host has another manifest', async () => {
    const integrity = readManifestIntegrity('test/models/tiny-split');
    const pin = (page: ChromiumPage): Promise<void> =>
      page.evaluate((value) => {
        const element = document.querySelector('rerank-results');
        if (element) element.integrity = value;
      }, integrity);
    await using page = await visit();
    await pin(page);
    await search(page);
    for (const fault of [asHtml, answered('{"formatVersion":2,"id":"tiny-split"}')]) {
      site.break(/^\/models\/tiny-split\/manifest\.json/, fault);
      await page.goto(site.url);
      await pin(page);
      expect(await search(page)).toMatchObject(isWell);
    }
  });

  test('is told that the site took the model away', async () => {
    expect(await comeBack(notFound)).toMatchObject({
      titles: searchOrder,
      messages: [expect.stringMatching(/HTTP status 404/)],
      uncaught: [],
    });
  });
});

describe('a download', () => {
  test('that stalls at 99 % ends with an error that says so; nothing else is asked of that network, and the next query starts anew', async () => {
    await using page = await visit();
    site.break(WEIGHTS, stall(0.99));
    const before = site.requests.length;
    expect(await search(page)).toMatchObject({
      titles: searchOrder,
      events: ['rerank-candidates', 'rerank-start', 'rerank-error model-load'],
      messages: [
        expect.stringMatching(
          /model_quantized\.onnx_data.* gave nothing for 30 seconds after 201837 of 203876 bytes/,
        ),
      ],
      uncaught: [],
    });
    expect(site.requests.slice(before).join(' ')).not.toContain('model_quantized.onnx?');
    mend();
    expect(await search(page)).toMatchObject(isWell);
  });

  test('whose host takes the request and never answers ends with an error', async () => {
    await using page = await visit();
    site.break(/\/manifest\.json$/, () => undefined);
    expect(await search(page)).toMatchObject({
      titles: searchOrder,
      messages: [expect.stringMatching(/gave nothing for 30 seconds after 0 bytes/)],
      uncaught: [],
    });
  });

  test('that is slow all the time is no stall, however long it takes', async () => {
    await using page = await visit();
    site.break(WEIGHTS, trickle(10, 400));
    await startSearch(page);
    await expect.poll(() => readStatus(page)).toMatch(/^Loading the model: \d+ MB of \d+ MB$/);
    expect(await waitForEvent(page, ENDED)).toMatchObject(isWell);
    expect(await readStatus(page)).toBe('3 results, best first.');
  });

  test('goes on after the computer slept', async () => {
    await using page = await visit();
    const { fault, isAsked, release } = hold(0.1);
    site.break(WEIGHTS, fault);
    await startSearch(page);
    await expect.poll(isAsked).toBe(true);
    await page.evaluate(
      () =>
        new Promise((resolve) => {
          const channel = new BroadcastChannel('sleep');
          channel.onmessage = resolve;
          channel.postMessage('sleep');
        }),
    );
    release();
    expect(await waitForEvent(page, ENDED)).toMatchObject(isWell);
  });
});

/** Sends a body in equal parts, one after each pause. */
function trickle(parts: number, pauseMs: number): Fault {
  return (response, body) => {
    response.writeHead(200, { 'content-length': body.length });
    const partBytes = Math.ceil(body.length / parts);
    const send = (start: number): void => {
      if (start >= body.length) {
        response.end();
        return;
      }
      response.write(body.subarray(start, start + partBytes));
      setTimeout(() => send(start + partBytes), pauseMs);
    };
    send(0);
  };
}
