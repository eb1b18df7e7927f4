import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import {
  DEFAULT_CANDIDATES,
  DEFAULT_DEBOUNCE_MS,
  DEFAULT_FIELDS,
  DEFAULT_MODEL,
  DEFAULT_MODEL_BASE_URL,
  DEFAULT_TOP_N,
} from '../shared/defaults.ts';
import type { Device, Dtype, EngineName, Reranker } from '../shared/types.ts';
import { toCandidates, type Candidate } from '../sources/candidate.ts';
import { searchEndpoint, type SearchFunction } from '../sources/endpoint.ts';
import { createRerankEvent, type Result } from './events.ts';
import { makeExcerpt, markMatches, type ExcerptPart } from './excerpt.ts';
import { isInUse } from './in-use.ts';
import { messages } from './messages.ts';
import { QueryField } from './query-field.ts';
import { RerankController, type ModelChoice } from './rerank-controller.ts';
import { styles } from './rerank-results.styles.ts';
import { placeCandidates, shownState, type PlacedCandidate, type RunState } from './run-state.ts';
import { SlottedList, readItemText } from './slotted-list.ts';

/** When the model is fetched: on the first query, on focus of the search field, when idle, at once. */
export type Preload = 'none' | 'focus' | 'idle' | 'eager';

/**
 * Search results that a cross-encoder puts in order in the reader's browser. It shows the search's own
 * order at once and the better one when it is ready; if anything fails, the search's order stays.
 *
 * The candidates come from `endpoint`, from the `search` property, or are the items of the site's own
 * list inside the element, which is then reordered in place.
 *
 * @tagname rerank-results
 *
 * @slot - The site's own list of results (`<ol>`, `<ul>` or `role="list"`), to be reordered in place.
 * @slot empty - Shown when the search found nothing.
 * @slot error - Shown when the search failed.
 *
 * @fires {CustomEvent<{ query: string, candidates: Result[] }>} rerank-candidates - Candidates arrived and are shown in the search's order.
 * @fires {CustomEvent<{ query: string, count: number }>} rerank-start - Reranking begins; the model may have to be loaded first.
 * @fires {CustomEvent<LoadProgress>} rerank-progress - Bytes of the model arrived.
 * @fires {CustomEvent<{ query: string } & RerankPartial<Result>>} rerank-partial - Some candidates are scored.
 * @fires {CustomEvent<{ query: string } & RerankOutcome<Result>>} rerank-complete - All candidates are scored.
 * @fires {CustomEvent<{ query: string, reason: 'too-few' | 'save-data' }>} rerank-skip - The search's order stays, and nothing is wrong.
 * @fires {CustomEvent<{ query: string, during: 'search' | 'preload' | 'rerank', error: RerankError }>} rerank-error - The search or the reranking failed.
 * @fires {CustomEvent<{ query: string, result: Result, rank: number, originalRank: number }>} rerank-select - The reader chose a result; `preventDefault()` stops the link.
 *
 * @csspart status - The line that says how many results there are and in which order.
 * @csspart show-order - The button that shows a held order.
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
 * @cssproperty --rerank-line-color - Colour of borders. Default: the page's text colour at 16 %.
 * @cssproperty --rerank-mark-background - Background of the query's words.
 */
export class RerankResults extends LitElement {
  static override styles = styles;

  /** What the reader looks for. Setting it starts a run; empty shows nothing. */
  @property() query = '';

  /** The id of the site's search field, in the same document or shadow root. Its text becomes `query`. */
  @property({ attribute: 'for' }) htmlFor = '';

  /** URL of a search API that answers with JSON, such as `/api/search?q={query}&limit={candidates}`. */
  @property() endpoint = '';

  /** The model's folder name below `model-base`. */
  @property() model = DEFAULT_MODEL;

  /** The folder that holds model folders, relative to the page. */
  @property({ attribute: 'model-base' }) modelBase = DEFAULT_MODEL_BASE_URL;

  /** `auto`: WebGPU where a real GPU computes right, else WASM. */
  @property() device: Device | 'auto' = 'auto';

  /** How weights are stored; `auto` takes the model's first choice for the device. */
  @property() dtype: Dtype | 'auto' = 'auto';

  /** Which library runs the model. */
  @property() engine: EngineName = 'onnxruntime';

  /** How many candidates to ask the search for and to rerank. */
  @property({ type: Number }) candidates = DEFAULT_CANDIDATES;

  /** How many results to show. The site's own list always keeps all its items. */
  @property({ type: Number, attribute: 'top-n' }) topN = DEFAULT_TOP_N;

  /** Names of the properties that the model reads, in order, separated by commas or spaces. */
  @property() fields = DEFAULT_FIELDS.join(',');

