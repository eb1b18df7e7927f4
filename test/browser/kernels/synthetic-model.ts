import type {
  KernelsLayout,
  LayerOffsets,
  LinearOffsets,
  NormOffsets,
  TableOffsets,
} from '../../../src/worker/backend/kernels/layout.ts';
import { randomNumbers } from './kernel-bench.ts';

/** A small split cross-encoder of random weights. */
export interface SyntheticModel {
  readonly layout: KernelsLayout;
  readonly file: Uint8Array<ArrayBuffer>;
}

const STEPS = 31;

/** @param size How large the weights are; 1 is usual, above it attention looks at single tokens. */
export function makeModel(size = 1): SyntheticModel {
  const [hidden, heads, intermediate, vocabulary, positions] = [64, 2, 104, 40, 160];
  const parts: Uint8Array[] = [];
  let length = 0;
  let seed = 1;
  const place = (part: Int8Array | Float32Array): number => {
    const offset = length;
    const bytes = new Uint8Array(part.buffer);
    parts.push(bytes);
    length += bytes.length;
    return offset;
  };
  const random = (count: number, scale: number): Float64Array => {
    seed += 1;
    return randomNumbers(count, scale, seed);
  };
  const integers = (count: number): number =>
    place(Int8Array.from(random(count, STEPS + 0.49), Math.round));
  const floats = (count: number, scale: number, around = 0): number =>
    place(Float32Array.from(random(count, scale), (value) => around + value));
  const linear = (inputs: number, outputs: number): LinearOffsets => ({
    values: integers(inputs * outputs),
    scales: floats(outputs, 0.002 * size, 0.006 * size),
    bias: floats(outputs, 0.1),
  });
  const norm = (): NormOffsets => ({
    weight: floats(hidden, 0.2, 1),
    bias: floats(hidden, 0.1),
  });
  const table = (rows: number): TableOffsets => ({
    values: integers(rows * hidden),
    scales: floats(rows, 0.001, 0.004),
  });
  const layer = (): LayerOffsets => ({
    q: linear(hidden, hidden),
    k: linear(hidden, hidden),
    v: linear(hidden, hidden),
    o: linear(hidden, hidden),
    up: linear(hidden, intermediate),
    down: linear(intermediate, hidden),
    attentionNorm: norm(),
    outputNorm: norm(),
  });
  const layout: KernelsLayout = {
    formatVersion: 1,
    hidden,
    heads,
    intermediate,
    vocabulary,
    positions,
    weightSteps: STEPS,
    words: table(vocabulary),
    positionRows: table(positions),
    segment: floats(hidden, 0.05),
    norm: norm(),
    layers: [layer(), layer(), layer()],
    cross: [-1.5],
    cosineScale: 5,
    head: { weight: floats(hidden, 0.3), bias: -0.25 },
  };
  const file = new Uint8Array(length);
  for (let at = 0; parts.length > 0; ) {
    const part = parts.shift() as Uint8Array;
    file.set(part, at);
    at += part.length;
  }
  return { layout, file };
}
