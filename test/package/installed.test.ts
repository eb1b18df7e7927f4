import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { findChromium } from '../../scripts/find-browser.mjs';
import { installPackage, packPackage, root, runNpm } from './pack-package.ts';
import { isThorough, skippedUnlessThorough } from '../thorough.ts';
import { bestTitle, importMapHash, titles, writePlainSite, writeViteSite } from './site.ts';
import { startStaticServer, type StaticServer, type StaticServerOptions } from './static-server.ts';
import { toPaths, visitPage, type Told, type Visit } from './visit-page.ts';
import { buildWithVite, startVite, type ViteProcess } from './vite-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'rerank-results-site-'));
const viteSite = join(folder, 'vite');
const plainSite = join(folder, 'plain');

const executablePath = findChromium();
const launchOptions = {
  // A GPU that the CPU imitates: only an explicit wish for WebGPU takes it.
  args: ['--no-sandbox', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
  ...(executablePath !== undefined && { executablePath }),
};

let browser: Browser;
/** Stops what a test started. */
const closers: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  writeViteSite(viteSite);
  writePlainSite(plainSite);
  installPackage(viteSite, packPackage());
  // As the README says.
  runNpm(viteSite, 'exec', '--no', '--', 'rerank-results', 'copy', 'public');
  browser = await chromium.launch(launchOptions);
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await browser.close();
});

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serve(options: Partial<StaticServerOptions> = {}): Promise<StaticServer> {
  const server = await startStaticServer({
    folders: {
      '/': plainSite,
      '/vendor/': join(viteSite, 'node_modules'),
      '/models/': join(viteSite, 'public/models'),
      '/test-models/': join(root, 'test/models'),
    },
    ...options,
  });
  closers.push(() => server.close());
  return server;
}

async function serveWithVite(...parameters: string[]): Promise<ViteProcess> {
  const vite = await startVite(viteSite, ...parameters);
  closers.push(() => vite.stop());
  return vite;
}

/** Opens the page as a first-time visitor. */
async function visit(url: string): Promise<Visit> {
  const context = await browser.newContext();
  closers.push(() => context.close());
  return visitPage(context, url);
}

/** Asserts that a visit reranked the search's results, kept to its own site and logged no error. */
async function expectReranked(visited: Visit, origin: string): Promise<void> {
  const { error, titles: order = [] } = await visited.next();
  expect(error).toBeUndefined();
  expect(order[0]).toBe(bestTitle);
  expect([...order].sort()).toEqual([...titles].sort());
  expect(visited.errors).toEqual([]);
  expect(visited.requests.filter((url) => !url.startsWith(origin))).toEqual([]);
}

describe('a Vite site without configuration', () => {
  test('reranks in `vite dev`', async () => {
    const vite = await serveWithVite();
    const visited = await visit(vite.url);
    await expectReranked(visited, vite.url);
    expect(vite.output()).not.toMatch(/error|failed/i);
  });

  describe('built', () => {
    const assets = join(viteSite, 'dist/assets');

    beforeAll(async () => {
      await buildWithVite(viteSite);
    });

    test('has the worker and every runtime as files of their own', ({ annotate }) => {
      const names = readdirSync(assets);
      const plainNames = names.map((name) => name.replace(/-[\w-]{8}\./, '.')).sort();
      const runtimes = ['asyncify', 'jspi', 'wasm'].flatMap((build) => [
        `ort.${build}.glue.js`,
        `ort.${build}.js`,
        `ort.${build}.wasm`,
      ]);
      expect(plainNames).toEqual(['index.js', ...runtimes, 'transformers.js', 'worker.js']);
      const sizes = names.map((name) => `${name} ${statSync(join(assets, name)).size}`);
      void annotate(`Emitted, in bytes: ${sizes.join(', ')}`, 'notice');
    });

    test('reranks in `vite preview`, with the kernels that are in the worker and no other runtime', async () => {
      const vite = await serveWithVite('preview');
      const visited = await visit(vite.url);
      await expectReranked(visited, vite.url);
      const loaded = toPaths(visited.requests)
        .filter((path) => path.startsWith('/assets/'))
        .map((path) => path.replace(/-[\w-]{8}\./, '.'));
      expect(new Set(loaded)).toEqual(new Set(['/assets/index.js', '/assets/worker.js']));
    });

    test('reranks under a strict policy', async () => {
      const server = await serve({ folders: { '/': join(viteSite, 'dist') }, policy: policy() });
      const visited = await visit(server.url);
      await expectReranked(visited, server.url);
      expect(server.violations).toEqual([]);
    });
  });
});

function policy(...scriptSources: string[]): string {
  const scripts = ["'self'", "'wasm-unsafe-eval'", ...scriptSources].join(' ');
  return `default-src 'none'; script-src ${scripts}; worker-src 'self'; connect-src 'self'; style-src 'self'`;
}

const tinyModel = 'model=tiny-bert&modelBaseUrl=/test-models/&dtype=fp32';

