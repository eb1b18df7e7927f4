/** The page's half of `bench/kernels.ts`. */
import type { Address, KernelExports } from '../../src/worker/backend/kernels/kernel-exports.ts';
import { KernelMemory } from '../../src/worker/backend/kernels/kernel-memory.ts';

/** How long one kind of work takes. */
export interface Timing {
  readonly tokens: number;
  readonly work: string;
  /** Best of each version, for all layers of one pair. */
  readonly bestMs: readonly number[];
}

/** Sizes of the default model. */
const HIDDEN = 384;
const HEADS = 12;
const WIDE = 1536;
const LAYERS = 6;

/** Rows that go through a feed-forward block together: see split-model.ts. */
const PART = 60;

/** Longest pair, with spare rows. */
const MOST_ROWS = 520;

/** Added to each weight, so that none is negative. */
const ZERO_POINT = 32;

/** Where a version's numbers are. What one work writes no other reads. */
interface Places {
  /** fp32, −2 to 2: as normalized rows are. */
  readonly x: Address;
  readonly q: Address;
  readonly k: Address;
  readonly v: Address;
  readonly integers: Address;
  readonly scales: Address;
  readonly shifts: Address;
  readonly weights: Address;
  readonly weightScales: Address;
  readonly bias: Address;
  /** What a work writes. */
  readonly output: Address;
  readonly outputScales: Address;
  readonly outputShifts: Address;
  readonly scratch: Address;
}

/** A version of the kernels. */
interface Version {
  readonly kernels: KernelExports;
  readonly places: Places;
}

/** One layer's work of a kind. */
type Work = (version: Version, tokens: number) => void;

const works: Readonly<Record<string, Work>> = {
  products({ kernels, places }, tokens) {
    const { integers, scales, shifts, weights, weightScales, bias, output } = places;
    const multiply = (rows: number, inputs: number, outputs: number): void => {
      const facts = [weights, weightScales, bias, output, rows, inputs, outputs] as const;
      kernels.linearInPairs(integers, scales, shifts, ...facts);
    };
    for (let product = 0; product < 4; product++) multiply(tokens, HIDDEN, HIDDEN);
    forParts(tokens, (rows) => {
      multiply(rows, HIDDEN, WIDE);
      multiply(rows, WIDE, HIDDEN);
    });
  },
  attention({ kernels, places: { q, k, v, output, scratch } }, tokens) {
    kernels.attend(q, k, v, output, scratch, tokens, 0, 0, HEADS);
  },
  'GELU and rounding'({ kernels, places }, tokens) {
    const { x, output, outputScales, outputShifts, scratch } = places;
    const memory = new Uint8Array(kernels.memory.buffer);
    forParts(tokens, (rows) => {
      // It works in place, and what it leaves would be another input.
      memory.copyWithin(scratch, x, x + rows * WIDE * 4);
      const facts = [outputScales, outputShifts, rows, WIDE, ZERO_POINT] as const;
      kernels.quantizeGelu(scratch, output, ...facts);
    });
  },
  'rounding of rows'({ kernels, places }, tokens) {
    const { x, output, outputScales, outputShifts } = places;
    for (let time = 0; time < 3; time++) {
      kernels.quantizeRows(x, output, outputScales, outputShifts, tokens, HIDDEN, ZERO_POINT);
    }
  },
  'layer norm'({ kernels, places: { x, q, bias, scratch } }, tokens) {
    const memory = new Uint8Array(kernels.memory.buffer);
    for (let time = 0; time < 2; time++) {
      memory.copyWithin(scratch, x, x + tokens * HIDDEN * 4);
      kernels.layerNorm(scratch, q, bias, bias, tokens, HIDDEN, 1e-12);
    }
  },
};

function forParts(tokens: number, work: (rows: number) => void): void {
  for (let from = 0; from < tokens; from += PART) work(Math.min(PART, tokens - from));
}

/** Times every kind of work for all layers of a pair, the versions in turns. */
export async function timeKernels({
  binaries,
  sizes,
  rounds,
}: {
  readonly binaries: readonly string[];
  readonly sizes: readonly number[];
  readonly rounds: number;
}): Promise<Timing[]> {
  const versions = await Promise.all(binaries.map(openVersion));
  return sizes.flatMap((tokens) =>
    Object.entries(works).map(([work, run]): Timing => {
      const bestMs = versions.map(() => Infinity);
      for (let round = 0; round < rounds; round++) {
        for (const [index, version] of versions.entries()) {
          const start = performance.now();
          for (let layer = 0; layer < LAYERS; layer++) run(version, tokens);
          bestMs[index] = Math.min(bestMs[index] ?? Infinity, performance.now() - start);
        }
      }
      return { tokens, work, bestMs };
    }),
  );
}

async function openVersion(build: string): Promise<Version> {
  const binary = Uint8Array.from(atob(build), (character) => character.charCodeAt(0));
  const { instance } = await WebAssembly.instantiate(binary);
  const kernels = instance.exports as unknown as KernelExports;
  const memory = new KernelMemory(kernels.memory);
  /** Numbers that spread evenly between two. */
  const floats = (count: number, from: number, to: number): Address => {
    const at = memory.reserve(count * 4);
    const spread = (_: number, i: number): number => from + ((i * 0.618034) % 1) * (to - from);
    memory.floats(at, count).set(Float32Array.from({ length: count }, spread));
    return at;
  };
  const rows = (): Address => floats(MOST_ROWS * HIDDEN, -2, 2);
  const x = floats(MOST_ROWS * WIDE, -2, 2);
  const integers = memory.reserve(MOST_ROWS * WIDE);
  const [scales, shifts] = [memory.reserve(MOST_ROWS * 4), memory.reserve(MOST_ROWS * 4)];
  kernels.quantizeRows(x, integers, scales, shifts, MOST_ROWS, WIDE, ZERO_POINT);
  const weights = memory.reserve(HIDDEN * WIDE);
  memory.bytes(weights, HIDDEN * WIDE).forEach((_, i, bytes) => (bytes[i] = (i * 37) % 63));
  const places: Places = {
    x,
    // Scores of ±10: each token looks at many.
    q: floats(MOST_ROWS * HIDDEN, -0.3, 0.3),
    k: rows(),
    v: rows(),
    integers,
    scales,
    shifts,
    weights,
    weightScales: floats(WIDE, 0.001, 0.01),
    bias: floats(WIDE, -1, 1),
    output: memory.reserve(MOST_ROWS * HIDDEN * 4),
    outputScales: memory.reserve(MOST_ROWS * 4),
    outputShifts: memory.reserve(MOST_ROWS * 4),
    scratch: memory.reserve(MOST_ROWS * WIDE * 4),
  };
  return { kernels, places };
}
