import { html, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { Candidate } from '../sources/candidate.ts';
import { Announcer } from './announcer.ts';
import { createRerankEvent } from './events.ts';
import { FieldPopup } from './field-popup.ts';
import { ListScroll } from './list-scroll.ts';
import { OptionList } from './option-list.ts';
import { NO_WORDS, type Phrase } from './phrases.ts';
import { describeStatus, renderStatus, type StatusView } from './render.ts';
import { renderSearchField } from './render-search-field.ts';
import { styles } from './rerank-search.styles.ts';
import { resultStyles } from './result.styles.ts';
import type { PlacedCandidate } from './run-state.ts';
import { afterUpdate } from './scheduling.ts';
import { SearchField } from './search-field.ts';
import { readCommand, type SearchCommand } from './search-keys.ts';
import { nameOption, renderListbox } from './search-listbox.ts';
import { Shortcut } from './shortcut.ts';
import { preferSlotted } from './slotted-status.ts';

/**
 * A search field with its results: for sites that have a search but no interface for it. While the reader types, the
 * search's own order is shown at once and the better one when it is ready. It is a combobox: the arrow keys walk through
 * the results while the focus stays in the field.
 *
 * It has the attributes and properties of `<rerank-results>`, but not `explain`, nor `for`: the element is its
 * own field. The candidates come from the `search` property or from `endpoint`. In a form it takes part under its
 * `name`, with the field's text.
 *
 * Its words are in the language of the nearest `lang` attribute, where that language was imported or added (docs/translations.md).
 *
 * @tagname rerank-search
 *
 * @slot empty - Shown when the search found nothing.
 * @slot error - Shown when the search failed.
 *
 * @fires {CustomEvent<{ query: string, candidates: Result[], searchMs: number }>} rerank-candidates - Candidates arrived and are shown in the search's order.
 * @fires {CustomEvent<{ query: string, count: number }>} rerank-start - Reranking begins; the model may have to be loaded first.
 * @fires {CustomEvent<LoadProgress>} rerank-progress - Bytes of the model arrived.
 * @fires {CustomEvent<{ query: string } & RerankPartial<Result>>} rerank-partial - Some candidates are scored.
 * @fires {CustomEvent<{ query: string } & RerankOutcome<Result>>} rerank-complete - Reranking ended: all candidates are scored, or `complete` is false and `stoppedBy` says why.
 * @fires {CustomEvent<{ query: string, reason: 'too-few' | 'consent' | 'crashed' }>} rerank-skip - The search's order stays, and nothing is wrong.
 * @fires {CustomEvent<{ query: string, during: 'search' | 'preload' | 'rerank', error: RerankError }>} rerank-error - The search or the reranking failed.
 * @fires {CustomEvent<{ query: string, result: Result, rank: number, originalRank: number, listed: Result[] }>} rerank-select - The reader chose a result, by click or Enter, the last of those that are `listed` from the top; `preventDefault()` stops the link. A result without a URL does nothing else.
 * @fires {CustomEvent<{ query: string }>} rerank-submit - The reader pressed Enter without having chosen a result. The form around the element is submitted then, unless `preventDefault()` stops that.
 *
 * @csspart label - The field's label, where `show-label` is set.
 * @csspart field - The box around icon, field and clear button.
 * @csspart icon - The magnifying glass.
 * @csspart input - The search field.
 * @csspart clear - The button that empties the field.
 * @csspart popup - What opens below the field; with `inline`, what stands there.
 * @csspart list - The list of results.
 * @csspart option - One result.
 * @csspart active - The option that the keyboard is at.
 * @csspart title - A result's title.
 * @csspart text - A result's excerpt.
 * @csspart mark - A word of the query in a title or excerpt.
 * @csspart sentence - With `long-documents="best-passage"`: the sentence that answers best.
 * @csspart scores - Score and movement, where `show-scores` is set.
 * @csspart show-all - The last option, which lists the results beyond `top-n`.
 * @csspart status - The line that says how many results there are and in which order.
 * @csspart show-order - The button that shows a held order, or newer results.
 * @csspart progress - How much of the model is loaded, while it comes over the network.
 * @csspart load-model - The button that loads the model where the reader is asked first, or where loading it ended the page before.
 * @csspart retry - The button that searches again after a failure.
 *
 * @cssState idle - Nothing is asked.
 * @cssState searching - The search runs.
 * @cssState search-failed - The search failed.
 * @cssState checking - Whether the model may be loaded is being found out.
 * @cssState reranking - The better order is being made; the model may have to be loaded first.
 * @cssState reranked - The better order is there.
 * @cssState skipped - The search's order stays, and nothing is wrong.
 * @cssState rerank-failed - The search's order stays: the better one could not be made.
 * @cssState held - Beside one of these: another order waits until the list is left.
 *
 * @cssproperty --rerank-field-background - Background of the field. Default: the browser's, in the page's colour scheme.
 * @cssproperty --rerank-field-color - Colour of the field's text. Default: the browser's, in the page's colour scheme.
 * @cssproperty --rerank-popup-background - Background of the popup. Default: the browser's, in the page's colour scheme.
 * @cssproperty --rerank-popup-color - Colour of the popup's text. Default: the browser's, in the page's colour scheme.
 * @cssproperty --rerank-popup-width - Width of the popup where the field is narrower. Default `36rem`, and never more than the window.
 * @cssproperty --rerank-radius - Radius of the corners. Default `0.5rem`.
 * @cssproperty --rerank-link-color - Colour of titles and of what is active. Default: the browser's for links, in the page's colour scheme.
 * @cssproperty --rerank-muted-color - Colour of excerpts and the status line. Default: the text colour at 75 %.
 * @cssproperty --rerank-mark-background - Background of the query's words, and of the best sentence.
 */
export class RerankSearch extends SearchField {
  static override styles = [resultStyles, styles];
  static override shadowRootOptions: ShadowRootInit = {
    ...SearchField.shadowRootOptions,
    delegatesFocus: true,
  };

  /** Shows the results in the page's flow and not in a popup. */
  @property({ type: Boolean, reflect: true }) inline = false;

  /**
   * Keys that bring the focus into the field from anywhere on the page, except from other fields, separated by spaces:
   * `/`, `Ctrl+K`, `/ Ctrl+K Meta+K`. Modifiers: Ctrl, Alt, Shift, Meta. Default: none.
   */
  @property() shortcut = '';

  /** Whether the reader opened the popup, be there something to show or not. */
  @state() private opened = false;

  /** What a screen reader is told. */
  @state() private announcement: Phrase = NO_WORDS;

  @query('input') private readonly input!: HTMLInputElement | null;
  @query('[part="field"]') private readonly field!: HTMLElement | null;
  @query('[part="popup"]') private readonly popup!: HTMLElement | null;
  @query('[part="list"]') private readonly listbox!: HTMLElement | null;

  readonly #options = new OptionList(() => this.requestUpdate());
  readonly #announcer = new Announcer((words) => {
    this.announcement = preferSlotted(words, this.renderRoot);
  });
  readonly #shortcut = new Shortcut((event) => {
    this.focus();
    // A hidden field gets no focus, and then the key is the page's.
    if (!this.matches(':focus-within')) return;
    event.preventDefault();
    this.input?.select();
  });
  readonly #scroll = new ListScroll();
  readonly #popup = new FieldPopup();
  #hadFocus = false;

  constructor() {
    super();
    this.addEventListener('focusout', this.#handleFocusOut);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#shortcut.connect(this.shortcut);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#popup.hide();
    this.#shortcut.disconnect();
    this.#announcer.stop();
    this.#close();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const changedNames: ReadonlyMap<PropertyKey, unknown> = changed;
    if (changedNames.has('text')) this.#options.leave();
    const focused = this.shadowRoot?.activeElement;
    this.#hadFocus = focused != null;
    const isOffered = focused?.matches('[part="show-order"]') === true;
    const { topN: limit, minScore, mergeSimilar, reorder } = this;
    this.#options.update(this.runState, { limit, minScore, mergeSimilar, reorder }, isOffered);
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    // Where the focus was on a button that is gone now.
    if (this.#hadFocus && !this.shadowRoot?.activeElement) this.input?.focus();
    this.#popup.follow(this.popup, this.field, this.#isOpen && !this.inline);
    this.#scroll.follow(this.#options, this.listbox, this.#activeOption);
    afterUpdate(() => this.#announce());
    // Where it was taken off the page before its first update, nobody would disconnect it.
    if (changed.has('shortcut') && this.isConnected) this.#shortcut.connect(this.shortcut);
  }

  protected override render(): TemplateResult {
    const list = this.#renderListbox();
    const status = html`<div part="status">${this.#renderStatus()}</div>`;
    return html`
      <div @keydown=${this.#handleKey}>
        ${this.#renderField()}
        <div part="popup" ?hidden=${!this.#isOpen} @mousedown=${this.#keepFocus}>
          ${this.inline ? [status, list] : [list, status]}
        </div>
        <div class="unseen" role="status">${this.announcement}</div>
      </div>
    `;
  }

  #renderField(): TemplateResult {
    const { messages, fieldLabel, showLabel, placeholder, shortcut, text, disabled } = this;
    return renderSearchField({
      ...{ messages, label: fieldLabel, showLabel, placeholder, shortcut, text, disabled },
      isExpanded: this.#isOpen && this.#options.optionCount > 0,
      activeOptionId: this.#activeOptionId,
      onInput: (event) => {
        this.#open();
        this.handleTyping(this.input?.value ?? '', event.isComposing);
      },
      onCompositionStart: this.holdSearch,
      onCompositionEnd: this.searchSoon,
      onClick: this.#open,
      onFocus: this.#handleFocus,
      onClear: this.#clear,
      onPress: this.#keepFocus,
    });
  }

  #renderListbox(): TemplateResult {
    const { results, count, query, activeIndex } = this.#options;
    return renderListbox({
      ...{ placed: results, count, query, activeIndex },
      messages: this.messages,
      label: this.fieldLabel.text,
      showScores: this.showScores,
      onSelect: this.#select,
      onShowAll: this.#options.showAll,
      onPointer: this.#options.handlePointer,
      onPointerLeave: this.#options.handlePointerLeave,
    });
  }

  #renderStatus(): unknown {
    if (this.#options.held !== 'results') return renderStatus(this.#statusView);
    const { newResults, showNewResults } = this.messages;
    return html`${newResults}
      <button part="show-order" @click=${this.#showHeld}>${showNewResults}</button>`;
  }

  get #statusView(): StatusView {
    return {
      messages: this.messages,
      state: this.runState,
      held: this.#options.held !== undefined,
      showsOriginal: false,
      limit: this.#options.results.length,
      onShowHeld: this.#showHeld,
      onLoadModel: () => {
        // The button goes away, and without focus the popup would close.
        this.input?.focus();
        void this.loadModel();
      },
      onRetry: () => {
        this.input?.focus();
        void this.refresh();
      },
    };
  }

  get #isOpen(): boolean {
    return (this.inline || this.opened) && this.runState.phase !== 'idle';
  }

  get #activeOptionId(): string | undefined {
    const { activeIndex } = this.#options;
    return this.#isOpen && activeIndex >= 0 ? nameOption(activeIndex) : undefined;
  }

  get #activeOption(): HTMLElement | null {
    const id = this.#activeOptionId;
    return id === undefined ? null : (this.shadowRoot?.getElementById(id) ?? null);
  }

  protected override get isHeld(): boolean {
    return this.#options.held !== undefined;
  }

  #announce(): void {
    const state = this.runState;
    const { held } = this.#options;
    const words = held === 'results' ? this.messages.newResults : describeStatus(this.#statusView);
    // A run that ends after the reader went on is no news to them.
    this.#announcer.announce(this.#isOpen ? words : NO_WORDS, 'query' in state ? state.query : '');
  }

  readonly #open = (): void => {
    this.opened = true;
  };

  #close(): void {
    this.opened = false;
    this.#options.leave();
  }

  readonly #clear = (): void => {
    this.value = '';
    this.input?.focus();
  };

  readonly #showHeld = (): void => {
    this.input?.focus();
    this.#options.showWaiting();
  };

  readonly #handleFocus = (): void => {
    // Who came back from the button of a held order did not press it.
    this.requestUpdate();
    if (this.preload === 'focus') this.preloadModel();
  };

  readonly #handleFocusOut = ({ relatedTarget }: FocusEvent): void => {
    if (relatedTarget instanceof Node && this.contains(relatedTarget)) return;
    // Who goes to another window comes back to the same page.
    if (document.hasFocus()) this.#close();
  };

  /** A press leaves the focus in the field: if it went, the popup would close before the click came. */
  readonly #keepFocus = (event: Event): void => {
    const isOfSite = event.target instanceof Node && this.contains(event.target);
    if (!isOfSite) event.preventDefault();
  };

  readonly #handleKey = (event: KeyboardEvent): void => {
    const canClose = this.#isOpen && !this.inline;
    const hasActiveOption = this.#activeOption !== null;
    const command = readCommand(event, { canClose, hasActiveOption, hasText: this.text !== '' });
    // On a button in the popup, keys are the button's.
    if (command === undefined || (event.target !== this.input && command !== 'close')) return;
    // The field's own answer is to move the caret, and to nothing else.
    if (command !== 'caret') event.preventDefault();
    this.input?.focus();
    this.#obey(command, event);
  };

  #obey(command: SearchCommand, event: KeyboardEvent): void {
    switch (command) {
      case 'open':
      case 'next':
      case 'previous':
        this.#open();
        if (command !== 'open') this.#options.move(command === 'next' ? 1 : -1);
        break;
      case 'close':
        this.#close();
        break;
      case 'clear':
        this.#clear();
        break;
      case 'choose':
        this.#choose(event);
        break;
      case 'submit':
        this.#submit();
        break;
      case 'leave':
      case 'caret':
        this.#options.leave();
    }
  }

  /** Clicks the active option, with the keys that open links in other tabs or windows. */
  #choose({ ctrlKey, metaKey, shiftKey }: KeyboardEvent): void {
    const init = { bubbles: true, composed: true, cancelable: true, ctrlKey, metaKey, shiftKey };
    this.#activeOption?.dispatchEvent(new MouseEvent('click', init));
  }

  #submit(): void {
    this.searchNow();
    this.#open();
    const submitted = createRerankEvent('rerank-submit', { query: this.query });
    if (this.dispatchEvent(submitted)) this.form?.requestSubmit();
  }

  readonly #select = (event: Event, result: PlacedCandidate<Candidate>): void => {
    const { candidate, rank, originalRank } = result;
    const { query, results } = this.#options;
    const shown = results.map((option) => option.candidate);
    const listed = shown.slice(0, shown.indexOf(candidate) + 1);
    const detail = { query, result: candidate, rank, originalRank, listed };
    if (!this.dispatchEvent(createRerankEvent('rerank-select', detail))) event.preventDefault();
    const { ctrlKey, metaKey, shiftKey } = event as MouseEvent;
    // Of results in other tabs, the reader may want more than one.
    if (!ctrlKey && !metaKey && !shiftKey) this.#close();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'rerank-search': RerankSearch;
  }
}
