import type { PropertyValues } from 'lit';
import type { ScoreExplanation } from '../client/explain-score.ts';
import type { Candidate } from '../sources/candidate.ts';
import { rememberConsent, wakeWaiting } from './consent.ts';
import { CustomStates } from './custom-states.ts';
import { ElementSettings, changesResults } from './element-settings.ts';
import type { Result } from './events.ts';
import { chooseSource } from './find-candidates.ts';
import { RerankController } from './rerank-controller.ts';
import { MAX_CANDIDATES, MAX_QUERY_CHARACTERS } from '../shared/defaults.ts';
import type { Phrases } from './phrases.ts';
import { PlaceLanguage } from './place-language.ts';
import { shownState, type RunState } from './run-state.ts';
import { afterUpdate, whenIdle } from './scheduling.ts';
import { readItemText } from './slotted-list.ts';

/** An element that searches and reranks its `query`, again whenever a setting that matters changes. */
export class RerankingElement extends ElementSettings {
  protected readonly internals = this.attachInternals();
  readonly #controller = new RerankController<Result>(this);
  readonly #states = new CustomStates(this.internals);
  readonly #language = new PlaceLanguage(this);

  /** Where the present run stands, and its candidates. */
  get runState(): RunState<Result> {
    return this.#controller.state;
  }

  /**
   * Loads the model now and remembers for the site that the reader agreed: for a site's own button. Resolves when the
   * model is loaded and the results that waited for it are reranked, or when that failed. After a crash the reader has been
   * told of no download yet, and may be asked for that next.
   */
  async loadModel(): Promise<void> {
    if (!this.isConnected) return;
    this.fillDefaults();
    const { runState: state } = this;
    const isAfterCrash = state.phase === 'skipped' && state.reason === 'crashed';
    const loading = this.#controller.loadModel(this.modelChoice);
    if (isAfterCrash) wakeWaiting();
    else rememberConsent();
    await loading;
  }

  /** Runs the present query again. Resolves when the run ended. */
  async refresh(): Promise<void> {
    // An element that left the page holds no model, and would not give it back.
    if (!this.isConnected) return;
    this.fillDefaults();
    const query = this.query.trim().slice(0, MAX_QUERY_CHARACTERS);
    const { search, endpoint } = this;
    const limit = Math.min(this.candidates, MAX_CANDIDATES);
    const findCandidates = chooseSource(query, limit, {
      list: this.siteList,
      search,
      endpoint,
    });
    if (query === '' || !findCandidates) {
      this.#controller.clear();
      return;
    }
    await this.#controller.run({
      query,
      findCandidates,
      // The site's own field names are read from its own objects.
      toDocument: (result) => (result instanceof Element ? readItemText(result) : result.document),
      reading: this.reading,
      blend: { prior: this.prior, weight: this.priorWeight },
      readPriorScore: (result) => (result instanceof Element ? undefined : result.score),
      model: this.modelChoice,
      consent: this.consent,
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('online', this.#refreshOnline);
    if (this.hasUpdated) void this.refresh();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('online', this.#refreshOnline);
  }

  protected override firstUpdated(): void {
    if (this.preload === 'eager') this.preloadModel();
    if (this.preload === 'idle') whenIdle(() => this.preloadModel());
  }

  protected override updated(changed: PropertyValues<this>): void {
    this.#states.set([this.runState.phase, ...(this.isHeld ? ['held'] : [])]);
    afterUpdate(() => {
      if (changesResults(changed)) void this.refresh();
    });
  }

  /** Says what a result's score comes from; undefined where that fails, which an event tells, or is aborted. */
  protected explainResult(
    { document }: Candidate,
    signal: AbortSignal,
  ): Promise<ScoreExplanation | undefined> {
    // An element that left the page holds no model, and would not give it back.
    if (!this.isConnected) return Promise.resolve(undefined);
    const query = shownState(this.runState)?.query ?? this.query;
    // A run's time is not an explanation's.
    const reading = { ...this.reading, budgetMs: undefined };
    return this.#controller.explain(this.modelChoice, { ...reading, query, document, signal });
  }

  /** The network is back: what failed without it is tried again. */
  readonly #refreshOnline = (): void => {
    const state = this.runState;
    if (!('isOffline' in state && state.isOffline)) return;
    // The results that the reader sees stay.
    void (state.phase === 'rerank-failed' ? this.#controller.rerankAgain() : this.refresh());
  };

  /** Whether another order or other results wait until the list is left. */
  protected get isHeld(): boolean {
    return false;
  }

  /** The elements' words, in the language of this one's place. */
  protected get messages(): Phrases {
    return this.#language.phrases;
  }

  /** The site's own list, where that is the source of candidates. */
  protected get siteList(): { readonly items: readonly Element[] } | undefined {
    return undefined;
  }

  /** Ends the run in progress and shows nothing. */
  protected clearRun(): void {
    this.#controller.clear();
  }

  /** Loads the model before it is needed, unless the reader must be asked first. */
  protected preloadModel(): void {
    if (this.isConnected) void this.#controller.preload(this.modelChoice, this.consent);
  }
}
