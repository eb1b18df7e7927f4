import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import type { Candidate } from '../sources/candidate.ts';
import { ElementSettings, changesResults } from './element-settings.ts';
import { Announcer } from './announcer.ts';
import { rememberConsent } from './consent.ts';
import { createRerankEvent, type Result } from './events.ts';
import { chooseSource } from './find-candidates.ts';
import { isInUse } from './in-use.ts';
import { QueryField } from './query-field.ts';
import { describeStatus, renderList, renderStatus, type StatusView } from './render.ts';
import { RerankController } from './rerank-controller.ts';
import { styles } from './rerank-results.styles.ts';
import { afterUpdate, whenIdle } from './scheduling.ts';
import {
  changesOrder,
  placeCandidates,
  shownState,
  type PlacedCandidate,
  type RunState,
} from './run-state.ts';
import { SlottedList, readItemText } from './slotted-list.ts';

/**
 * Search results that a cross-encoder puts in order in the reader's browser. It shows the search's own
 * order at once and the better one when it is ready; if anything fails, the search's order stays.
 *
 * The candidates are the items of the site's own list inside the element, which is reordered in place;
 * without a list they come from the `search` property or from `endpoint`.
 *
 * @tagname rerank-results
 *
 * @slot - The site's own list of results (`<ol>`, `<ul>` or `role="list"`), to be reordered in place. Of several lists the one with `data-rerank-list` is taken, else the first `<ol>`.
 * @slot empty - Shown when the search found nothing.
 * @slot error - Shown when the search failed.
 *
 * @fires {CustomEvent<{ query: string, candidates: Result[] }>} rerank-candidates - Candidates arrived and are shown in the search's order.
 * @fires {CustomEvent<{ query: string, count: number }>} rerank-start - Reranking begins; the model may have to be loaded first.
 * @fires {CustomEvent<LoadProgress>} rerank-progress - Bytes of the model arrived.
 * @fires {CustomEvent<{ query: string } & RerankPartial<Result>>} rerank-partial - Some candidates are scored.
 * @fires {CustomEvent<{ query: string } & RerankOutcome<Result>>} rerank-complete - Reranking ended: all candidates are scored, or `complete` is false and `stoppedBy` says why.
 * @fires {CustomEvent<{ query: string, reason: 'too-few' | 'consent' }>} rerank-skip - The search's order stays, and nothing is wrong.
 * @fires {CustomEvent<{ query: string, during: 'search' | 'preload' | 'rerank', error: RerankError }>} rerank-error - The search or the reranking failed.
 * @fires {CustomEvent<{ query: string, result: Result, rank: number, originalRank: number }>} rerank-select - The reader chose a result; `preventDefault()` stops the link.
 *
 * @csspart status - The line that says how many results there are and in which order.
 * @csspart show-order - The button that shows a held order.
 * @csspart load-model - The button that loads the model where the reader is asked first.
 * @csspart show-all - The button that shows the results beyond `top-n`.
 * @csspart retry - The button that searches again after a failure.
 * @csspart list - The list of results.
 * @csspart item - One result.
 * @csspart link - A result's title.
 * @csspart text - A result's excerpt.
 * @csspart mark - A word of the query in a title or excerpt.
 * @csspart scores - Score and movement, where `show-scores` is set.
 *
 * @cssproperty --rerank-gap - Space between results. Default `1.25rem`.
 * @cssproperty --rerank-link-color - Colour of titles. Default: the page's link colour.
 * @cssproperty --rerank-muted-color - Colour of excerpts and the status line. Default: the page's text colour at 68 %.
 * @cssproperty --rerank-mark-background - Background of the query's words.
 */
export class RerankResults extends ElementSettings {
  static override styles = styles;

  /** The new order waits while the list is in use: nothing moves under pointer or focus. */
  @state() private held = false;

  /** All candidates are listed, not only `top-n`: the reader asked for it. */
  @state() private showsAll = false;

  /** What a screen reader is told. */
  @state() private announcement = '';

