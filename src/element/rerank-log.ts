import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { DEFAULT_LOGGED_CHOICES } from '../shared/defaults.ts';
import {
  clearChoiceLog,
  countChoices,
  logChoice,
  onChoiceLogChange,
  readChoiceLog,
} from './choice-log.ts';
import { recordChoices } from './choice-recorder.ts';
import { NO_WORDS, type Phrase } from './phrases.ts';
import { PlaceLanguage } from './place-language.ts';

/**
 * A log of what the reader chose in the search, kept in this browser alone. A site turns the log on by placing this element;
 * without it the library stores nothing about queries. It says how much is kept, and has a button that takes it all away and one that
 * saves it as a file for `npx rerank-results judge --clicks`. While it is hidden or off the page, nothing is logged, and what is there stays.
 *
 * Its words are in the language of the nearest `lang` attribute, where that language was imported or added (docs/translations.md).
 *
 * @tagname rerank-log
 *
 * @csspart status - How many choices are kept.
 * @csspart download - The button that saves the log as a file.
 * @csspart clear - The button that takes the log out of the browser.
 */
export class RerankLog extends LitElement {
  static override styles = css`
    :host {
      display: block;
      font-size: 0.875em;
    }
    :host([hidden]) {
      display: none;
    }
    button {
      font: inherit;
      cursor: pointer;
    }
    .announcement {
      position: absolute;
      clip-path: inset(50%);
      width: 1px;
      height: 1px;
      overflow: hidden;
      white-space: nowrap;
    }
  `;

  /** How many choices are kept; the oldest are forgotten first. A whole number of 1 or more. */
  @property({
    type: Number,
    converter: {
      fromAttribute: (value) =>
        Number(value) >= 1 ? Math.floor(Number(value)) : DEFAULT_LOGGED_CHOICES,
    },
  })
  limit = DEFAULT_LOGGED_CHOICES;

  @state() private count = 0;

  /** What a screen reader is told. */
  @state() private announcement: Phrase = NO_WORDS;

  readonly #language = new PlaceLanguage(this);
  #connected = new AbortController();

  override connectedCallback(): void {
    super.connectedCallback();
    this.#connected = new AbortController();
    const { signal } = this.#connected;
    this.#look();
    onChoiceLogChange(this.#look, signal);
    recordChoices(
      this.ownerDocument,
      (choice) => {
        // No log without its button.
        if (this.checkVisibility()) logChoice(choice, this.limit);
      },
      signal,
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#connected.abort();
  }

  /** The log as JSON lines, the oldest choice first. */
  read(): string {
    return readChoiceLog();
  }

  /** Takes the log out of this browser. */
  clear(): void {
    clearChoiceLog();
  }

  protected override render(): TemplateResult {
    const messages = this.#language.phrases;
    return html`
      <span part="status">${messages.choiceLog(this.count)}</span>
      ${
        this.count === 0
          ? nothing
          : html`<button part="download" @click=${this.#download}>${messages.downloadLog}</button>`
      }
      <button part="clear" @click=${this.#clear}>${messages.clearLog}</button>
      <span class="announcement" role="status">${this.announcement}</span>
    `;
  }

  readonly #look = (): void => {
    this.count = countChoices();
    if (this.count > 0) this.announcement = NO_WORDS;
  };

  readonly #clear = (): void => {
    this.clear();
    this.announcement = this.#language.phrases.logCleared;
  };

  readonly #download = (): void => {
    const url = URL.createObjectURL(new Blob([readChoiceLog()], { type: 'application/jsonl' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = 'clicks.jsonl';
    link.click();
    // The browser reads it after the click.
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'rerank-log': RerankLog;
  }
}