  /** Most tokens in a pair; longer results are cut. Less is faster. Default: the model's limit. */
  @property({ type: Number, attribute: 'max-tokens' }) maxTokens: number | undefined;

  /** Milliseconds without typing in the `for` field before a run starts. */
  @property({ type: Number }) debounce = DEFAULT_DEBOUNCE_MS;

  /** When the model is fetched. Nothing is fetched before it is needed, unless the site says so. */
  @property() preload: Preload = 'none';

  /** Shows each result's relevance score and how far it moved. */
  @property({ type: Boolean, attribute: 'show-scores' }) showScores = false;

  /** The folder with the runtime's files, where a site serves them from a place of its own. */
  @property({ attribute: 'wasm-paths' }) wasmPaths: string | undefined;

  /** URL of the worker script, where a site serves it from a place of its own. */
  @property() worker: string | undefined;

  /** Any function that returns candidates; it is used instead of `endpoint`. */
  @property({ attribute: false }) search: SearchFunction | undefined;

  /** A reranker of the site's own; the element then loads no model. */
  @property({ attribute: false }) reranker: Reranker | undefined;

  /** The new order waits while the list is in use: nothing moves under pointer or focus. */
  @state() private held = false;

  readonly #controller = new RerankController<Result>(this);
  readonly #field = new QueryField({
    onQuery: (query) => {
      this.query = query;
    },
    onFocus: () => {
      if (this.preload === 'focus') this.#preload();
    },
  });
  #list: SlottedList | undefined;
  /** The state that the page shows; another one decides anew whether its order is held. */
  #renderedState: RunState<Result> | undefined;

  /** Where the present run stands, and its candidates. */
  get runState(): RunState<Result> {
    return this.#controller.state;
  }

  /** Loads the model now, also where the reader asked to save data: call it when the reader agrees. */
  async load(): Promise<void> {
    await this.#controller.preload(this.#modelChoice(), true);
  }

  /** Runs the present query again. Resolves when the run ended. */
  async refresh(): Promise<void> {
    const query = this.query.trim();
    const findCandidates = this.#candidateFinder(query);
    if (query === '' || !findCandidates) {
      this.#controller.clear();
      return;
    }
    await this.#controller.run({
      query,
      findCandidates,
      // The site's own field names are read from its own objects.
      toDocument: (result) => (result instanceof Element ? readItemText(result) : result.document),
      fields: this.fields.split(/[\s,]+/).filter((field) => field !== ''),
      model: this.#modelChoice(),
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
    this.#list?.disconnect();
    this.#list = undefined;
  }

  protected override firstUpdated(): void {
    if (this.preload === 'eager') this.#preload();
    if (this.preload === 'idle') whenIdle(() => this.#preload());
  }

  protected override willUpdate(): void {
    const { state } = this.#controller;
    if (state === this.#renderedState) return;
    this.#renderedState = state;
    this.held = state.phase === 'reranked' && isInUse(this.#shownList());
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('htmlFor') || changed.has('debounce')) this.#connectField();
    if (RUN_SETTINGS.some((name) => changed.has(name))) void this.refresh();
    this.#arrangeList();
  }

  protected override render(): TemplateResult {
    return html`
      <div part="status" role="status">${this.#renderStatus()}</div>
      <slot
        @slotchange=${this.#connectList}
        @click=${this.#handleClick}
        @pointerleave=${this.#releaseHeld}
        @focusout=${this.#releaseHeld}
      ></slot>
      ${this.#renderList()}
    `;
  }

  #renderStatus(): unknown {
    const { state } = this.#controller;
    switch (state.phase) {
      case 'idle':
        return nothing;
      case 'searching':
        return messages.searching;
      case 'search-failed':
        return html`<slot name="error">${messages.searchFailed}</slot>`;
      default:
        break;
    }
    const count = state.candidates.length;
    if (count === 0) return html`<slot name="empty">${messages.noResults(state.query)}</slot>`;
    if (state.phase === 'reranking') return messages.reranking(count);
    if (state.phase !== 'reranked') return messages.firstStage(count);
    if (!this.held) return messages.reranked(count);
    return html`${messages.held}
      <button part="show-order" @click=${this.#showHeld}>${messages.showHeld}</button>`;
  }

  #renderList(): unknown {
    const shown = shownState(this.#controller.state);
    if (!shown || this.#list) return nothing;
    const placed = placeCandidates(shown, !this.held).slice(0, this.topN);
    const isBusy = shown.phase === 'reranking' || shown !== this.#controller.state;
    return html`
      <ol
        part="list"
        role="list"
        aria-busy=${isBusy}
        @pointerleave=${this.#releaseHeld}
        @focusout=${this.#releaseHeld}
      >
        ${repeat(
          placed,
          ({ candidate }) => (candidate as Candidate).id,
          (result) => this.#renderResult(result as PlacedCandidate<Candidate>, shown.query),
        )}
      </ol>
    `;
  }

  #renderResult(result: PlacedCandidate<Candidate>, query: string): TemplateResult {
    const { title, text, url } = result.candidate;
    const name = renderMarks(markMatches(title || url || text.slice(0, 80), query));
    return html`
      <li part="item">
        ${
          url === undefined
            ? html`<span part="link">${name}</span>`
            : html`<a
                part="link"
                href=${url}
                @click=${(event: Event) => this.#select(event, result)}
                >${name}</a
              >`
        }
        ${this.showScores ? renderScores(result) : nothing}
        <p part="text">${renderMarks(makeExcerpt(text, query))}</p>
      </li>
    `;
  }

  /** How the present settings find candidates; undefined where the element has no source. */
  #candidateFinder(
    query: string,
  ): ((signal: AbortSignal) => Promise<readonly Result[]>) | undefined {
    const search =
      this.search ?? (this.endpoint === '' ? undefined : searchEndpoint(this.endpoint));
    if (search) {
      const limit = this.candidates;
      return async (signal) => toCandidates(await search(query, { limit, signal })).slice(0, limit);
    }
    const list = this.#list;
    return list ? () => Promise.resolve(list.items.slice(0, this.candidates)) : undefined;
  }

  #modelChoice(): ModelChoice {
    if (this.reranker) return this.reranker;
    return {
      model: this.model,
      modelBaseUrl: this.modelBase,
      device: this.device,
      dtype: this.dtype,
      engine: this.engine,
      maxTokens: this.maxTokens,
      wasmPaths: this.wasmPaths,
      worker: this.worker,
    };
  }

  #preload(): void {
    void this.#controller.preload(this.#modelChoice());
  }

  #connectField(): void {
    const root = this.getRootNode();
    if (this.htmlFor === '' || !(root instanceof Document || root instanceof ShadowRoot)) return;
    this.#field.connect(root, this.htmlFor, this.debounce);
  }

  readonly #connectList = (): void => {
    const slot = this.renderRoot.querySelector<HTMLSlotElement>('slot:not([name])');
    const root = SlottedList.find(slot?.assignedElements() ?? []);
    if (root === this.#list?.root) return;
    this.#list?.disconnect();
    this.#list = root && new SlottedList(root, () => void this.refresh());
    void this.refresh();
  };

  /** Puts the site's own list in the order of the present run. */
  #arrangeList(): void {
    if (!this.#list) return;
    const { state } = this.#controller;
    if (state.phase === 'reranked' && !this.held) {
      const placed = placeCandidates(state, true).map(({ candidate }) => candidate as Element);
      this.#list.arrange([...placed, ...this.#list.items.slice(placed.length)]);
    } else if (state.phase === 'idle') {
      this.#list.arrange(this.#list.items);
    }
  }

  #shownList(): Element | null {
    return this.#list?.root ?? this.renderRoot.querySelector('ol');
  }

  readonly #releaseHeld = (): void => {
    // The browser moves hover and focus after the event.
    setTimeout(() => {
      if (this.held && !isInUse(this.#shownList())) this.held = false;
    });
  };

  readonly #showHeld = (): void => {
    this.held = false;
  };

  /** A choice in the site's own list: a link or button inside one of its items. */
  readonly #handleClick = (event: Event): void => {
    const state = shownState(this.#controller.state);
    const target = event.target instanceof Element ? event.target.closest('a, button') : null;
    if (!state || !target) return;
    const placed = placeCandidates(state, !this.held);
    const chosen = placed.find(({ candidate }) => (candidate as Element).contains(target));
    if (chosen) this.#select(event, chosen);
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

/** A change of any of these makes the results on the page those of other settings. */
const RUN_SETTINGS = [
  'query',
  'search',
  'endpoint',
  'candidates',
  'fields',
  'reranker',
  'model',
  'modelBase',
  'device',
  'dtype',
  'engine',
  'maxTokens',
] as const satisfies readonly (keyof RerankResults)[];

function renderMarks(parts: readonly ExcerptPart[]): unknown {
  return parts.map(({ text, isMatch }) =>
    isMatch ? html`<mark part="mark">${text}</mark>` : text,
  );
}

function renderScores({ rank, originalRank, relevanceScore }: PlacedCandidate<Candidate>): unknown {
  if (relevanceScore === undefined) return nothing;
  const moved = originalRank - rank;
  const movement = moved > 0 ? messages.movedUp(moved) : messages.movedDown(-moved);
  return html`<span part="scores"
    >${messages.score(relevanceScore)}${moved === 0 ? nothing : html` · ${movement}`}</span
  >`;
}

function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(work);
  else setTimeout(work, 1000);
}

declare global {
  interface HTMLElementTagNameMap {
    'rerank-results': RerankResults;
  }
}
