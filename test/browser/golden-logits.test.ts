import { afterAll, describe, expect, it } from 'vitest';
import { createReranker, type Dtype, type Reranker, type RerankerOptions } from 'rerank-results';
import { sigmoid } from '../../src/shared/calibration.ts';
import type { Manifest } from '../../src/worker/model/manifest.ts';
import { relevanceLogits } from '../../src/worker/pipeline/score.ts';
import { isThorough, skippedUnlessThorough } from '../thorough.ts';
import { families, FAMILY_TOLERANCE, type GoldenFile, type GoldenPair } from '../golden-file.ts';

const bases: Record<string, string> = {
  'minilm-l6-split': '/models/',
  'gte-small-split': '/models/',
  'tiny-split': '/test/models/',
  'tiny-bert': '/test/models/',
  'tiny-bert-3-labels': '/test/models/',
  ...Object.fromEntries(families.map((model) => [model, '/test/models/'])),
};

/** WebGPU runs on the CPU here: a pair of a real model takes seconds, one of a tiny model half a second. */
const SOFTWARE_GPU_PAIRS = 1;
const SOFTWARE_GPU_TINY_PAIRS = 8;
const SOFTWARE_GPU_FAMILY_PAIRS = 2;

/** Through onnxruntime-web on WASM: a third or a fourth, from the shortest to the longest. */
const ONNX_RUNTIME_PAIRS = 24;

/** Through transformers.js tokens and graph are the same: a few pairs show that it runs them. */
const TRANSFORMERS_PAIRS = 12;

/** Of the families these have operators that BERT has not. */
const FAMILIES_WITH_OWN_OPERATORS = ['tiny-deberta-v2', 'tiny-modernbert'];

interface Case {
  readonly model: string;
  readonly options: Pick<RerankerOptions, 'device' | 'engine'> & { readonly dtype?: Dtype };
  /** How many of the golden pairs are run; all by default, and on WASM in a thorough run. */
  readonly pairs?: number;
  /** Left out unless the run is thorough. */
  readonly isSlow?: boolean;
}

const cases: readonly Case[] = [
  { model: 'minilm-l6-split', options: { device: 'wasm', engine: 'kernels' } },
  { model: 'gte-small-split', options: { device: 'wasm', engine: 'kernels' } },
  {
    model: 'minilm-l6-split',
    options: { device: 'wasm', engine: 'onnxruntime' },
    pairs: ONNX_RUNTIME_PAIRS,
  },
  { model: 'gte-small-split', options: { device: 'wasm', engine: 'onnxruntime' }, isSlow: true },
  {
    model: 'minilm-l6-split',
    options: { device: 'wasm', engine: 'transformers' },
    pairs: TRANSFORMERS_PAIRS,
  },
  {
    model: 'minilm-l6-split',
    options: { device: 'webgpu' },
    pairs: SOFTWARE_GPU_PAIRS,
    isSlow: true,
  },
  {
    model: 'minilm-l6-split',
    options: { device: 'webgpu', engine: 'kernels' },
    pairs: SOFTWARE_GPU_PAIRS,
  },
  {
    model: 'gte-small-split',
    options: { device: 'webgpu', engine: 'kernels' },
    pairs: SOFTWARE_GPU_PAIRS,
    isSlow: true,
  },
  { model: 'tiny-split', options: { device: 'wasm', engine: 'kernels' } },
  {
    model: 'tiny-split',
    options: { device: 'wasm', engine: 'onnxruntime' },
    pairs: ONNX_RUNTIME_PAIRS,
  },
  {
    model: 'tiny-split',
    options: { device: 'webgpu', engine: 'kernels' },
    pairs: SOFTWARE_GPU_TINY_PAIRS,
  },
  ...(['fp32', 'q8', 'q4'] as const).map((dtype) => ({
    model: 'tiny-bert',
    options: { device: 'wasm' as const, dtype },
    pairs: ONNX_RUNTIME_PAIRS,
  })),
  ...(
    [
      { model: 'tiny-bert', options: { device: 'wasm', dtype: 'fp32', engine: 'transformers' } },
      { model: 'tiny-bert-3-labels', options: { device: 'wasm', dtype: 'fp32' } },
      { model: 'tiny-bert-3-labels', options: { device: 'wasm', dtype: 'q8' } },
    ] as const
  ).map((entry): Case => ({ ...entry, pairs: ONNX_RUNTIME_PAIRS })),
  ...[
    { model: 'tiny-bert', options: { device: 'webgpu', dtype: 'fp32' }, isSlow: true },
    { model: 'tiny-bert', options: { device: 'webgpu', dtype: 'q8' } },
    { model: 'tiny-bert', options: { device: 'webgpu', dtype: 'q4' }, isSlow: true },
    {
      model: 'tiny-bert',
      options: { device: 'webgpu', dtype: 'fp32', engine: 'transformers' },
      isSlow: true,
    },
    { model: 'tiny-bert-3-labels', options: { device: 'webgpu', dtype: 'fp32' }, isSlow: true },
  ].map((entry) => ({ ...entry, pairs: SOFTWARE_GPU_TINY_PAIRS }) as Case),
  ...families.flatMap((model): Case[] => [
    { model, options: { device: 'wasm', dtype: 'fp32' }, pairs: ONNX_RUNTIME_PAIRS },
    {
      model,
      options: { device: 'wasm', dtype: 'fp32', engine: 'transformers' },
      pairs: TRANSFORMERS_PAIRS,
      isSlow: !FAMILIES_WITH_OWN_OPERATORS.includes(model),
    },
    {
      model,
      options: { device: 'webgpu', dtype: 'fp32' },
      pairs: SOFTWARE_GPU_FAMILY_PAIRS,
      isSlow: true,
    },
  ]),
];

