import { RecentTexts } from './recent-texts.ts';
import type { TextStates } from './split-model.ts';

/** States by token ids. The least recently used go first when there is no room. */
export class StateCache {
  readonly #maxBytes: number;
  readonly #states = new RecentTexts<TextStates>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes of all states that are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  has(ids: Int32Array): boolean {
    return this.#states.has(ids);
  }

  get(ids: Int32Array): TextStates | undefined {
    return this.#states.find(ids);
  }

  set(ids: Int32Array, states: TextStates): void {
    this.#bytes += countBytes(states) - countBytes(this.#states.take(ids));
    this.#states.add(ids, states);
    while (this.#bytes > this.#maxBytes) this.#bytes -= countBytes(this.#states.takeOldest());
  }
}

function countBytes(states: TextStates | undefined): number {
  return states ? states.values.length + states.scales.length : 0;
}
