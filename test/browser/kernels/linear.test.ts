import { describe, expect, it } from 'vitest';
import type { LinearName } from '../../../src/worker/backend/kernels/kernel-exports.ts';
import { builds, openBench, randomNumbers, type Bench } from './kernel-bench.ts';

interface Shape {
  readonly rows: number;
  readonly inputs: number;
  readonly outputs: number;
}

const shapes: readonly Shape[] = [
  { rows: 1, inputs: 8, outputs: 8 },
  { rows: 3, inputs: 24, outputs: 16 },
  { rows: 5, inputs: 384, outputs: 384 },
  { rows: 13, inputs: 1536, outputs: 384 },
];

/** Weights up to 31 may be summed in pairs; up to 63 not. */
const kinds: readonly { readonly name: LinearName; readonly steps: number }[] = [
  { name: 'linearInPairs', steps: 31 },
  { name: 'linearOneByOne', steps: 31 },
  { name: 'linearOneByOne', steps: 63 },
  { name: 'linearByDotProduct', steps: 63 },
];

/** Runs x W + b through the kernels, and in float64 with the activations as they were quantized. */
function compare(
  bench: Bench,
  { rows, inputs, outputs }: Shape,
  { name, steps }: (typeof kinds)[number],
  x: Float64Array,
  w: Int8Array,
): { actual: Float32Array; exact: Float64Array; unquantized: Float64Array; scales: Float32Array } {
  const { kernels, memory, put, read } = bench;
  const zeroPoint = steps < 32 ? 32 : 64;
  const spareRows = 4;
  const weightScales = randomNumbers(outputs, 0.01, 3).map(Math.abs);
  const bias = randomNumbers(outputs, 1, 5);
  const plain = memory.place(new Uint8Array(w.buffer));
  const packed = memory.reserve(w.length);
  kernels.packWeights(plain, packed, inputs, outputs, zeroPoint);
  const xAt = put(x);
  const bytes = kernels.activationBytes();
  const quantized = memory.reserve((rows + spareRows) * inputs * bytes);
  const scalesAt = memory.reserve((rows + spareRows) * 4);
  const shiftsAt = memory.reserve((rows + spareRows) * 4);
  const scaleAt = put(weightScales);
  const biasAt = put(bias);
  const y = memory.reserve((rows + spareRows) * outputs * 4);
  kernels.quantizeRows(xAt, quantized, scalesAt, shiftsAt, rows, inputs, zeroPoint);
  kernels[name](quantized, scalesAt, shiftsAt, packed, scaleAt, biasAt, y, rows, inputs, outputs);

  const scales = read(scalesAt, rows);
  const raw = memory.bytes(quantized, rows * inputs * bytes).slice().buffer;
  const activations = bytes === 1 ? new Int8Array(raw) : new Int16Array(raw);
  const multiply = (value: (row: number, i: number) => number): Float64Array =>
    Float64Array.from({ length: rows * outputs }, (_, position) => {
      const row = Math.floor(position / outputs);
      const column = position % outputs;
      let sum = 0;
      for (let i = 0; i < inputs; i++) sum += value(row, i) * (w[i * outputs + column] ?? 0);
      return sum * (weightScales[column] ?? 0) + (bias[column] ?? 0);
    });
  return {
    actual: read(y, rows * outputs),
    exact: multiply((row, i) => (activations[row * inputs + i] ?? 0) * (scales[row] ?? 0)),
    unquantized: multiply((row, i) => x[row * inputs + i] ?? 0),
    scales,
  };
}

/** The greatest difference of two numbers in the same place; NaN where one is no number. */
function maxDifference(actual: Float32Array, expected: Float64Array): number {
  expect(actual.length).toBe(expected.length);
  return Math.max(
    ...actual.map((value, index) => Math.abs(value - (expected[index] ?? Number.NaN))),
  );
}

function randomWeights(count: number, steps: number): Int8Array {
  return Int8Array.from(randomNumbers(count, steps + 0.49, 11), Math.round);
}

describe.each(builds)('the %s build', (build) => {
  it.each(kinds.flatMap((kind) => shapes.map((shape) => ({ ...kind, ...shape }))))(
    '$name, weights within ±$steps: $rows rows of $inputs × $outputs',
    async ({ name, steps, ...shape }) => {
      const bench = await openBench(build);
      const x = randomNumbers(shape.rows * shape.inputs, 3);
      const w = randomWeights(shape.inputs * shape.outputs, steps);
      const { actual, exact, unquantized } = compare(bench, shape, { name, steps }, x, w);
      const size = Math.max(...exact.map(Math.abs));
      expect(maxDifference(actual, exact)).toBeLessThan(1e-5 * size);
      // 8 bits of activations, 12 without relaxed SIMD.
      const rounding = (build === 'relaxed' ? 0.02 : 0.002) * size;
      expect(maxDifference(actual, unquantized)).toBeLessThan(rounding);
    },
  );

  it.each(kinds)(
    '$name does not overflow where all weights are ±$steps',
    async ({ name, steps }) => {
      const bench = await openBench(build);
      const shape = { rows: 2, inputs: 1536, outputs: 8 };
      for (const sign of [1, -1]) {
        const x = new Float64Array(shape.rows * shape.inputs).fill(5);
        const w = new Int8Array(shape.inputs * shape.outputs).fill(sign * steps);
        const { actual, exact } = compare(bench, shape, { name, steps }, x, w);
        for (const [index, value] of actual.entries()) {
          expect(value / (exact[index] ?? Number.NaN)).toBeCloseTo(1, 5);
        }
      }
    },
  );

  it('gives a row of zeros the bias, and takes rows of any size', async () => {
    const bench = await openBench(build);
    const shape = { rows: 3, inputs: 8, outputs: 8 };
    const x = Float64Array.from({ length: 24 }, (_, index) => [0, 1e-30, 1e30][index >> 3] ?? 0);
    const w = randomWeights(64, 63);
    const { actual } = compare(bench, shape, { name: 'linearOneByOne', steps: 63 }, x, w);
    expect(actual.every(Number.isFinite)).toBe(true);
    const bias = randomNumbers(8, 1, 5);
    expect([...actual.slice(0, 8)]).toEqual([...bias]);
  });

  it('gives a row the same result whatever stands beside it', async () => {
    const shape = { rows: 9, inputs: 64, outputs: 16 };
    const x = randomNumbers(shape.rows * shape.inputs, 2);
    const w = randomWeights(shape.inputs * shape.outputs, 63);
    const kind = { name: 'linearOneByOne', steps: 63 } as const;
    const together = compare(await openBench(build), shape, kind, x, w).actual;
    for (let row = 0; row < shape.rows; row++) {
      const alone = x.slice(row * shape.inputs, (row + 1) * shape.inputs);
      const { actual } = compare(await openBench(build), { ...shape, rows: 1 }, kind, alone, w);
      expect([...actual]).toEqual([...together.slice(row * 16, (row + 1) * 16)]);
    }
  });
});
