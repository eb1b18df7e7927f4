import type {
  Address,
  KernelExports,
} from '../../../src/worker/backend/kernels/kernel-exports.ts';
import { kernelBinaries } from '../../../src/worker/backend/kernels/kernel-binaries.ts';
import { KernelMemory } from '../../../src/worker/backend/kernels/kernel-memory.ts';

/** Both builds, so that a browser's lack of one shows as a failure. */
export const builds = ['simd', 'relaxed'] as const;

/** One build's kernels with memory of their own. */
export interface Bench {
  readonly kernels: KernelExports;
  readonly memory: KernelMemory;
  /** Puts numbers into the memory, with room for `spare` more. */
  readonly put: (numbers: ArrayLike<number>, spare?: number) => Address;
  readonly read: (at: Address, count: number) => Float32Array;
}

export async function openBench(build: (typeof builds)[number]): Promise<Bench> {
  const binary = Uint8Array.from(atob(kernelBinaries[build]), (character) =>
    character.charCodeAt(0),
  );
  const { instance } = await WebAssembly.instantiate(binary);
  const kernels = instance.exports as unknown as KernelExports;
  const memory = new KernelMemory(kernels.memory);
  return {
    kernels,
    memory,
    put(numbers, spare = 0) {
      const at = memory.reserve((numbers.length + spare) * 4);
      memory.floats(at, numbers.length).set(numbers);
      return at;
    },
    read: (at, count) => memory.floats(at, count).slice(),
  };
}

/** Random numbers that are the same each time: xorshift32, −1 to 1. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state | 0) / 2 ** 31;
  };
}

/** `count` numbers between ±`size`. */
export function randomNumbers(count: number, size: number, seed = 7): Float64Array {
  const random = createRandom(seed);
  // Through fp32, so that the reference computes with the very numbers that the kernel gets.
  return Float64Array.from({ length: count }, () => Math.fround(random() * size));
}
