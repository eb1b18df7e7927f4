import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  GpuSplitModel,
  type GpuModelOptions,
  type PairIds,
} from '../../../src/worker/backend/gpu-kernels/gpu-split-model.ts';
import { ExactModel } from './exact-model.ts';
import { createRandom } from './kernel-bench.ts';
import { makeModel, type SyntheticModel } from './synthetic-model.ts';

let device: GPUDevice;
const faults: string[] = [];

beforeAll(async () => {
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) throw new Error('This browser offers no GPU.');
  device = await adapter.requestDevice();
  device.addEventListener('uncapturederror', ({ error }) => faults.push(error.message));
});

afterEach(() => expect(faults.splice(0)).toEqual([]));

afterAll(() => device.destroy());

/** The model on the GPU that there is; the tests' browser imitates one. */
const openOnGpu = (
  { layout, file }: SyntheticModel,
  options: GpuModelOptions,
): Promise<GpuSplitModel> => GpuSplitModel.open(device, layout, file, options);

/** Texts of so many tokens, of any ids. */
function makePairs(lengths: readonly (readonly [query: number, document: number])[]): PairIds[] {
  const random = createRandom(7);
  const text = (length: number): Int32Array =>
    Int32Array.from({ length }, () => Math.floor((random() + 1) * 20) % 40);
  return lengths.map(([query, document]) => ({ query: text(query), document: text(document) }));
}

/** One token, a workgroup's 64 rows and one more, a tile's 32 keys and one more. */
const LENGTHS = [
  [1, 1],
  [3, 1],
  [2, 64],
  [5, 65],
  [31, 33],
] as const;

describe.each([
  { way: 'floats', inIntegers: false, digits: [3, 4] },
  // A number half way between two integers may go to either.
  { way: 'integers', inIntegers: true, digits: [2, 2] },
] as const)('products of $way', ({ inIntegers, digits: [logitDigits, similarityDigits] }) => {
  it.each([
    { size: 1, name: 'usual weights' },
    { size: 6, name: 'weights so large that attention looks at single tokens' },
  ])('give the logits and similarities of float64, with $name', async ({ size }) => {
    const model = makeModel(size);
    const exact = new ExactModel(model, inIntegers);
    const onGpu = await openOnGpu(model, { inIntegers });
    const pairs = makePairs(LENGTHS);
    const logits = await onGpu.score(pairs);
    const similarities = await onGpu.compare(pairs);
    for (const [index, { query, document }] of pairs.entries()) {
      expect(logits[index]).toBeCloseTo(exact.score(query, document), logitDigits);
      expect(similarities[index]).toBeCloseTo(exact.compare(query, document), similarityDigits);
    }
  });

  it('give a pair the same bits alone, among others, in any order, and from states that were kept', async () => {
    const onGpu = await openOnGpu(makeModel(), { inIntegers });
    const pairs = makePairs(LENGTHS);
    const together = [...(await onGpu.score(pairs))];
    expect([...(await onGpu.score(pairs.toReversed()))].reverse()).toEqual(together);
    const fresh = await openOnGpu(makeModel(), { inIntegers });
    const alone: number[] = [];
    for (const pair of pairs.toReversed()) alone.unshift(...(await fresh.score([pair])));
    expect(alone).toEqual(together);
  });
});

it('keeps the texts that were used last, and reads those again that made room', async () => {
  const onGpu = await openOnGpu(makeModel(), { keptRows: 40, inIntegers: true });
  const [first, second, third] = makePairs([
    [4, 10],
    [5, 12],
    [3, 20],
  ]) as [PairIds, PairIds, PairIds];
  const logit = [...(await onGpu.score([first]))];
  await onGpu.score([second]);
  expect([first, second].map(({ document }) => onGpu.knows(document))).toEqual([true, true]);
  await onGpu.score([{ query: first.query, document: third.document }]);
  expect([first, second, third].map(({ document }) => onGpu.knows(document))).toEqual([
    false,
    true,
    true,
  ]);
  expect(onGpu.knows(first.query)).toBe(true);
  expect([...(await onGpu.score([first]))]).toEqual(logit);
});
