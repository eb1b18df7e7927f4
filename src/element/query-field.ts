/** The site's own search field, followed by its id. */
export class QueryField {
  readonly #onQuery: (query: string) => void;
  readonly #onFocus: () => void;
  #input: HTMLInputElement | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #debounceMs = 0;

  constructor(callbacks: {
    /** Called with the field's text when typing pauses, and at once when the field is found. */
    readonly onQuery: (query: string) => void;
    /** Called when the field gets focus, and at once where it has it. */
    readonly onFocus: () => void;
  }) {
    this.#onQuery = callbacks.onQuery;
    this.#onFocus = callbacks.onFocus;
  }

  /** Follows the field with this id in `root`; an unknown or empty id follows none. */
  connect(root: Document | ShadowRoot, id: string, debounceMs: number): void {
    this.disconnect();
    const field = id === '' ? null : root.getElementById(id);
    if (!(field instanceof HTMLInputElement)) return;
    this.#input = field;
    this.#debounceMs = debounceMs;
    field.addEventListener('input', this.#handleInput);
    field.addEventListener('focus', this.#onFocus);
    if (field.matches(':focus')) this.#onFocus();
    this.#onQuery(field.value);
  }

  disconnect(): void {
    clearTimeout(this.#timer);
    this.#input?.removeEventListener('input', this.#handleInput);
    this.#input?.removeEventListener('focus', this.#onFocus);
    this.#input = undefined;
  }

  readonly #handleInput = (): void => {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#onQuery(this.#input?.value ?? ''), this.#debounceMs);
  };
}
