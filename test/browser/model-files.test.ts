import { beforeEach, describe, expect, it } from 'vitest';
import { createReranker, measureDownload, type RerankerOptions } from 'rerank-results';
import type { LoadProgress } from '../../src/shared/types.ts';
import { sumHostedBytes, type Manifest } from '../../src/worker/model/manifest.ts';

/** Where the worker keeps model files. */
const CACHE_NAME = 'rerank-results-models-1';

/** Its weights are compressed, as the shipped models' are. */
const compressed = {
  model: 'tiny-split',
  modelBaseUrl: '/test/models/',
  device: 'wasm',
} as const;
const tiny = { model: 'tiny-bert', modelBaseUrl: '/test/models/', device: 'wasm' } as const;
const WEIGHTS = 'onnx/model_quantized.onnx_data';

beforeEach(async () => {
  await caches.delete(CACHE_NAME);
});

async function fetchManifest({ modelBaseUrl, model }: typeof compressed): Promise<Manifest> {
  const response = await fetch(`${modelBaseUrl}${model}/manifest.json`);
  return (await response.json()) as Manifest;
}

/** Loads a model and gives what was said of its files. */
async function load(
  options: RerankerOptions,
): Promise<{ totalBytes: number; progress: LoadProgress[] }> {
  const progress: LoadProgress[] = [];
  await using reranker = await createReranker({
    ...options,
    onProgress: (step) => progress.push(step),
  });
  const { results } = await reranker.rerank({ query: 'a', documents: ['one', 'two'] });
  expect(results).toHaveLength(2);
  return { totalBytes: reranker.model.totalBytes, progress };
}

/** Sizes of what the browser has kept, by URL without the origin. */
async function readKeptSizes(): Promise<Map<string, number>> {
  const cache = await caches.open(CACHE_NAME);
  const sizes = new Map<string, number>();
  for (const request of await cache.keys()) {
    const kept = await cache.match(request);
    const { pathname, search } = new URL(request.url);
    sizes.set(pathname + search, (await kept?.arrayBuffer())?.byteLength ?? 0);
  }
  return sizes;
}

describe('compressed weights', () => {
  it('are counted, downloaded and kept as the host holds them', async () => {
    const { files, revision } = await fetchManifest(compressed);
    const { stored, bytes = 0 } = files[WEIGHTS] ?? {};
    expect(stored?.bytes).toBeLessThan(bytes);
    const { totalBytes, progress } = await load(compressed);
    expect(progress.at(-1)).toMatchObject({ loadedBytes: totalBytes, totalBytes });
    expect(progress.some(({ fromCache }) => fromCache)).toBe(false);
    const loaded = [...new Set(progress.map(({ file }) => file))];
    expect(loaded).toContain(WEIGHTS);
    expect(totalBytes).toBe(sumHostedBytes(files, loaded));

    const kept = await readKeptSizes();
    const folder = `${compressed.modelBaseUrl}${compressed.model}/`;
    expect(kept.get(`${folder}${stored?.path}?revision=${revision}`)).toBe(stored?.bytes);
    // Each file that was loaded, and the manifest.
    expect(kept.size).toBe(loaded.length + 1);
  });

  it('come from the browser’s own storage the second time, all of them', async () => {
    const first = await load(compressed);
    const second = await load(compressed);
    expect(second.totalBytes).toBe(first.totalBytes);
    expect(second.progress.every(({ fromCache }) => fromCache)).toBe(true);
    expect(second.progress.at(-1)?.loadedBytes).toBe(first.totalBytes);
  });

  it.each([
    ['cut off', (kept: Uint8Array) => kept.slice(0, -1)],
    ['changed in one byte', (kept: Uint8Array) => kept.with(5000, (kept[5000] ?? 0) ^ 1)],
    ['emptied', () => new Uint8Array()],
  ])('are fetched again where what was kept is %s', async (_, damage) => {
    await load(compressed);
    const cache = await caches.open(CACHE_NAME);
    const [request] = (await cache.keys()).filter(({ url }) => url.includes('.deflate'));
    if (!request) throw new Error('No weights were kept.');
    const kept = new Uint8Array((await (await cache.match(request))?.arrayBuffer()) ?? []);
    await cache.put(request, new Response(Uint8Array.from(damage(kept))));

    const { progress } = await load(compressed);
    const fetched = new Set(progress.filter((step) => !step.fromCache).map(({ file }) => file));
    expect([...fetched]).toEqual([WEIGHTS]);
    const mended = await (await cache.match(request))?.arrayBuffer();
    expect(mended?.byteLength).toBe(kept.length);
  });
});

