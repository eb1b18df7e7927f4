import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Candidate } from '../sources/candidate.ts';
import { Announcer } from './announcer.ts';
import { createRerankEvent, type Result } from './events.ts';
import { chooseShown } from './choose-shown.ts';
import { explanationStyles } from './explanation.styles.ts';
import { Explanations, findExplainable } from './explanations.ts';
import { areGliding, glide } from './glide.ts';
import { isInUse } from './in-use.ts';
import { OrderKeeper, type Order } from './order-keeper.ts';
import { OrderTeller } from './order-teller.ts';
import { QueryField } from './query-field.ts';
import { NO_WORDS, type Phrase } from './phrases.ts';
import { tellExplanation } from './render-explanation.ts';
import {
  describeStatus,
  renderHead,
  renderList,
  renderSkeleton,
  type StatusView,
} from './render.ts';
import { RerankingElement } from './reranking-element.ts';
import { styles } from './rerank-results.styles.ts';
import { resultStyles } from './result.styles.ts';
import { afterUpdate } from './scheduling.ts';
import { isSameOrder, placeCandidates, shownState, type PlacedCandidate } from './run-state.ts';
import { SlottedList } from './slotted-list.ts';
import { preferSlotted } from './slotted-status.ts';

/**
 * Search results that a cross-encoder puts in order in the reader's browser. It shows the search's own
 * order at once and the better one when it is ready; if anything fails, the search's order stays.
 *
 * The candidates are the items of the site's own list inside the element, which is reordered in place;
 * without a list they come from the `search` property or from `endpoint`.
 *
 * Its words are in the language of the nearest `lang` attribute, where that language was imported or added (docs/translations.md).
 *
 * @tagname rerank-results
 *
 * @slot - The site's own list of results (`<ol>`, `<ul>` or `role="list"`), to be reordered in place. Of several lists the one with `data-rerank-list` is taken, else the first `<ol>`.
 * @slot empty - Shown when the search found nothing.
 * @slot error - Shown when the search failed.
 *
 * @fires {CustomEvent<{ query: string, candidates: Result[], searchMs: number }>} rerank-candidates - Candidates arrived and are shown in the search's order.
 * @fires {CustomEvent<{ query: string, count: number }>} rerank-start - Reranking begins; the model may have to be loaded first.
 * @fires {CustomEvent<LoadProgress>} rerank-progress - Bytes of the model arrived.
 * @fires {CustomEvent<{ query: string } & RerankPartial<Result>>} rerank-partial - Some candidates are scored.
 * @fires {CustomEvent<{ query: string } & RerankOutcome<Result>>} rerank-complete - Reranking ended: all candidates are scored, or `complete` is false and `stoppedBy` says why.
 * @fires {CustomEvent<{ query: string, order: 'original' | 'partial' | 'reranked', results: { result: Result, rank: number, originalRank: number }[] }>} rerank-order - The list shows other results, or the same in another order; `results` are all candidates in it.
 * @fires {CustomEvent<{ query: string, reason: 'too-few' | 'consent' | 'crashed' }>} rerank-skip - The search's order stays, and nothing is wrong.
 * @fires {CustomEvent<{ query: string, during: 'search' | 'preload' | 'rerank' | 'explain', error: RerankError }>} rerank-error - The search, the reranking or the explanation of a result failed.
 * @fires {CustomEvent<{ query: string, result: Result, rank: number, originalRank: number, listed: Result[] }>} rerank-select - The reader chose a result, the last of those that are `listed` from the top; `preventDefault()` stops the link.
 *
 * @csspart status - The line that says how many results there are and in which order.
 * @csspart show-order - The button that shows a held order.
 * @csspart switch-order - The button that shows the search's own order, and the better one again.
 * @csspart progress - How much of the model is loaded, while it comes over the network.
 * @csspart load-model - The button that loads the model where the reader is asked first, or where loading it ended the page before.
 * @csspart show-all - The button that shows the results beyond `top-n`.
 * @csspart retry - The button that searches again after a failure.
 * @csspart list - The list of results.
 * @csspart item - One result.
 * @csspart link - A result's title.
 * @csspart text - A result's excerpt.
 * @csspart mark - A word of the query in a title or excerpt.
 * @csspart sentence - With `long-documents="best-passage"`: the sentence that answers best.
 * @csspart skeleton - What stands in the list's place while the first search takes long.
 * @csspart scores - Score and movement, where `show-scores` is set.
 * @csspart why - With `explain`: the button that opens and closes the explanation of a result.
 * @csspart explanation - What it opens.
 * @csspart raised - In an explanation: a word of the query, or the sentence, that raised the score; `--rerank-strength` on it says how much beside the others, 0 to 1.
 * @csspart lowered - The same, a word that lowered it.
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
 * @cssproperty --rerank-gap - Space between results. Default `1.25rem`.
 * @cssproperty --rerank-link-color - Colour of titles. Default: the browser's for links, in the page's colour scheme.
 * @cssproperty --rerank-muted-color - Colour of excerpts and the status line. Default: the page's text colour at 68 %.
 * @cssproperty --rerank-mark-background - Background of the query's words, and of the best sentence.
 * @cssproperty --rerank-sticky-offset - How far from the window's top the offer of a held order stays while the reader scrolls. Default `0px`.
 * @cssproperty --rerank-sticky-background - Its background. Default: the browser's, in the page's colour scheme.
 */
