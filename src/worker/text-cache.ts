import QuickLRU from 'quick-lru';

/** Characters of all kept texts together; what is known of a text may take ten times its memory. */
const MOST_CHARACTERS = 16_000_000;

/** What is known of texts. The least recently used go first, by their number and by their length. */
export class TextCache<TValue> {
  readonly #values: QuickLRU<string, TValue>;
  #characters = 0;

  /** @param count Between so many texts and twice as many are kept, or fewer where they are long. */
  constructor(count: number) {
    this.#values = new QuickLRU({
      maxSize: count,
      onEviction: (text) => {
        this.#characters -= text.length;
      },
    });
  }

  get(text: string): TValue | undefined {
    return this.#values.get(text);
  }

  /** @param text One that has no value yet. */
  add(text: string, value: TValue): void {
    this.#characters += text.length;
    this.#values.set(text, value);
    // Several at once, since each time all are gone through.
    while (this.#characters > MOST_CHARACTERS && this.#values.size > 1) {
      this.#values.evict(Math.ceil(this.#values.size / 4));
    }
  }

  clear(): void {
    this.#values.clear();
    this.#characters = 0;
  }
}
