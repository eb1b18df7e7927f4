import { describe, expect, it } from 'vitest';
import { builds, openBench, randomNumbers, type Bench } from './kernel-bench.ts';

const HEADS = 2;
const WIDTH = HEADS * 32;

/** Attention in float64, as its formula says. */
function attendExactly(
  q: Float64Array,
  k: Float64Array,
  v: Float64Array,
  tokens: number,
  split: number,
  cross: number,
): Float64Array {
  const mixed = new Float64Array(tokens * WIDTH);
  for (let head = 0; head < HEADS; head++) {
    for (let row = 0; row < tokens; row++) {
      const scores = Array.from({ length: tokens }, (_, key) => {
        let score = split > 0 && row < split !== key < split ? cross : 0;
        for (let d = 0; d < 32; d++) {
          score +=
            (q[row * WIDTH + head * 32 + d] ?? 0) * (k[key * WIDTH + head * 32 + d] ?? 0);
        }
        return score;
      });
      const peak = Math.max(...scores);
      const weights = scores.map((score) => Math.exp(score - peak));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      for (let d = 0; d < 32; d++) {
        mixed[row * WIDTH + head * 32 + d] = weights.reduce(
          (sum, weight, key) => sum + (weight / total) * (v[key * WIDTH + head * 32 + d] ?? 0),
          0,
        );
      }
    }
  }
  return mixed;
}

function greatestDifference(actual: Float32Array, exact: ArrayLike<number>): number {
  return Math.max(...actual.map((value, index) => Math.abs(value - (exact[index] ?? Number.NaN))));
}