  readonly #controller = new RerankController<Result>(this);
  readonly #announcer = new Announcer((words) => {
    this.announcement = words;
  });
  readonly #field = new QueryField({
    onQuery: (query) => {
      this.query = query;
    },
    onFocus: () => {
      if (this.preload === 'focus') this.#preload();
    },
  });
  #list: SlottedList | undefined;
  #hadFocus = false;
  /** The state that the page shows; another one decides anew whether its order is held. */
  #renderedState: RunState<Result> | undefined;

  /** Where the present run stands, and its candidates. */
  get runState(): RunState<Result> {
    return this.#controller.state;
  }

  /**
   * Loads the model now and remembers for the site that the reader agreed: for a site's own button. Resolves when the
   * model is loaded and the results that waited for it are reranked, or when that failed.
   */
  async loadModel(): Promise<void> {
    if (!this.isConnected) return;
    const loading = this.#controller.loadModel(this.modelChoice);
    rememberConsent();
    await loading;
  }

  /** Runs the present query again. Resolves when the run ended. */
  async refresh(): Promise<void> {
    // An element that left the page holds no model, and would not give it back.
    if (!this.isConnected) return;
    const query = this.query.trim();
    const { candidates, search, endpoint } = this;
    const findCandidates = chooseSource(query, candidates, { list: this.#list, search, endpoint });
    if (query === '' || !findCandidates) {
      this.#controller.clear();
      return;
    }
    await this.#controller.run({
      query,
      findCandidates,
      // The site's own field names are read from its own objects.
      toDocument: (result) => (result instanceof Element ? readItemText(result) : result.document),
      fields: this.fieldNames,
      blend: { prior: this.prior, weight: this.priorWeight },
      budgetMs: this.budgetMs,
      readPriorScore: (result) => (result instanceof Element ? undefined : result.score),
      model: this.modelChoice,
      consent: this.consent,
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.hasUpdated) return;
    this.#connectField();
    this.#connectList();
    void this.refresh();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#field.disconnect();
    this.#announcer.stop();
  }

  protected override firstUpdated(): void {
    afterUpdate(() => {
      // Before the first run: a list that is there is the source.
      this.#connectList();
      if (this.preload === 'eager') this.#preload();
      if (this.preload === 'idle') whenIdle(() => this.#preload());
    });
  }

  protected override willUpdate(): void {
    this.#hadFocus = this.shadowRoot?.activeElement != null;
    const { state } = this.#controller;
    const former = this.#renderedState;
    if (state === former) return;
    this.#renderedState = state;
    // While a search runs, the page keeps what it shows.
    if (state.phase === 'searching') return;
    const isSameResults =
      former && shownState(former)?.candidates === shownState(state)?.candidates;
    if (isSameResults !== true) this.showsAll = false;
    this.held = isInUse(this.#shownList()) && this.#isNewOrder();
  }

  protected override updated(changed: PropertyValues<this>): void {
    this.#arrangeList();
    this.#keepFocus();
    const { state } = this.#controller;
    this.#announcer.announce(describeStatus(this.#statusView), 'query' in state ? state.query : '');
    afterUpdate(() => {
      if (changed.has('htmlFor') || changed.has('debounce')) this.#connectField();
      if (changesResults(changed)) void this.refresh();
    });
  }

  protected override render(): TemplateResult {
    return html`
      <div part="status" tabindex="-1" @focusout=${this.#releaseHeld}>
        ${renderStatus(this.#statusView)}
      </div>
      <div class="announcement" role="status">${this.announcement}</div>
      <slot
        @slotchange=${this.#connectList}
        @click=${this.#handleClick}
        @pointerleave=${this.#releaseHeld}
        @focusout=${this.#releaseHeld}
      ></slot>
      ${this.#renderList()}
    `;
  }

  #renderList(): unknown {
    const { state } = this.#controller;
    const shown = shownState(state);
    if (!shown || this.#list) return nothing;
    const placed = placeCandidates(shown, !this.held).slice(0, this.#limit);
    return renderList({
      count: shown.candidates.length,
      placed: placed as PlacedCandidate<Candidate>[],
      query: shown.query,
      isBusy: shown.phase === 'reranking' || shown !== state,
      showScores: this.showScores,
      onSelect: (event, result) => this.#select(event, result),
      onLeave: this.#releaseHeld,
      onShowAll: this.#showAll,
    });
  }

  get #limit(): number {
    // The site's own list is never cut.
    return this.#list || this.showsAll ? Number.POSITIVE_INFINITY : this.topN;
  }

  get #statusView(): StatusView {
    return {
      state: this.#controller.state,
      held: this.held,
      limit: this.#limit,
      onShowHeld: this.#showHeld,
      onLoadModel: this.#loadModel,
      onRetry: () => void this.refresh(),
    };
  }

  /** Where the focus was on something that is gone now, it goes to the first result or the status. */
  #keepFocus(): void {
    if (!this.#hadFocus || this.shadowRoot?.activeElement) return;
    const find = (selector: string): HTMLElement | null => this.renderRoot.querySelector(selector);
    (find('[part="list"] a') ?? find('[part="status"]'))?.focus();
  }

  #preload(): void {
    if (!this.isConnected) return;
    void this.#controller.preload(this.modelChoice, this.consent);
  }

  #connectField(): void {
    const root = this.getRootNode();
    const isInTree = root instanceof Document || root instanceof ShadowRoot;
    if (!this.isConnected || !isInTree) return;
    this.#field.connect(root, this.htmlFor, this.debounce);
  }

  readonly #connectList = (): void => {
    const slot = this.renderRoot.querySelector<HTMLSlotElement>('slot:not([name])');
    const root = SlottedList.find(slot?.assignedElements() ?? []);
    if (root === this.#list?.root) return;
    this.#list?.disconnect();
    this.#list = root && new SlottedList(root, () => void this.refresh());
    // What is on the page came from another source.
    this.#controller.clear();
    void this.refresh();
  };

  /** Puts the site's own list in the order of the present run, once that ended. */
  #arrangeList(): void {
    const { phase } = this.#controller.state;
    const isWaiting = phase === 'searching' || phase === 'checking' || phase === 'reranking';
    if (this.held || isWaiting) return;
    this.#list?.arrange(this.#orderItems(this.#list));
  }

  /** The items of the site's own list in the order of the present run; those beyond it at the end. */
  #orderItems(list: SlottedList): Element[] {
    const { state } = this.#controller;
    const placed =
      state.phase === 'reranked'
        ? placeCandidates(state, true).map(({ candidate }) => candidate as Element)
        : [];
    return [...placed, ...list.items.filter((item) => !placed.includes(item))];
  }

  /** Whether the order of the present run is another one than the page shows. */
  #isNewOrder(): boolean {
    return this.#list
      ? !this.#list.isInOrder(this.#orderItems(this.#list))
      : changesOrder(this.#controller.state);
  }

  #shownList(): Element | null {
    return this.#list?.root ?? this.renderRoot.querySelector('ol');
  }

  readonly #releaseHeld = (): void => {
    // The browser moves hover and focus after the event.
    setTimeout(() => {
      // With focus on the button, the reader is about to choose.
      const isChoosing = this.renderRoot.querySelector('[part="show-order"]:focus') !== null;
      if (this.held && !isChoosing && !isInUse(this.#shownList())) this.held = false;
    });
  };

  readonly #showHeld = (): void => {
    this.held = false;
    // The button that had the focus goes away; the order's first result is what it was pressed for.
    void this.updateComplete.then(() =>
      this.#shownList()?.querySelector<HTMLElement>('a, button')?.focus(),
    );
  };

  readonly #loadModel = (): void => {
    // The button goes away. In the list, the focus would hold the new order back.
    this.renderRoot.querySelector<HTMLElement>('[part="status"]')?.focus();
    void this.loadModel();
  };

  readonly #showAll = (): void => {
    const firstNew = this.topN;
    this.showsAll = true;
    void this.updateComplete.then(() => {
      const items = this.renderRoot.querySelectorAll('[part="item"]');
      items[firstNew]?.querySelector<HTMLElement>('a')?.focus();
    });
  };

  /** A choice in the site's own list: a link or button inside one of its items. */
  readonly #handleClick = (event: Event): void => {
    const target = event.target instanceof Element ? event.target.closest('a, button') : null;
    if (!target || !shownState(this.#controller.state)) return;
    const chosen = this.#list?.findItem(target);
    if (chosen) this.#select(event, { ...chosen, candidate: chosen.item });
  };

  #select(event: Event, { candidate, rank, originalRank }: PlacedCandidate<Result>): void {
    const query = shownState(this.#controller.state)?.query ?? this.query;
    const selected = createRerankEvent('rerank-select', {
      query,
      result: candidate,
      rank,
      originalRank,
    });
    if (!this.dispatchEvent(selected)) event.preventDefault();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rerank-results': RerankResults;
  }
}
