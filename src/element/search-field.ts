import type { PropertyValues } from 'lit';
import { property, state } from 'lit/decorators.js';
import { createPhrase, type Phrase } from './phrases.ts';
import { RerankingElement } from './reranking-element.ts';

/** An element that is a search field: its attributes, its text, which becomes the query, and its part in a form. */
export class SearchField extends RerankingElement {
  /** It takes part in forms. */
  static readonly formAssociated = true;

  /** What the field is called. Screen readers say it; `show-label` shows it. Default: “Search” in the language of the page. */
  @property() label: string | undefined;

  /** Shows the label above the field. */
  @property({ type: Boolean, attribute: 'show-label' }) showLabel = false;

  /** What stands in the empty field. Default: the label, where it is not shown. */
  @property() placeholder: string | undefined;

  /** The text in the field, which becomes the query when typing pauses. */
  @state() protected text = '';

  /** Whether the form, or a `<fieldset>` in it, is disabled. */
  @state() protected disabled = false;

  /** Runs out when typing pauses. */
  #pause: ReturnType<typeof setTimeout> | undefined;

  /** The text in the field. Setting it searches at once. */
  get value(): string {
    return this.text;
  }
  set value(value: string) {
    this.#setText(value);
    this.searchNow();
  }

  /** The form that the element takes part in. */
  get form(): HTMLFormElement | null {
    return this.internals.form;
  }

  // Called by the browser.
  formDisabledCallback(disabled: boolean): void {
    this.disabled = disabled;
  }

  formResetCallback(): void {
    this.value = this.getAttribute('query') ?? '';
  }

  // After the reader came back to the page.
  formStateRestoreCallback(value: string): void {
    this.value = value;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.holdSearch();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (changed.has('query') && this.query.trim() !== this.text.trim()) this.#setText(this.query);
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    const changedNames: ReadonlyMap<PropertyKey, unknown> = changed;
    if (changedNames.has('text')) this.internals.setFormValue(this.text);
  }

  /** The site's label, else ours. */
  protected get fieldLabel(): Phrase {
    return this.label == null ? this.messages.search : createPhrase(this.label);
  }

  /** Takes what the reader typed. */
  protected handleTyping(text: string, isComposing: boolean): void {
    this.#setText(text);
    // Half a word of an input method is no query.
    if (!isComposing) this.searchSoon();
  }

  /** Searches when typing pauses, and shows nothing at once where the field is empty. */
  protected readonly searchSoon = (): void => {
    this.holdSearch();
    if (this.text.trim() === '') this.searchNow();
    else this.#pause = setTimeout(this.searchNow, this.debounce);
  };

  protected readonly searchNow = (): void => {
    this.holdSearch();
    this.query = this.text.trim();
  };

  /** Does not search when typing pauses. */
  protected readonly holdSearch = (): void => {
    clearTimeout(this.#pause);
  };

  #setText(text: string): void {
    this.holdSearch();
    this.text = text;
  }
}
