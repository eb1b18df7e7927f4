/** The site's own search field, followed by its id. It may come later than the element, or be replaced. */
export class QueryField {
  readonly #onQuery: (query: string) => void;
  readonly #onFocus: () => void;
  #root: Document | ShadowRoot | undefined;
  #id = '';
  #debounceMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(callbacks: {
    /** Called with the field's text when typing pauses, and at once when the field is found. */
    readonly onQuery: (query: string) => void;
    /** Called when the field gets focus, and at once where it has it. */
    readonly onFocus: () => void;
  }) {
    this.#onQuery = callbacks.onQuery;
    this.#onFocus = callbacks.onFocus;
  }

  /** Follows the field with this id in `root`; an empty id follows none. */
  connect(root: Document | ShadowRoot, id: string, debounceMs: number): void {
    this.disconnect();
    if (id === '') return;
    this.#root = root;
    this.#id = id;
    this.#debounceMs = debounceMs;
    // Events are caught on their way to the field, so that the field need not be there yet.
    root.addEventListener('input', this.#handleInput, { capture: true });
    root.addEventListener('focusin', this.#handleFocus, { capture: true });
    const field = this.#find();
    if (!field) return;
    if (root.activeElement === field) this.#onFocus();
    this.#onQuery(field.value);
  }

  disconnect(): void {
    clearTimeout(this.#timer);
    this.#root?.removeEventListener('input', this.#handleInput, { capture: true });
    this.#root?.removeEventListener('focusin', this.#handleFocus, { capture: true });
    this.#root = undefined;
  }

  /** An input, a text area, or a custom element with a text as its `value`. */
  #find(): (Element & { readonly value: string }) | undefined {
    const field = this.#root?.getElementById(this.#id);
    return field && hasText(field) ? field : undefined;
  }

  readonly #handleInput = (event: Event): void => {
    if (event.target !== this.#find()) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#onQuery(this.#find()?.value ?? ''), this.#debounceMs);
  };

  readonly #handleFocus = (event: Event): void => {
    if (event.target === this.#find()) this.#onFocus();
  };
}

function hasText(field: Element): field is Element & { readonly value: string } {
  return 'value' in field && typeof field.value === 'string';
}
