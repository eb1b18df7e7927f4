import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../src/worker/backend/backend.ts';
import type { KernelsLayout } from '../../src/worker/backend/kernels/layout.ts';
import { openKernelsBackend } from '../../src/worker/backend/kernels/open-kernels.ts';
import type { TextStates } from '../../src/worker/backend/kernels/split-model.ts';
import { StateCache } from '../../src/worker/backend/kernels/state-cache.ts';
import type { GoldenFile } from '../golden-file.ts';

const folder = 'public/models/minilm-l6-split';
const layoutBytes = readFileSync(`${folder}/kernels.json`);
const layout = JSON.parse(layoutBytes.toString()) as KernelsLayout;
const golden = JSON.parse(readFileSync('test/golden/minilm-l6-split.json', 'utf8')) as GoldenFile;

let weights: Uint8Array;
beforeAll(() => {
  weights = inflateRawSync(readFileSync(`${folder}/onnx/model_quantized.onnx_data.deflate`));
});

function open(maxStateBytes: number, bytes: Uint8Array = layoutBytes): Promise<Backend> {
  return openKernelsBackend({ layout: bytes, weights, lanes: 1, maxStateBytes });
}

async function run(backend: Backend, ids: readonly number[]): Promise<number> {
  const inputIds = Int32Array.from(ids);
  const [logit = Number.NaN] = await backend.run({
    rows: 1,
    length: ids.length,
    inputIds,
    attentionMask: new Uint8Array(ids.length).fill(1),
    tokenTypeIds: new Uint8Array(ids.length),
  });
  return logit;
}

describe('the kernels', () => {
  const pairs = golden.pairs.map(({ inputIds }) => inputIds).filter((ids) => ids.length < 200);

  it('give a score that does not depend on what was kept', async () => {
    const chosen = pairs.slice(0, 8);
    const keeping = await open(1e8);
    const forgetting = await open(0);
    const first: number[] = [];
    for (const ids of chosen) first.push(await run(keeping, ids));
    const again: number[] = [];
    for (const ids of chosen.toReversed()) again.unshift(await run(keeping, ids));
    const alone: number[] = [];
    for (const ids of chosen) alone.push(await run(forgetting, ids));
    expect(again).toEqual(first);
    expect(alone).toEqual(first);
  });

  it('say what a pair costs: a third where the document is known', async () => {
    const backend = await open(1e8);
    const ids = Int32Array.from(pairs[0] ?? []);
    expect(backend.costOf?.(ids)).toBe(1);
    await run(backend, pairs[0] ?? []);
    expect(backend.costOf?.(ids)).toBe(2 / 6);
  });

  it('find a text most like itself', async () => {
    const { compare } = await open(1e8);
    const [cls = 0, sep = 0] = [pairs[0]?.[0], pairs[0]?.at(-1)];
    const text = pairs[0]?.slice(1, 9) ?? [];
    const other = pairs[9]?.slice(1, 9) ?? [];
    const similarity = async (document: readonly number[]): Promise<number> => {
      const ids = [cls, ...text, sep, cls, ...document, sep];
      const rows = { rows: 1, length: ids.length, inputIds: Int32Array.from(ids) };
      const masks = { attentionMask: new Uint8Array(), tokenTypeIds: new Uint8Array() };
      return (await compare?.({ ...rows, ...masks }))?.[0] ?? Number.NaN;
    };
    expect(await similarity(text)).toBeCloseTo(1, 4);
    expect(await similarity(other)).toBeLessThan(0.95);
  });

  it.each([
    ['no second start token', [2, 700, 3, 800, 3], 'no second start token'],
    ['more tokens than positions', [2, 3, 2, ...Array<number>(520).fill(700)], '523 tokens'],
    ['a token beyond the vocabulary', [2, 3, 2, 99_999, 3], 'a token is not among'],
  ])('refuse a pair with %s', async (_name, ids, problem) => {
    const backend = await open(0);
    await expect(run(backend, ids)).rejects.toMatchObject({
      code: 'model-integrity',
      message: expect.stringContaining(problem) as string,
    });
    // And go on working.
    expect(await run(backend, pairs[0] ?? [])).toBeTypeOf('number');
  });

  it.each([
    ['of another format', { formatVersion: 9 }, 'formatVersion must be 1, but is 9'],
    ['with heads of another width', { heads: 6 }, 'hidden must be heads'],
    ['with weights of 8 bits', { weightSteps: 127 }, 'weightSteps must be'],
    ['that points outside of the file', { segment: 1e9 }, 'segment is not in the weights file'],
    ['with a crooked offset', { segment: 2 }, 'segment is not in the weights file'],
    ['without a table', { words: undefined }, 'the place of a tensor is missing'],
    ['without joint layers', { cross: [] }, 'cross must name'],
  ])('refuse a layout %s', async (_name, change, problem) => {
    const bytes = new TextEncoder().encode(JSON.stringify({ ...layout, ...change }));
    await expect(open(0, bytes)).rejects.toMatchObject({
      code: 'model-integrity',
      message: expect.stringContaining(problem) as string,
    });
  });
});

describe('StateCache', () => {
  const states = (bytes: number): TextStates => ({
    tokens: 1,
    values: new Uint8Array(bytes),
    scales: new Uint8Array(),
  });

  it('drops the least recently used where there is no room', () => {
    const cache = new StateCache(100);
    const [a, b, c] = [1, 2, 3].map((id) => Int32Array.of(id)) as [
      Int32Array,
      Int32Array,
      Int32Array,
    ];
    cache.set(a, states(40));
    cache.set(b, states(40));
    cache.get(a);
    cache.set(c, states(40));
    expect(cache.get(b)).toBeUndefined();
    expect(cache.get(a)).toBeDefined();
    expect(cache.bytes).toBe(80);
  });

  it('counts a text once, and keeps nothing that is larger than itself', () => {
    const cache = new StateCache(100);
    const ids = Int32Array.of(1);
    cache.set(ids, states(40));
    cache.set(ids, states(60));
    expect(cache.bytes).toBe(60);
    cache.set(Int32Array.of(2), states(101));
    expect(cache.bytes).toBe(0);
  });
});
