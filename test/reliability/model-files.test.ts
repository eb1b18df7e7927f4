import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readManifestIntegrity } from '../../src/cli/manifest-integrity.ts';
import { rerankedOrder, searchOrder } from '../golden-search.ts';
import {
  launchChromium,
  launchFirefox,
  openChromiumPage,
  waitForEvent,
  whyNoFirefox,
  type OpenedPage,
  type PageView,
} from './browsers.ts';
import {
  addElementScript,
  answered,
  asHtml,
  cutOff,
  garbled,
  hold,
  notFound,
  redirected,
  startFaultySite,
  WEIGHTS,
  type Fault,
  type FaultySite,
} from './faulty-site.ts';

let browser: Awaited<ReturnType<typeof launchChromium>>;
let site: FaultySite;
/** Its model has one form, which needs onnxruntime. */
let onnxSite: FaultySite;
/** Its model has several forms. */
let formsSite: FaultySite;

beforeAll(async () => {
  [browser, site, onnxSite, formsSite] = await Promise.all([
    launchChromium({ args: ['--host-resolver-rules=MAP plain.test 127.0.0.1'] }),
    // One form of the model: else the next one takes the place of one whose files are wrong.
    startFaultySite({ script: addElementScript({ engine: 'kernels' }) }),
    startFaultySite({ script: addElementScript({ model: 'tiny-bert', dtype: 'fp32' }) }),
    startFaultySite({ script: addElementScript({ model: 'tiny-bert' }) }),
  ]);
});

afterEach(() => {
  for (const each of [site, onnxSite, formsSite]) each.mend();
});

afterAll(async () => {
  await Promise.all(
    [browser, site, onnxSite, formsSite].map((opened) => opened[Symbol.asyncDispose]()),
  );
});

type ChromiumPage = Awaited<ReturnType<typeof openChromiumPage>>;

/** The page as a reader sees it who was never there. */
function visit(url = site.url): Promise<ChromiumPage> {
  return browser.visit(url);
}

/** Runs the element's query again and waits for what comes of it. */
async function runAgain(page: OpenedPage): Promise<PageView> {
  await page.evaluate(() => {
    (window as unknown as { seen: { events: string[] } }).seen.events.length = 0;
    void document.querySelector('rerank-results')?.refresh();
  });
  return waitForEvent(page, /^rerank-(complete|error)/);
}

const ENDED = /^rerank-(complete|error)/;
const WEIGHTS_PATH = '/models/tiny-split/onnx/model_quantized.onnx_data.deflate';
const GRAPH = /\/onnx\/model\.onnx\?/;
const MANIFEST = /\/manifest\.json$/;
const RUNTIME = /\/runtime\/ort\.wasm\.wasm$/;
const RUNTIME_API = /\/runtime\/ort\.wasm\.js$/;
const RUNTIME_GLUE = /\/runtime\/ort\.wasm\.glue\.js$/;

interface Manifest {
  formatVersion: number;
  variants: object[];
  files: Record<string, object>;
}

/** The manifest with changes. */
function changed(change: (manifest: Manifest) => object): Fault {
  return (response, body) => {
    const manifest = JSON.parse(body.toString()) as Manifest;
    response.writeHead(200).end(JSON.stringify({ ...manifest, ...change(manifest) }));
  };
}

type Broken = readonly (readonly [RegExp, Fault])[];

/** A file that is garbage, as the manifest promises. */
function promised(path: string): Broken {
  const garbage = 'This is no model.';
  const facts = {
    bytes: garbage.length,
    sha256: createHash('sha256').update(garbage).digest('hex'),
  };
  return [
    [MANIFEST, changed(({ files }) => ({ files: { ...files, [path]: facts } }))],
    [new RegExp(`/${path}\\?`), answered(garbage)],
  ];
}

/** An answer that sends the browser to the same file at another origin. */
const redirectedElsewhere: Fault = (response, body) => {
  redirected(new URL(WEIGHTS_PATH, onnxSite.url).href)(response, body);
};

