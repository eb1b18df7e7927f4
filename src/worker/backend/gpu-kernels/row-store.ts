import { RecentTexts } from '../kernels/recent-texts.ts';

/** Which rows of a buffer hold the states of which text. Rows need not follow each other. */
export class RowStore {
  readonly #free: number[];
  readonly #rows = new RecentTexts<readonly number[]>();

  /** @param capacity How many rows the buffer has. */
  constructor(capacity: number) {
    this.#free = Array.from({ length: capacity }, (_, index) => capacity - 1 - index);
  }

  has(ids: Int32Array): boolean {
    return this.#rows.has(ids);
  }

  /** The rows of a text that is there, by token. It becomes the most recently used. */
  find(ids: Int32Array): readonly number[] | undefined {
    return this.#rows.find(ids);
  }

  /** Rows for a text that is not there; the least recently used texts make room. At most the capacity. */
  add(ids: Int32Array): readonly number[] {
    while (this.#free.length < ids.length) {
      const oldest = this.#rows.takeOldest();
      if (!oldest) throw new RangeError('A text has more tokens than the buffer has rows.');
      this.#free.push(...oldest);
    }
    const rows = this.#free.splice(this.#free.length - ids.length);
    this.#rows.add(ids, rows);
    return rows;
  }
}