describe.each(builds)('the %s build', (build) => {
  it.each([
    { tokens: 1, split: 0, size: 1 },
    { tokens: 7, split: 0, size: 1 },
    { tokens: 8, split: 3, size: 1 },
    { tokens: 130, split: 12, size: 2 },
    { tokens: 512, split: 1, size: 1 },
    { tokens: 33, split: 32, size: 30 },
  ])('attends over $tokens tokens, $split of them the query, sizes to $size', async (shape) => {
    const { tokens, split, size } = shape;
    const { kernels, put, read, memory } = await openBench(build);
    const spare = 4 * WIDTH;
    const [q, k, v] = [1, 2, 3].map((seed) => randomNumbers(tokens * WIDTH, size, seed)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const mixed = put(new Float32Array(tokens * WIDTH), spare);
    const scratch = memory.reserve(68 * (tokens + 8) * 4);
    const cross = -1.5;
    kernels.attend(
      put(q, spare),
      put(k, spare),
      put(v, spare),
      mixed,
      scratch,
      tokens,
      split,
      cross,
      HEADS,
    );
    const exact = attendExactly(q, k, v, tokens, split, cross);
    // Scores of size² × 32 lose their last bits in the exponential.
    const tolerance = size > 10 ? 0.05 : 2e-5;
    expect(greatestDifference(read(mixed, tokens * WIDTH), exact)).toBeLessThan(tolerance);
  });

  it.each([{ size: 1 }, { size: 1e-3 }, { size: 1e4 }])(
    'normalizes rows, with and without an addend, sizes to $size',
    async ({ size }) => {
      const { kernels, put, read } = await openBench(build);
      const rows = 5;
      const numbers = randomNumbers(rows * WIDTH, size, 1);
      const addend = randomNumbers(rows * WIDTH, size, 2);
      const weight = randomNumbers(WIDTH, 2, 3);
      const bias = randomNumbers(WIDTH, 2, 4);
      for (const added of [undefined, addend]) {
        const x = put(numbers);
        kernels.layerNorm(x, added ? put(added) : 0, put(weight), put(bias), rows, WIDTH, 1e-12);
        const exact = normalizeExactly(numbers.map((n, i) => n + (added?.[i] ?? 0)), weight, bias);
        expect(greatestDifference(read(x, rows * WIDTH), exact)).toBeLessThan(2e-5);
      }
    },
  );

  it('computes GELU', async () => {
    const bench = await openBench(build);
    const x = Float64Array.from({ length: 512 }, (_, index) => Math.fround((index - 256) / 32));
    const { kernels, memory, put, read } = bench;
    const at = put(x);
    const quantized = memory.reserve(512 * 2);
    kernels.quantizeGelu(at, quantized, memory.reserve(4), memory.reserve(4), 1, 512, 64);
    expect(greatestDifference(read(at, 512), x.map(geluExactly))).toBeLessThan(1e-5);
  });

  it('keeps states to 16 bits', async () => {
    const { kernels, put, read, memory } = await openBench(build);
    const rows = 3;
    const states = randomNumbers(rows * WIDTH, 4);
    const [kept, scales] = [memory.reserve(rows * WIDTH * 2), memory.reserve(rows * 4)];
    const back = memory.reserve(rows * WIDTH * 4);
    kernels.storeStates(put(states), kept, scales, rows, WIDTH);
    kernels.loadStates(kept, scales, back, rows, WIDTH);
    expect(greatestDifference(read(back, rows * WIDTH), states)).toBeLessThan(4 / 32767);
  });

  it('looks embeddings up', async () => {
    const bench = await openBench(build);
    const { kernels, memory, put, read } = bench;
    const words = Int8Array.from(randomNumbers(10 * WIDTH, 127, 1), Math.round);
    const positions = Int8Array.from(randomNumbers(4 * WIDTH, 127, 2), Math.round);
    const wordScales = randomNumbers(10, 0.1, 3);
    const positionScales = randomNumbers(4, 0.1, 4);
    const segment = randomNumbers(WIDTH, 1, 5);
    const ids = Int32Array.of(9, 0, 9, 3);
    const x = memory.reserve(4 * WIDTH * 4);
    kernels.embed(
      memory.place(new Uint8Array(ids.buffer)),
      4,
      memory.place(new Uint8Array(words.buffer)),
      put(wordScales),
      memory.place(new Uint8Array(positions.buffer)),
      put(positionScales),
      put(segment),
      x,
      WIDTH,
    );
    const exact = Float64Array.from({ length: 4 * WIDTH }, (_, index) => {
      const [token, i] = [Math.floor(index / WIDTH), index % WIDTH];
      const id = ids[token] ?? 0;
      return (
        (words[id * WIDTH + i] ?? 0) * (wordScales[id] ?? 0) +
        (positions[token * WIDTH + i] ?? 0) * (positionScales[token] ?? 0) +
        (segment[i] ?? 0)
      );
    });
    expect(greatestDifference(read(x, 4 * WIDTH), exact)).toBeLessThan(1e-5);
  });

  it('takes means and dot products', async () => {
    const bench: Bench = await openBench(build);
    const { kernels, put, read, memory } = bench;
    const x = randomNumbers(3 * WIDTH, 1, 1);
    const mean = memory.reserve(WIDTH * 4);
    kernels.meanRow(put(x), 3, mean, WIDTH);
    const exact = Float64Array.from(
      { length: WIDTH },
      (_, i) => ((x[i] ?? 0) + (x[WIDTH + i] ?? 0) + (x[2 * WIDTH + i] ?? 0)) / 3,
    );
    expect(greatestDifference(read(mean, WIDTH), exact)).toBeLessThan(1e-6);
    const product = kernels.dot(mean, mean, WIDTH);
    expect(product).toBeCloseTo(
      exact.reduce((sum, value) => sum + value * value, 0),
      4,
    );
  });
});

function normalizeExactly(x: Float64Array, weight: Float64Array, bias: Float64Array): Float64Array {
  return x.map((value, index) => {
    const from = Math.floor(index / WIDTH) * WIDTH;
    const row = x.subarray(from, from + WIDTH);
    const mean = row.reduce((sum, one) => sum + one, 0) / WIDTH;
    const variance = row.reduce((sum, one) => sum + (one - mean) ** 2, 0) / WIDTH;
    const i = index % WIDTH;
    return ((value - mean) / Math.sqrt(variance + 1e-12)) * (weight[i] ?? 0) + (bias[i] ?? 0);
  });
}

/** x Φ(x), Φ by Simpson's rule over the normal density. */
function geluExactly(x: number): number {
  const steps = 2000;
  const width = x / steps;
  const density = (t: number): number => Math.exp(-t * t * 0.5) / Math.sqrt(2 * Math.PI);
  let sum = density(0) + density(x);
  for (let i = 1; i < steps; i++) sum += density(i * width) * (i % 2 === 1 ? 4 : 2);
  return x * (0.5 + (sum * width) / 3);
}