type Row = readonly [what: string, broken: Broken, code: string, message: RegExp];

/** The page of a reader who comes when something is broken. */
async function visitBroken(
  [, broken, code, message]: Row,
  where: FaultySite,
): Promise<ChromiumPage> {
  for (const [pattern, fault] of broken) where.break(pattern, fault);
  const page = await visit(where.url);
  expect(await waitForEvent(page, ENDED)).toMatchObject({
    titles: searchOrder,
    events: ['rerank-candidates', 'rerank-start', `rerank-error ${code}`],
    messages: [expect.stringMatching(message)],
    uncaught: [],
  });
  return page;
}

/** The page reranks once its server is sound. */
async function expectMended(page: OpenedPage, where: FaultySite): Promise<void> {
  where.mend();
  expect(await runAgain(page)).toMatchObject({ titles: rerankedOrder, uncaught: [] });
}

describe('the search’s order stays and one event says why, where', () => {
  test.for<Row>([
    [
      'the manifest is a web page',
      [[MANIFEST, asHtml]],
      'model-load',
      /manifest\.json is not JSON; it begins with "<!doctype html>"\. .*model-base/,
    ],
    [
      'the manifest is cut off',
      [[MANIFEST, cutOff(0.5)]],
      'model-load',
      /manifest\.json broke off after \d+ bytes/,
    ],
    [
      'the manifest lacks a field',
      [[MANIFEST, changed(() => ({ variants: [] }))]],
      'model-integrity',
      /manifest .* variants must be a list\. Copy the model's folder anew/,
    ],
    [
      'the manifest is from a newer version',
      [[MANIFEST, changed(() => ({ formatVersion: 3 }))]],
      'model-integrity',
      /formatVersion must be 1 or 2, .*a newer model needs a newer rerank-results/,
    ],
    [
      'a model file is not there',
      [[WEIGHTS, notFound]],
      'model-load',
      /model_quantized\.onnx_data.* answered with HTTP status 404\. Copy the model's folder anew/,
    ],
    [
      'a model file has another size',
      [[WEIGHTS, answered('short')]],
      'model-integrity',
      /model_quantized\.onnx_data\.deflate.* has 5 bytes, not 203876/,
    ],
    [
      'a model file is a web page',
      [[WEIGHTS, asHtml]],
      'model-integrity',
      /model_quantized\.onnx_data\.deflate.* has \d+ bytes, not 203876/,
    ],
    [
      'a model file is elsewhere, where this page may not read',
      [[WEIGHTS, redirectedElsewhere]],
      'model-load',
      /model_quantized\.onnx_data.* could not be fetched: .*redirects to .*CORS/,
    ],
    [
      'the tokenizer is garbage, as the manifest promises',
      promised('tokenizer.json'),
      'model-integrity',
      /The tokenizer of tiny-split cannot be used/,
    ],
  ])('%s', async (row) => {
    const page = await visitBroken(row, site);
    await page[Symbol.asyncDispose]();
  });

  test.for<Row>([
    [
      'the runtime is a web page',
      [[RUNTIME, asHtml]],
      'model-load',
      /ort\.wasm\.wasm is a web page\. .*wasm-paths/,
    ],
    [
      'the runtime is cut off',
      [[RUNTIME, cutOff(0.5)]],
      'model-load',
      /ort\.wasm\.wasm could not be fetched: /,
    ],
    [
      'the runtime’s module is a web page',
      [[RUNTIME_API, asHtml]],
      'model-load',
      /ort\.wasm\.js could not be loaded: .*wasm-paths/,
    ],
  ])('%s', async (row) => {
    const page = await visitBroken(row, onnxSite);
    await page[Symbol.asyncDispose]();
  });
});

