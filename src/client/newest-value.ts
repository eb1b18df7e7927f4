/**
 * A sequence for a reader slower than its writer: each step gives the newest value, and those that came
 * between are dropped.
 */
export class NewestValue<TValue> implements AsyncIterable<TValue> {
  #waiting: { readonly value: TValue } | undefined;
  #ended = false;
  #wake: () => void = () => undefined;

  set(value: TValue): void {
    this.#waiting = { value };
    this.#wake();
  }

  /** Ends the sequence; a value that was not read is dropped. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<TValue, void, undefined> {
    for (;;) {
      if (!this.#waiting && !this.#ended) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
      if (this.#ended) return;
      const next = this.#waiting;
      this.#waiting = undefined;
      if (next) yield next.value;
    }
  }
}
