/** An element's custom states, for style sheets: `rerank-results:state(reranking)`. Browsers that lack them have none. */
export class CustomStates {
  readonly #states: CustomStateSet | undefined;
  #present: ReadonlySet<string> = new Set();

  constructor({ states }: ElementInternals) {
    // Before `:state()`, browsers took names with dashes only.
    this.#states = CSS.supports('selector(:state(a))') ? states : undefined;
  }

  /** Has these states from now on, and no others. */
  set(names: Iterable<string>): void {
    const next = new Set(names);
    for (const name of this.#present) if (!next.has(name)) this.#states?.delete(name);
    for (const name of next) if (!this.#present.has(name)) this.#states?.add(name);
    this.#present = next;
  }
}
