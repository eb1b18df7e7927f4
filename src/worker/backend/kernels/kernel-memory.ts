import type { Address } from './kernel-exports.ts';

const PAGE_BYTES = 65_536;

/** Divides a kernel's memory, once, while a model is loaded: nothing is freed. */
export class KernelMemory {
  readonly #memory: WebAssembly.Memory;
  /** The first page is the module's own. */
  #end = PAGE_BYTES;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
  }

  /** Room for `bytes`, zeroed, at a multiple of 16. */
  reserve(bytes: number): Address {
    const start = this.#end;
    this.#end = Math.ceil((start + bytes) / 16) * 16;
    const missing = this.#end - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE_BYTES));
    return start;
  }

  /** A copy of `bytes`. */
  place(bytes: Uint8Array): Address {
    const start = this.reserve(bytes.length);
    this.bytes(start, bytes.length).set(bytes);
    return start;
  }

  /** Views are valid until the next `reserve`. */
  bytes(start: Address, length: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, start, length);
  }

  floats(start: Address, length: number): Float32Array {
    return new Float32Array(this.#memory.buffer, start, length);
  }

  integers(start: Address, length: number): Int32Array {
    return new Int32Array(this.#memory.buffer, start, length);
  }
}
