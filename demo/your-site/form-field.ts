import { findElement } from '../find-element.ts';

/** A field of the form with the line that says what is wrong with it; the page has `<id>` and `<id>-problem`. */
export class FormField<TElement extends HTMLInputElement | HTMLTextAreaElement> {
  readonly element: TElement;
  readonly #problem: HTMLElement;

  constructor(id: string, type: abstract new () => TElement) {
    this.element = findElement(id, type);
    this.#problem = findElement(`${id}-problem`, HTMLElement);
    this.element.addEventListener('input', () => this.clear());
  }

  get value(): string {
    return this.element.value;
  }

  /** Says what is wrong and what to do, and puts the focus there. */
  showProblem(problem: string): void {
    this.#problem.textContent = problem;
    this.element.ariaInvalid = 'true';
    this.element.focus();
  }

  clear(): void {
    this.#problem.textContent = '';
    this.element.removeAttribute('aria-invalid');
  }
}
