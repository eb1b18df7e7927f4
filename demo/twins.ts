type Marks = () => readonly ReadonlyMap<string, Element>[];

/** Highlights a result in both columns while the reader points at it or has focus in it. */
export class Twins {
  readonly #marks: Marks;
  #id: string | undefined;

  /** @param marks What belongs to each result, by its id: items, rows and lines. */
  constructor(marks: Marks) {
    this.#marks = marks;
  }

  /**
   * Follows pointer and focus in a column.
   * @param findId The id of the result that an event happened in
   */
  follow(column: Element, findId: (event: Event) => string | undefined): void {
    const highlight = (event: Event): void => this.#highlight(findId(event));
    const clear = (): void => this.#highlight(undefined);
    column.addEventListener('pointerover', highlight);
    column.addEventListener('focusin', highlight);
    column.addEventListener('pointerleave', clear);
    column.addEventListener('focusout', clear);
  }

  /** Marks the highlighted result again, after its items were drawn anew. */
  refresh(): void {
    this.#setMark(true);
  }

  #highlight(id: string | undefined): void {
    if (id === this.#id) return;
    this.#setMark(false);
    this.#id = id;
    this.#setMark(true);
  }

  #setMark(isOn: boolean): void {
    if (this.#id === undefined) return;
    for (const marks of this.#marks()) marks.get(this.#id)?.classList.toggle('is-twin', isOn);
  }
}
