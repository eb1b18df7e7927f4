import type { TextStates } from './split-model.ts';

/** States by token ids. The least recently used go first when there is no room. */
export class StateCache {
  readonly #maxBytes: number;
  /** A Map keeps the order of insertion: the first is the least recently used. */
  readonly #states = new Map<string, TextStates>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes of all states that are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  has(ids: Int32Array): boolean {
    return this.#states.has(keyOf(ids));
  }

  get(ids: Int32Array): TextStates | undefined {
    const key = keyOf(ids);
    const states = this.#states.get(key);
    if (!states) return undefined;
    this.#states.delete(key);
    this.#states.set(key, states);
    return states;
  }

  set(ids: Int32Array, states: TextStates): void {
    const key = keyOf(ids);
    this.#drop(key);
    this.#bytes += countBytes(states);
    this.#states.set(key, states);
    for (const oldest of this.#states.keys()) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    const states = this.#states.get(key);
    if (!states) return;
    this.#states.delete(key);
    this.#bytes -= countBytes(states);
  }
}

function countBytes({ values, scales }: TextStates): number {
  return values.length + scales.length;
}

/** A key of a text: one character for each token id. */
export function keyOf(ids: Int32Array): string {
  return String.fromCodePoint(...ids);
}
