/** The page's half of `bench/kernels.ts`. */
import type { KernelExports } from '../../src/worker/backend/kernels/kernel-exports.ts';

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

const ZERO_POINT = 32;

/** A version of the kernels, and places in its memory with room for what any kernel reads or writes. */
interface Version {
  readonly kernels: KernelExports;
  readonly places: readonly number[];
}

/** One layer's work of a kind. */
type Work = (version: Version, tokens: number) => void;

const works: Readonly<Record<string, Work>> = {
  products({ kernels, places: [x = 0, y = 0, weights = 0, facts = 0] }, tokens) {
    const multiply = (rows: number, inputs: number, outputs: number): void =>
      kernels.linearInPairs(x, facts, facts, weights, facts, facts, y, rows, inputs, outputs);
    for (let product = 0; product < 4; product++) multiply(tokens, HIDDEN, HIDDEN);
    forParts(tokens, (rows) => {
      multiply(rows, HIDDEN, WIDE);
      multiply(rows, WIDE, HIDDEN);
    });
  },
  attention({ kernels, places: [q = 0, k = 0, v = 0, scratch = 0, mixed = 0] }, tokens) {
    kernels.attend(q, k, v, mixed, scratch, tokens, 0, 0, HEADS);
  },
  'GELU and rounding'({ kernels, places: [x = 0, y = 0, facts = 0, , , spare = 0] }, tokens) {
    const memory = new Uint8Array(kernels.memory.buffer);
    forParts(tokens, (rows) => {
      // It works in place, and what it leaves would be another input.
      memory.copyWithin(spare, x, x + rows * WIDE * 4);
      kernels.quantizeGelu(spare, y, facts, facts + 4096, rows, WIDE, ZERO_POINT);
    });
  },
  'rounding of rows'({ kernels, places: [x = 0, y = 0, facts = 0] }, tokens) {
    for (let time = 0; time < 3; time++) {
      kernels.quantizeRows(x, y, facts, facts + 4096, tokens, HIDDEN, ZERO_POINT);
    }
  },
  'layer norm'({ kernels, places: [, y = 0, facts = 0, , , spare = 0] }, tokens) {
    for (let time = 0; time < 2; time++) {
      kernels.layerNorm(spare, y, facts, facts, tokens, HIDDEN, 1e-12);
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
  const placeBytes = MOST_ROWS * WIDE * 4;
  const first = 65_536;
  const bytes = first + 6 * placeBytes;
  kernels.memory.grow(Math.ceil((bytes - kernels.memory.buffer.byteLength) / 65_536));
  // Zeros would be faster than what a model has.
  const numbers = new Float32Array(kernels.memory.buffer, first);
  for (let i = 0; i < numbers.length; i++) numbers[i] = Math.sin(i * 12.9898) * 2;
  return { kernels, places: Array.from({ length: 6 }, (_, place) => first + place * placeBytes) };
}