describe('the same, and the next query finds the mended server, where', () => {
  test.for<Row>([
    [
      'the manifest is not there',
      [[MANIFEST, notFound]],
      'model-load',
      /manifest\.json answered with HTTP status 404\. .*model-base.*rerank-results copy/,
    ],
    [
      'a model file is cut off',
      [[WEIGHTS, cutOff(0.5)]],
      'model-load',
      /model_quantized\.onnx_data.* broke off after \d+ of 203876 bytes/,
    ],
    [
      'a model file has one wrong byte',
      [[WEIGHTS, garbled]],
      'model-integrity',
      /model_quantized\.onnx_data.* its SHA-256 is .*, not .*Copy the model's folder anew/,
    ],
  ])('%s', async (row) => {
    await using page = await visitBroken(row, site);
    await expectMended(page, site);
  });

  test.for<Row>([
    [
      'the graph is garbage, as the manifest promises',
      promised('onnx/model.onnx'),
      'backend-unavailable',
      /No device can run the model\. wasm fp32: /,
    ],
    [
      'the runtime is not there',
      [[RUNTIME, notFound]],
      'model-load',
      /ort\.wasm\.wasm answered with HTTP status 404\. .*dist\/runtime.*wasm-paths/,
    ],
    [
      'the runtime’s module is not there',
      [[RUNTIME_API, notFound]],
      'model-load',
      /ort\.wasm\.js could not be loaded: .*wasm-paths/,
    ],
    [
      'the runtime’s second module is not there',
      [[RUNTIME_GLUE, notFound]],
      'model-load',
      /ort\.wasm\.glue\.js answered with HTTP status 404\. .*wasm-paths/,
    ],
  ])('%s', async (row) => {
    await using page = await visitBroken(row, onnxSite);
    await expectMended(page, onnxSite);
  });
});

describe('reranks nevertheless where', () => {
  const isWell = { titles: rerankedOrder, messages: [], uncaught: [] };

  test('a model file was moved on the same site', async () => {
    site.break(WEIGHTS, redirected(WEIGHTS_PATH));
    await using page = await visit();
    expect(await waitForEvent(page, ENDED)).toMatchObject(isWell);
  });

  test('one form of the model is wrong and another is sound', async () => {
    formsSite.break(GRAPH, garbled);
    await using page = await visit(formsSite.url);
    expect(await waitForEvent(page, ENDED)).toMatchObject({ messages: [], uncaught: [] });
    expect(formsSite.requests.join(' ')).toContain('model_quantized.onnx');
  });

  test('the browser’s storage is full', async () => {
    await using page = await visit();
    await waitForEvent(page, ENDED);
    const session = await page.page.context().newCDPSession(page.page);
    const { origin } = new URL(site.url);
    await page.evaluate(forgetModels);
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 10_000 });
    await page.goto(site.url);
    expect(await waitForEvent(page, ENDED)).toMatchObject(isWell);
    // What is small fits in.
    expect(await page.evaluate(listKept)).not.toContain(WEIGHTS_PATH);
  });

  test('what the browser keeps is taken away during use and between visits', async () => {
    await using page = await visit();
    await waitForEvent(page, ENDED);
    await page.evaluate(forgetModels);
    expect(await runAgain(page)).toMatchObject(isWell);
    await page.goto(site.url);
    expect(await waitForEvent(page, ENDED)).toMatchObject(isWell);
    expect(await page.evaluate(listKept)).toHaveLength(5);
  });

  test('what the browser keeps is taken away while it comes', async () => {
    const { fault, isAsked, release } = hold(0.1);
    site.break(WEIGHTS, fault);
    await using page = await visit();
    await expect.poll(isAsked).toBe(true);
    await page.evaluate(forgetModels);
    release();
    expect(await waitForEvent(page, ENDED)).toMatchObject(isWell);
  });
});

/** Frees what the library keeps. */
async function forgetModels(): Promise<void> {
  for (const name of await caches.keys()) await caches.delete(name);
}

/** Paths of what the library keeps. */
async function listKept(): Promise<string[]> {
  const lists = (await caches.keys()).map(async (name) => (await caches.open(name)).keys());
  return (await Promise.all(lists)).flat().map(({ url }) => new URL(url).pathname);
}