async function fetchJson<TValue>(url: string): Promise<TValue> {
  return (await (await fetch(url)).json()) as TValue;
}

describe.each(cases)('$model on $options', ({ model, options, pairs: limit, isSlow = false }) => {
  const modelBaseUrl = bases[model] ?? '';
  let opened: Reranker | undefined;
  afterAll(() => opened?.dispose());

  it('gives the logits of the Python original', async ({ skip }) => {
    skip(isSlow && !isThorough, skippedUnlessThorough);
    const golden = await fetchJson<GoldenFile>(`/test/golden/${model}.json`);
    const manifest = await fetchJson<Manifest>(`${modelBaseUrl}${model}/manifest.json`);
    const reranker = await createReranker({ model, modelBaseUrl, ...options });
    opened = reranker;
    expect(reranker.model).toMatchObject({ id: model, revision: golden.revision, ...options });
    const variant = manifest.variants.find(
      ({ device, dtype, engine = reranker.model.engine }) =>
        device === reranker.model.device &&
        dtype === reranker.model.dtype &&
        engine === reranker.model.engine,
    );
    const tolerance = families.includes(model)
      ? FAMILY_TOLERANCE
      : (variant?.tolerance ?? Number.NaN);
    const isGpu = options.device === 'webgpu';
    const count = limit !== undefined && (isGpu || !isThorough) ? limit : golden.pairs.length;
    const pairs = choosePairs(golden.pairs, count, isGpu ? 0.5 : 1);
    expect(pairs.length).toBe(count);

    for (const [query, group] of groupByQuery(pairs)) {
      const documents = group.map(({ document }) => document);
      const { results } = await reranker.rerank({ query, documents });
      for (const { index, logit, relevanceScore } of results) {
        const pair = group[index] as GoldenPair;
        const [expected = Number.NaN] = relevanceLogits(
          Float32Array.from(pair.logits),
          manifest.head,
        );
        expect(Math.abs(logit - expected), pair.name).toBeLessThanOrEqual(tolerance);
        expect(relevanceScore).toBeCloseTo(sigmoid(logit), 6);
      }
    }
  });
});

/**
 * So many pairs, evenly from the shortest to the longest.
 *
 * @param share Of the pairs by their length, 0 to 1: a slow device reads the shorter ones only.
 */
function choosePairs(pairs: readonly GoldenPair[], count: number, share: number): GoldenPair[] {
  const byLength = pairs.toSorted((a, b) => a.inputIds.length - b.inputIds.length);
  const last = Math.floor(byLength.length * share) - 1;
  const step = last / Math.max(1, count - 1);
  const chosen = Array.from({ length: count }, (_, index) => byLength[Math.round(index * step)]);
  return chosen.filter((pair) => pair !== undefined);
}

function groupByQuery(pairs: readonly GoldenPair[]): Map<string, GoldenPair[]> {
  const groups = new Map<string, GoldenPair[]>();
  for (const pair of pairs) groups.set(pair.query, [...(groups.get(pair.query) ?? []), pair]);
  return groups;
}
