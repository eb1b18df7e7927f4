import { keyOf } from '../kernels/state-cache.ts';

/** Which rows of a buffer hold the states of which text. Rows need not follow each other. */
export class RowStore {
  readonly #free: number[];
  /** A Map keeps the order of insertion: the first is the least recently used. */
  readonly #rows = new Map<string, readonly number[]>();

  /** @param capacity How many rows the buffer has. */
  constructor(capacity: number) {
    this.#free = Array.from({ length: capacity }, (_, index) => capacity - 1 - index);
  }

  has(ids: Int32Array): boolean {
    return this.#rows.has(keyOf(ids));
  }

  /** The rows of a text that is there, by token. It becomes the most recently used. */
  find(ids: Int32Array): readonly number[] | undefined {
    const key = keyOf(ids);
    const rows = this.#rows.get(key);
    if (!rows) return undefined;
    this.#rows.delete(key);
    this.#rows.set(key, rows);
    return rows;
  }

  /** Rows for a text that is not there; the least recently used texts make room. At most the capacity. */
  add(ids: Int32Array): readonly number[] {
    while (this.#free.length < ids.length) this.#dropOldest();
    const rows = this.#free.splice(this.#free.length - ids.length);
    this.#rows.set(keyOf(ids), rows);
    return rows;
  }

  #dropOldest(): void {
    const [oldest] = this.#rows;
    if (!oldest) throw new RangeError('A text has more tokens than the buffer has rows.');
    this.#rows.delete(oldest[0]);
    this.#free.push(...oldest[1]);
  }
}