/** Damages all that the library keeps. */
async function damageKept(): Promise<void> {
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) await cache.put(request, new Response('damaged'));
  }
}

/** The SHA-256 of the tiny model's manifest. */
const PIN = readManifestIntegrity('test/models/tiny-split');
const WRONG_PIN = `sha256-${'A'.repeat(43)}=`;

describe.for([
  ['a secure page', () => site.url, /it is sha256-.*, not sha256-A+=\. .*models check/],
  // Where nothing can be hashed, the browser compares.
  [
    'a page without HTTPS',
    () => site.url.replace('localhost', 'plain.test'),
    /the browser compared it with sha256-A+=\./,
  ],
] as const)('a model that is pinned, on %s,', ([, url, message]) => {
  const pin = (page: OpenedPage, integrity: string): Promise<void> =>
    page.evaluate((value) => {
      const { seen } = window as unknown as { seen: { events: string[]; messages: string[] } };
      seen.events.length = 0;
      seen.messages.length = 0;
      document.querySelector('rerank-results')?.setAttribute('integrity', value);
    }, integrity);

  test('is refused where its manifest is another, and taken where it is this one', async () => {
    await using page = await visit(url());
    await waitForEvent(page, ENDED);
    await pin(page, WRONG_PIN);
    expect(await waitForEvent(page, ENDED)).toMatchObject({
      titles: searchOrder,
      events: ['rerank-candidates', 'rerank-start', 'rerank-error model-integrity'],
      messages: [expect.stringMatching(message)],
      uncaught: [],
    });
    await pin(page, PIN);
    expect(await waitForEvent(page, ENDED)).toMatchObject({
      titles: rerankedOrder,
      messages: [],
      uncaught: [],
    });
  });

  test('is refused where a file was changed and kept its size', async () => {
    site.break(WEIGHTS, garbled);
    await using page = await visit(url());
    await waitForEvent(page, ENDED);
    await pin(page, PIN);
    expect(await waitForEvent(page, ENDED)).toMatchObject({
      titles: searchOrder,
      messages: [expect.stringMatching(/model_quantized\.onnx_data.* is not the file that/)],
      uncaught: [],
    });
  });
});

describe.for([
  ['Chromium', () => launchChromium(), undefined],
  ['Firefox', () => launchFirefox(), whyNoFirefox()],
] as const)('in %s', ([, launch, whyNot]) => {
  test('what was kept and is damaged comes over the network, and without a network it is said', async ({
    skip,
  }) => {
    if (whyNot !== undefined) skip(whyNot);
    await using ownBrowser = await launch();
    await using page = await ownBrowser.open(site.url);
    await waitForEvent(page, ENDED);
    await page.evaluate(damageKept);
    await page.goto(site.url);
    expect(await waitForEvent(page, ENDED)).toMatchObject({
      titles: rerankedOrder,
      messages: [],
      uncaught: [],
    });
    await page.evaluate(damageKept);
    site.break(/^\/models\//, (response) => response.destroy());
    await page.goto(site.url);
    expect(await waitForEvent(page, ENDED)).toMatchObject({
      titles: searchOrder,
      messages: [expect.stringMatching(/manifest\.json could not be fetched/)],
      uncaught: [],
    });
    site.mend();
    expect(await runAgain(page)).toMatchObject({ titles: rerankedOrder, uncaught: [] });
  });
});

test('a private window of Firefox reranks, on each visit', async ({ skip }) => {
  const whyNot = whyNoFirefox();
  if (whyNot !== undefined) skip(whyNot);
  await using firefox = await launchFirefox({ 'browser.privatebrowsing.autostart': true });
  await using page = await firefox.open(site.url);
  expect(await waitForEvent(page, ENDED)).toMatchObject({ titles: rerankedOrder, uncaught: [] });
  await page.goto(site.url);
  expect(await waitForEvent(page, ENDED)).toMatchObject({ titles: rerankedOrder, uncaught: [] });
});