describe('measureDownload', () => {
  it('says what loading will download, and keeps nothing of it', async () => {
    const before = await measureDownload(compressed);
    expect(before.missingBytes).toBe(before.totalBytes);
    expect([...(await readKeptSizes()).keys()]).toEqual([]);
    const { totalBytes } = await load(compressed);
    expect(before.totalBytes).toBe(totalBytes);
    expect(await measureDownload(compressed)).toEqual({ totalBytes, missingBytes: 0 });
  });

  it('counts what is missing of a model that was kept in part', async () => {
    await load({ ...tiny, dtype: 'fp32' });
    const fp32 = await measureDownload({ ...tiny, dtype: 'fp32' });
    const q8 = await measureDownload({ ...tiny, dtype: 'q8' });
    expect(fp32.missingBytes).toBe(0);
    // The tokenizer is there.
    expect(q8.missingBytes).toBeGreaterThan(0);
    expect(q8.missingBytes).toBeLessThan(q8.totalBytes);
  });

  it('counts a model in two tiers once', async () => {
    const { modelBaseUrl, device } = tiny;
    const tiers = 'tiny-bert:5:32 tiny-bert';
    expect(await measureDownload({ modelBaseUrl, device, tiers })).toEqual(
      await measureDownload(tiny),
    );
  });

  it('fails as loading would', async () => {
    await expect(measureDownload({ ...tiny, model: 'none' })).rejects.toMatchObject({
      code: 'model-load',
    });
    await expect(measureDownload({ ...tiny, maxTokens: 1 })).rejects.toMatchObject({
      code: 'invalid-input',
    });
    await expect(measureDownload({ ...tiny, dtype: 'fp16' })).rejects.toMatchObject({
      code: 'invalid-input',
    });
    const worker = '/test/no-such-worker.js';
    await expect(measureDownload({ ...tiny, worker })).rejects.toMatchObject({
      code: 'worker-failed',
    });
  });
});

describe('a newer version of a model', () => {
  it('frees the files of the older one, and no other model’s', async () => {
    const cache = await caches.open(CACHE_NAME);
    const former = [
      '/test/models/tiny-bert/tokenizer.json?revision=former',
      '/test/models/tiny-bert/onnx/former.onnx?revision=former',
    ];
    const other = '/test/models/tiny-bert-3-labels/onnx/model.onnx?revision=any';
    for (const url of [...former, other]) await cache.put(url, new Response('x'));
    await load({ ...tiny, dtype: 'fp32' });
    const kept = [...(await readKeptSizes()).keys()];
    expect(kept).toContain(other);
    expect(kept.filter((url) => former.includes(url))).toEqual([]);
    expect(kept.some((url) => url.startsWith('/test/models/tiny-bert/onnx/model.onnx'))).toBe(true);
  });
});

describe('integrity', () => {
  const url = `${tiny.modelBaseUrl}${tiny.model}/manifest.json`;
  /** The hash of the manifest in the form of Subresource Integrity. */
  const hash = async (algorithm: 256 | 384 | 512): Promise<string> => {
    const bytes = await (await fetch(url)).arrayBuffer();
    const digest = new Uint8Array(await crypto.subtle.digest(`SHA-${algorithm}`, bytes));
    return `sha${algorithm}-${btoa(String.fromCharCode(...digest))}`;
  };
  const wrong = `sha256-${'A'.repeat(43)}=`;

  it.each([256, 384, 512] as const)('takes the SHA-%i of the manifest', async (algorithm) => {
    const integrity = await hash(algorithm);
    const { totalBytes } = await measureDownload({ ...tiny, integrity });
    expect(totalBytes).toBeGreaterThan(0);
  });

  it('loads the model whose manifest it names', async () => {
    const { totalBytes } = await load({ ...tiny, integrity: await hash(256) });
    expect(totalBytes).toBeGreaterThan(0);
  });

  it('refuses another, and says which it is and which it should be', async () => {
    const actual = await hash(256);
    for (const open of [createReranker, measureDownload]) {
      await expect(open({ ...tiny, integrity: wrong })).rejects.toMatchObject({
        code: 'model-integrity',
        message: expect.stringContaining(`it is ${actual}, not ${wrong}`) as string,
        details: { expected: wrong, actual },
      });
    }
    expect((await readKeptSizes()).size).toBe(0);
  });

  it('holds for each tier', async () => {
    const right = await hash(256);
    const tiers = 'tiny-bert:5 tiny-bert';
    const { modelBaseUrl, device } = tiny;
    const measure = (options: RerankerOptions): Promise<unknown> =>
      measureDownload({ modelBaseUrl, device, ...options });
    await measure({ tiers, integrity: `${right} ${right}` });
    await expect(measure({ tiers, integrity: `${right} ${wrong}` })).rejects.toMatchObject({
      code: 'model-integrity',
    });
    await expect(measure({ tiers, integrity: right })).rejects.toMatchObject({
      code: 'invalid-input',
    });
    const pinned = [{ model: 'tiny-bert' }, { model: 'tiny-bert', integrity: wrong }];
    await expect(measure({ tiers: pinned })).rejects.toMatchObject({ code: 'model-integrity' });
  });

  it('holds for a manifest that the browser kept, without a network', async () => {
    // A port where nothing listens.
    const modelBaseUrl = 'http://localhost:9/models/';
    const cache = await caches.open(CACHE_NAME);
    await cache.put(`${modelBaseUrl}tiny-bert/manifest.json`, await fetch(url));
    const measure = (integrity: string): Promise<unknown> =>
      measureDownload({ ...tiny, modelBaseUrl, integrity });
    await expect(measure(wrong)).rejects.toMatchObject({ code: 'model-integrity' });
    await measure(await hash(256));
  });
});

describe('a browser that stores nothing', () => {
  it.each(['storage-refused', 'storage-absent'])('loads the model each time (%s)', async (name) => {
    const worker = `/test/workers/${name}.js`;
    for (const visit of ['first', 'second']) {
      const { progress } = await load({ ...compressed, worker });
      expect([visit, progress.some(({ fromCache }) => fromCache)]).toEqual([visit, false]);
    }
    expect((await readKeptSizes()).size).toBe(0);
  });
});