describe('a page without a bundler, under a strict policy', () => {
  test('reranks with the element', async () => {
    const server = await serve({ policy: policy(importMapHash) });
    await expectReranked(await visit(server.url), server.url);
    expect(server.violations).toEqual([]);
  });

  test('gets the same scores from WebGPU as from WASM', async ({ skip }) => {
    skip(!isThorough, skippedUnlessThorough);
    const server = await serve({ policy: policy(importMapHash) });
    const wasm = await visit(`${server.url}api.html?device=wasm&${tinyModel}`);
    const onWasm = await wasm.next();
    const webgpu = await visit(`${server.url}api.html?device=webgpu&${tinyModel}`);
    const onWebGpu = await webgpu.next();

    expect([onWasm.error, onWebGpu.error]).toEqual([undefined, undefined]);
    expect([onWasm.model?.device, onWebGpu.model?.device]).toEqual(['wasm', 'webgpu']);
    expectClose(onWebGpu.logits, onWasm.logits, 1e-3);
    expect([...wasm.errors, ...webgpu.errors]).toEqual([]);
    expect(server.violations).toEqual([]);
  });

  test('says what is wrong where the policy forbids WebAssembly', async () => {
    const forbidding = policy(importMapHash).replace(" 'wasm-unsafe-eval'", '');
    const server = await serve({ policy: forbidding });
    const visited = await visit(`${server.url}api.html?device=wasm&${tinyModel}`);
    const { error } = await visited.next();
    expect(error).toMatch(/Content Security Policy/);
    // The tests above rely on it: what a worker's policy blocks is reported.
    await expect.poll(() => server.violations.join()).toContain('wasm-eval');
  });
});

describe('threads', () => {
  const isolating = {
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
  };

  /** The scores of one thread of onnxruntime, which both tests compare with. */
  let one: Told;

  beforeAll(async () => {
    const server = await serve();
    one = await (await visit(`${server.url}api.html?engine=onnxruntime`)).next();
  });

  test('the kernels run several on any page, with the scores of one thread', async ({ skip }) => {
    const server = await serve();
    const several = await visit(`${server.url}api.html`);
    const cores = await several.page.evaluate(() => navigator.hardwareConcurrency);
    skip(cores === 1, 'This machine has one core.');
    const ofSeveral = await several.next();

    expect([ofSeveral.error, one.error]).toEqual([undefined, undefined]);
    expect(ofSeveral.model).toMatchObject({ engine: 'kernels', threads: Math.min(4, cores) });
    expect(one.model).toMatchObject({ engine: 'onnxruntime', threads: 1 });
    // Another order of sums, and activations rounded in another place.
    expectClose(ofSeveral.logits, one.logits, 0.3);
  });

  test('onnxruntime runs several on a cross-origin isolated page, with the scores of one', async ({
    skip,
  }) => {
    const isolated = await serve({ headers: () => isolating });
    const visited = await visit(`${isolated.url}api.html?engine=onnxruntime`);
    const cores = await visited.page.evaluate(() => navigator.hardwareConcurrency);
    skip(cores === 1, 'This machine has one core.');
    const several = await visited.next();

    expect([one.error, several.error]).toEqual([undefined, undefined]);
    expect(one.model?.threads).toBe(1);
    expect(several.model?.threads).toBe(Math.min(4, cores));
    expectClose(several.logits, one.logits, 1e-4);
  });
});

describe('a model that was loaded', () => {
  const anotherQuery = 'a background thread for heavy code';

  test('reranks another query without a request', async () => {
    const server = await serve();
    const visited = await visit(server.url);
    await expectReranked(visited, server.url);
    const requestsBefore = visited.requests.length;
    await visited.page.evaluate((query) => {
      document.querySelector('rerank-results')?.setAttribute('query', query);
    }, anotherQuery);
    const { titles: order } = await visited.next();
    expect(order?.[0]).toBe('Workers');
    expect(visited.requests.slice(requestsBefore)).toEqual([]);
  });

  test('is not fetched again by a second visit, nor missed by one without a network', async () => {
    // The browser may keep the page's own files, as a service worker would; the model's it may not.
    const server = await serve({
      headers: (path) => ({
        'cache-control': path.startsWith('/models/') ? 'no-store' : 'max-age=600',
      }),
    });
    const context = await chromium.launchPersistentContext(join(folder, 'profile'), launchOptions);
    closers.push(() => context.close());
    const fetchedModelFiles = (): string[] =>
      server.requests.splice(0).filter((path) => path.startsWith('/models/'));

    await expectReranked(await visitPage(context, server.url), server.url);
    const first = fetchedModelFiles().map((path) => path.split('?')[0]);
    // The weights as the host holds them, and nothing twice.
    expect(first).toContain('/models/minilm-l6-split/onnx/model_quantized.onnx_data.deflate');
    expect(first).not.toContain('/models/minilm-l6-split/onnx/model_quantized.onnx_data');
    expect(new Set(first).size).toBe(first.length);

    await expectReranked(await visitPage(context, server.url), server.url);
    expect(fetchedModelFiles()).toEqual(['/models/minilm-l6-split/manifest.json']);

    await server.close();
    const offline = await visitPage(context, server.url);
    const { error, titles: order } = await offline.next();
    expect(error).toBeUndefined();
    expect(order?.[0]).toBe(bestTitle);
  });
});

describe('a model that is loaded', () => {
  test('is asked for at once: no file waits for another but the manifest', async () => {
    const waiting = new Set<string>();
    let send: () => void = () => undefined;
    const allAsked = new Promise<void>((resolve) => {
      send = resolve;
    });
    const needed = ['kernels.json', 'tokenizer.json', 'tokenizer_config.json', '.deflate'];
    const server = await serve({
      // Files that are asked for one after the other would wait for ever.
      hold(path) {
        const file = needed.find((name) => path.split('?')[0]?.endsWith(name));
        if (file === undefined) return Promise.resolve();
        waiting.add(file);
        if (waiting.size === needed.length) send();
        return allAsked;
      },
    });
    await expectReranked(await visit(server.url), server.url);
  });
});

function expectClose(
  actual: readonly number[] = [],
  expected: readonly number[] = [],
  tolerance: number,
): void {
  expect(expected).toHaveLength(titles.length);
  expect(actual).toHaveLength(titles.length);
  const differences = actual.map((value, index) => Math.abs(value - (expected[index] ?? NaN)));
  expect(Math.max(...differences)).toBeLessThanOrEqual(tolerance);
}
