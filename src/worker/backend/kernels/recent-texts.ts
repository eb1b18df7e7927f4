/** A key of a text: one character for each token id. */
export function keyOf(ids: Int32Array): string {
  return String.fromCodePoint(...ids);
}

/** What is known of texts, by their token ids, in the order in which they were used. */
export class RecentTexts<TValue> {
  /** A Map keeps the order of insertion: the first is the least recently used. */
  readonly #values = new Map<string, TValue>();

  has(ids: Int32Array): boolean {
    return this.#values.has(keyOf(ids));
  }

  /** The text becomes the most recently used. */
  find(ids: Int32Array): TValue | undefined {
    const key = keyOf(ids);
    const value = this.#takeKey(key);
    if (value !== undefined) this.#values.set(key, value);
    return value;
  }

  /** @param ids A text that is not there. */
  add(ids: Int32Array, value: TValue): void {
    this.#values.set(keyOf(ids), value);
  }

  /** The value of a text, which is forgotten. */
  take(ids: Int32Array): TValue | undefined {
    return this.#takeKey(keyOf(ids));
  }

  /** The value of the least recently used text, which is forgotten. */
  takeOldest(): TValue | undefined {
    const { value: oldest } = this.#values.keys().next();
    return oldest === undefined ? undefined : this.#takeKey(oldest);
  }

  #takeKey(key: string): TValue | undefined {
    const value = this.#values.get(key);
    this.#values.delete(key);
    return value;
  }
}