export class RerankResults extends RerankingElement {
  static override styles = [resultStyles, styles, explanationStyles];

  /**
   * Each result that the model read gets a button “Why this result?”, which tells which words of the query and which sentence of the result
   * carried its score. Not in the site's own list.
   */
  @property({ type: Boolean }) explain = false;

  /** All candidates are listed, not only `top-n`: the reader asked for it. */
  @state() private showsAll = false;

  /** What a screen reader is told. */
  @state() private announcement: Phrase = NO_WORDS;

  readonly #announcer = new Announcer((words) => {
    this.announcement = preferSlotted(words, this.renderRoot);
  });
  readonly #field = new QueryField({
    onQuery: (query) => {
      this.query = query;
    },
    onFocus: () => {
      if (this.preload === 'focus') this.preloadModel();
    },
  });
  readonly #orders = new OrderKeeper(
    {
      isInUse: () => this.#isChoosing || this.#explanations.isOpen || isInUse(this.#shownList()),
      isGliding: () => areGliding(this.#shownList()?.children ?? [], () => this.requestUpdate()),
      wouldChange: (order) => this.#wouldChange(order),
    },
    () => this.requestUpdate(),
  );
  readonly #teller = new OrderTeller((detail) => {
    this.dispatchEvent(createRerankEvent('rerank-order', detail));
  });
  readonly #explanations = new Explanations(this, {
    readState: () => this.runState,
    findExplainable: () =>
      this.explain ? findExplainable(this.runState, this.#placed) : new Set(),
    explain: (result, signal) => this.explainResult(result, signal),
    tell: (explanation) => tellExplanation(explanation, this.#announcer, this.messages),
  });
  #list: SlottedList | undefined;
  #hadFocus = false;
  /** The results in the list, in its order. */
  #placed: readonly PlacedCandidate<Candidate>[] = [];
  /** Whether the results in the list are the ones that were in it, in another order. */
  #isMoving = false;
  override connectedCallback(): void {
    if (this.hasUpdated) {
      this.#connectField();
      // Before the run: a list that is there is the source.
      this.#connectList();
    }
    super.connectedCallback();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#field.disconnect();
    this.#announcer.stop();
    document.removeEventListener('scroll', this.#releaseHeld, { capture: true });
  }

  protected override firstUpdated(): void {
    // Before the first run, as above.
    afterUpdate(() => this.#connectList());
    super.firstUpdated();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    this.#hadFocus = this.shadowRoot?.activeElement != null;
    if (this.#orders.follow(this.runState, this.reorder)) this.showsAll = false;
    const former = this.#placed;
    this.#placed = this.#choosePlaced(this.#orders.order);
    this.#isMoving = former.length > 0 && !isSameOrder(former, this.#placed);
  }

  protected override update(changed: PropertyValues<this>): void {
    const items = (): Iterable<Element> => this.renderRoot.querySelectorAll('[part="item"]');
    const update = (): void => super.update(changed);
    if (this.#isMoving) glide(items, update);
    else update();
  }

  protected override get isHeld(): boolean {
    return this.#orders.held;
  }

  protected override get siteList(): SlottedList | undefined {
    return this.#list;
  }

  /** The results to list: none where the site's own list is the list. */
  #choosePlaced(order: Order): readonly PlacedCandidate<Candidate>[] {
    const shown = shownState(this.runState);
    if (!shown || this.#list) return [];
    const placed = placeCandidates(shown.candidates, order) as PlacedCandidate<Candidate>[];
    const { topN, minScore, mergeSimilar } = this;
    return this.showsAll ? placed : chooseShown(placed, { limit: topN, minScore, mergeSimilar });
  }

  protected override updated(changed: PropertyValues<this>): void {
    this.#arrangeList();
    this.#keepFocus();
    this.#watchScrolling();
    const state = this.runState;
    const { order } = this.#orders;
    const isShown = !this.#list || !this.#leavesList;
    afterUpdate(() => {
      if (isShown) this.#teller.follow(state, order);
    });
    this.#announcer.announce(describeStatus(this.#statusView), 'query' in state ? state.query : '');
    afterUpdate(() => {
      if (changed.has('htmlFor') || changed.has('debounce')) this.#connectField();
    });
    super.updated(changed);
  }

  protected override render(): TemplateResult {
    return html`
      ${renderHead(this.#statusView, this.#orders, this.#releaseHeld)}
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
    const state = this.runState;
    const shown = shownState(state);
    if (this.#list) return nothing;
    if (!shown) return state.phase === 'searching' ? renderSkeleton(this.topN) : nothing;
    return renderList({
      messages: this.messages,
      count: shown.candidates.length,
      placed: this.#placed,
      query: shown.query,
      showScores: this.showScores,
      explanations: this.explain ? this.#explanations : undefined,
      onSelect: (event, result) => this.#select(event, result),
      onLeave: this.#releaseHeld,
      onShowAll: this.#showAll,
    });
  }

  get #statusView(): StatusView {
    return {
      messages: this.messages,
      state: this.runState,
      held: this.#orders.offers,
      showsOriginal: this.#orders.showsOriginal,
      // The site's own list is never cut.
      limit: this.#list ? Number.POSITIVE_INFINITY : this.#placed.length,
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
    this.clearRun();
    void this.refresh();
  };

  /** Whether the site's own list stays as it is. While a search runs, it may be another list already. */
  get #leavesList(): boolean {
    return this.runState.phase === 'searching' || this.#orders.leavesList;
  }

  /** Puts the site's own list in the order that the page shows, once there is one. */
  #arrangeList(): void {
    if (!this.#leavesList) this.#list?.arrange(this.#orderItems(this.#orders.order));
  }

  /** The items of the site's own list that are candidates, in an order; none for its own. */
  #orderItems(order: Order): Element[] {
    const shown = shownState(this.runState);
    if (!shown || !order) return [];
    return placeCandidates(shown.candidates, order).map(({ candidate }) => candidate as Element);
  }

  /** Whether an order would put another item or another order on the page. */
  #wouldChange(order: Order): boolean {
    if (this.#list) return !this.#list.isInOrder(this.#orderItems(order));
    return !isSameOrder(this.#choosePlaced(this.#orders.order), this.#choosePlaced(order));
  }

  #shownList(): Element | null {
    return this.#list?.root ?? this.renderRoot.querySelector('ol');
  }

  /** With the focus on its button, the reader is about to choose what waits. */
  get #isChoosing(): boolean {
    return this.renderRoot.querySelector('[part="show-order"]:focus') !== null;
  }

  readonly #releaseHeld = (): void => {
    // The browser moves hover and focus after the event.
    setTimeout(() => this.#orders.release());
  };

  /** Who scrolls out of the list leaves it. */
  #watchScrolling(): void {
    document.removeEventListener('scroll', this.#releaseHeld, { capture: true });
    if (!this.isHeld || !this.isConnected) return;
    document.addEventListener('scroll', this.#releaseHeld, { capture: true, passive: true });
  }

  readonly #showHeld = (): void => {
    this.#orders.take();
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
    const listed = new Set(this.#placed.map(({ candidate }) => candidate));
    this.showsAll = true;
    void this.updateComplete.then(() => {
      const firstNew = this.#placed.findIndex(({ candidate }) => !listed.has(candidate));
      const items = this.renderRoot.querySelectorAll('[part="item"]');
      items[firstNew]?.querySelector<HTMLElement>('a')?.focus();
    });
  };

  /** A choice in the site's own list: a link or button inside one of its items. */
  readonly #handleClick = (event: Event): void => {
    const target = event.target instanceof Element ? event.target.closest('a, button') : null;
    if (!target || !shownState(this.runState)) return;
    const chosen = this.#list?.findItem(target);
    if (chosen) this.#select(event, { ...chosen, candidate: chosen.item });
  };

  #select(event: Event, { candidate, rank, originalRank }: PlacedCandidate<Result>): void {
    const query = shownState(this.runState)?.query ?? this.query;
    const shown: readonly Result[] = this.#list
      ? [...this.#list.root.children]
      : this.#placed.map((listed) => listed.candidate);
    const listed = shown.slice(0, shown.indexOf(candidate) + 1);
    const detail = { query, result: candidate, rank, originalRank, listed };
    const selected = createRerankEvent('rerank-select', detail);
    if (!this.dispatchEvent(selected)) event.preventDefault();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rerank-results': RerankResults;
  }
}
