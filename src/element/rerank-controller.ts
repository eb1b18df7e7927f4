import type { ReactiveController, ReactiveControllerHost } from 'lit';
import {
  explainScore,
  type ExplainRequest,
  type ScoreExplanation,
} from '../client/explain-score.ts';
import type { Blend } from '../shared/blend.ts';
import { readClockMs } from '../shared/clock.ts';
import type { LoadProgress, RerankRequest, Reranker } from '../shared/types.ts';
import {
  createRerankEvent,
  type RerankEventDetails,
  type RerankEventName,
  type Result,
} from './events.ts';
import { whenAgreed, type Consent } from './consent.ts';
import { loadAnyway } from './crash-memory.ts';
import { isReranker, requireReranker, type ModelChoice } from './model-choice.ts';
import { findObstacle, mayHaveObstacle } from './obstacle.ts';
import { readOutcome, readPartial } from './read-outcome.ts';
import { isOfLoading, toRerankError } from './rerank-failure.ts';
import { shownState, type RunState } from './run-state.ts';
import {
  leaseReranker,
  type RerankerLease,
  type SharedRerankerOptions,
} from './shared-rerankers.ts';

/** One run's work. */
export interface RunRequest<TCandidate extends Result> {
  readonly query: string;
  /** The first stage. */
  readonly findCandidates: (signal: AbortSignal) => Promise<readonly TCandidate[]>;
  /** What the model reads of each candidate. */
  readonly toDocument: (candidate: TCandidate) => string | object;
  /** See `RerankRequest`. The budget begins when the model is loaded. */
  readonly reading: ReadingOptions;
  readonly blend: Blend;
  /** The search's score of a candidate, where it gave one; for a blend with the prior `score`. */
  readonly readPriorScore: (candidate: TCandidate) => number | undefined;
  readonly model: ModelChoice;
  readonly consent: Consent;
}

/** What the model reads of each candidate, and for how long. */
export type ReadingOptions = Pick<
  RerankRequest<object>,
  'fields' | 'longDocuments' | 'maxPassages' | 'budgetMs'
>;

/**
 * Runs queries for an element: search, show, rerank. The last run wins: a newer one aborts the older,
 * whose results are dropped. Nothing is thrown; what happens is said by events and by `state`.
 */
export class RerankController<TCandidate extends Result> implements ReactiveController {
  readonly #host: ReactiveControllerHost & EventTarget;
  #state: RunState<TCandidate> = { phase: 'idle' };
  #run = new AbortController();
  #lease: { readonly options: SharedRerankerOptions; readonly lease: RerankerLease } | undefined;
  /** Counts preloads and what makes them stale. */
  #preloads = 0;
  /** Goes on with the run that was skipped until the reader asks for the model. */
  #resume: (() => Promise<void>) | undefined;

  constructor(host: ReactiveControllerHost & EventTarget) {
    this.#host = host;
    host.addController(this);
  }

  get state(): RunState<TCandidate> {
    return this.#state;
  }

  hostDisconnected(): void {
    this.#preloads += 1;
    this.#run.abort();
    this.#releaseModel();
  }

  /** Ends the run in progress and shows nothing. */
  clear(): void {
    this.#run.abort();
    this.#setState({ phase: 'idle' });
  }

  /** Loads the model, unless the reader must be asked first. */
  async preload(model: ModelChoice, consent: Consent): Promise<void> {
    const generation = ++this.#preloads;
    const obstacle = mayHaveObstacle(model, consent)
      ? await findObstacle(model, consent)
      : undefined;
    // The element left the page meanwhile, or wants another model.
    if (generation === this.#preloads && !obstacle) await this.#preloadNow(model);
  }

  /** Loads the model, because the reader wants it, and goes on with the run that waits for that. */
  async loadModel(model: ModelChoice): Promise<void> {
    if (!isReranker(model)) loadAnyway(model);
    const state = this.#state;
    const isWaiting = state.phase === 'skipped' && state.reason !== 'too-few';
    await (isWaiting && this.#resume ? this.#resume() : this.#preloadNow(model));
  }

  /** Reranks what is shown once more. */
  async rerankAgain(): Promise<void> {
    if (this.#state.phase === 'rerank-failed') await this.#resume?.();
  }

  async #preloadNow(model: ModelChoice): Promise<void> {
    try {
      await this.#openModel(model);
    } catch (error) {
      this.#emit('rerank-error', { query: '', during: 'preload', error: toRerankError(error) });
    }
  }

  /** Starts a run. Resolves when it ended, in whatever way. */
  async run(request: RunRequest<TCandidate>): Promise<void> {
    this.#preloads += 1;
    this.#run.abort();
    this.#run = new AbortController();
    const { signal } = this.#run;
    const { query } = request;
    this.#setState({ phase: 'searching', query, previous: shownState(this.#state) });

    const startMs = readClockMs();
    let candidates: readonly TCandidate[];
    try {
      candidates = await request.findCandidates(signal);
    } catch (cause) {
      if (signal.aborted) return;
      const error = toRerankError(cause, 'source-failed');
      this.#setState({ phase: 'search-failed', query, error, isOffline: !navigator.onLine });
      this.#emit('rerank-error', { query, during: 'search', error });
      return;
    }
    if (signal.aborted) return;
    const searchMs = readClockMs() - startMs;
    await this.#rerank(request, { candidates, searchMs }, signal);
  }

  /** Shows the candidates, and reranks them if that may be and makes sense. */
  async #rerank(
    request: RunRequest<TCandidate>,
    found: { readonly candidates: readonly TCandidate[]; readonly searchMs: number },
    signal: AbortSignal,
  ): Promise<void> {
    const { query, model, consent } = request;
    const { candidates } = found;
    const shown = { query, candidates };
    if (candidates.length < 2) {
      this.#setState({ ...shown, phase: 'skipped', reason: 'too-few' });
      this.#emit('rerank-candidates', { query, ...found });
      this.#emit('rerank-skip', { query, reason: 'too-few' });
      return;
    }
    let going: Promise<void> | undefined;
    const goOn = (): Promise<void> => {
      // Once, though this element and the reader's yes in another may both ask for it.
      if (!going) {
        this.#setState({ ...shown, phase: 'reranking' });
        going = this.#score(request, candidates, signal);
      }
      return going;
    };
    const mustCheck = mayHaveObstacle(model, consent);
    this.#setState({ ...shown, phase: mustCheck ? 'checking' : 'reranking' });
    this.#emit('rerank-candidates', { query, ...found });
    if (!mustCheck) {
      await this.#score(request, candidates, signal);
      return;
    }
    const goOnOrWait = async (): Promise<void> => {
      const obstacle = await findObstacle(model, consent);
      if (signal.aborted || going) return;
      if (!obstacle) {
        await goOn();
        return;
      }
      const { phase, reason } = { reason: undefined, ...this.#state };
      const isTold = phase === 'skipped' && reason === obstacle.reason;
      // After a crash, what the download costs is asked next, where that must be asked.
      this.#resume = obstacle.reason === 'crashed' ? goOnOrWait : goOn;
      this.#setState({ ...shown, phase: 'skipped', ...obstacle });
      // The reader's yes may be to another element's model.
      whenAgreed(() => void goOnOrWait(), signal);
      if (!isTold) this.#emit('rerank-skip', { query, reason: obstacle.reason });
    };
    await goOnOrWait();
  }

  async #score(
    request: RunRequest<TCandidate>,
    candidates: readonly TCandidate[],
    signal: AbortSignal,
  ): Promise<void> {
    const { query, toDocument, reading, blend, readPriorScore, model } = request;
    const shown = { query, candidates };
    const isSuperseded = (): boolean => signal.aborted;
    let isOver = false;
    this.#emit('rerank-start', { query, count: candidates.length });
    try {
      // A listener of the events above may have ended this run.
      if (isSuperseded()) return;
      const reranker = await this.#openModel(model);
      if (isSuperseded()) return;
      this.#setState({ ...shown, phase: 'reranking' });
      const answer = await reranker.rerank({
        query,
        documents: candidates.map(toDocument),
        ...reading,
        ...withPrior(blend, candidates.map(readPriorScore)),
        signal,
        onPartial: (partial) => {
          if (isOver || isSuperseded()) return;
          const results = readPartial(partial.results, candidates);
          if (!results) return;
          this.#setState({ ...shown, phase: 'reranking', order: results });
          this.#emit('rerank-partial', { query, ...partial, results });
        },
      });
      isOver = true;
      if (isSuperseded()) return;
      const outcome = readOutcome(answer, candidates);
      this.#setState({ ...shown, phase: 'reranked', outcome });
      this.#emit('rerank-complete', { query, ...outcome });
    } catch (cause) {
      if (isSuperseded()) return;
      const error = toRerankError(cause);
      const isOffline = !navigator.onLine && isOfLoading(error);
      this.#resume = () => {
        this.#setState({ ...shown, phase: 'reranking' });
        return this.#score(request, candidates, signal);
      };
      this.#setState({ ...shown, phase: 'rerank-failed', error, isOffline });
      this.#emit('rerank-error', { query, during: 'rerank', error });
    }
  }

  /** Says what a result's score comes from; undefined where that fails, which an event tells, or is aborted. */
  async explain(
    model: ModelChoice,
    request: ExplainRequest<object> & { readonly signal: AbortSignal },
  ): Promise<ScoreExplanation | undefined> {
    const { query, signal } = request;
    try {
      return await explainScore(await this.#openModel(model), request);
    } catch (cause) {
      if (signal.aborted) return undefined;
      this.#emit('rerank-error', { query, during: 'explain', error: toRerankError(cause) });
      return undefined;
    }
  }

  async #openModel(model: ModelChoice): Promise<Reranker> {
    if (isReranker(model)) {
      this.#releaseModel();
      return requireReranker(model);
    }
    const lease = this.#leaseFor(model);
    try {
      return await lease.reranker;
    } catch (error) {
      // The next run tries again: a network may come back.
      if (this.#lease?.lease === lease) this.#releaseModel();
      throw error;
    }
  }

  #leaseFor(options: SharedRerankerOptions): RerankerLease {
    const present = this.#lease;
    if (present && JSON.stringify(present.options) === JSON.stringify(options))
      return present.lease;
    this.#releaseModel();
    const lease = leaseReranker(options, (progress: LoadProgress) => {
      this.#showLoading(progress);
      this.#emit('rerank-progress', progress);
    });
    this.#lease = { options, lease };
    return lease;
  }

  /** Bytes come many times a second, and are shown when another megabyte is there. */
  #showLoading(loading: LoadProgress): void {
    const state = this.#state;
    if (state.phase !== 'reranking' || loading.fromCache) return;
    const shownBytes = state.loading?.loadedBytes ?? -Infinity;
    const isWhole = loading.loadedBytes === loading.totalBytes;
    if (isWhole || loading.loadedBytes - shownBytes >= 1e6) this.#setState({ ...state, loading });
  }

  #releaseModel(): void {
    this.#lease?.lease.release();
    this.#lease = undefined;
  }

  #setState(state: RunState<TCandidate>): void {
    this.#state = state;
    this.#host.requestUpdate();
  }

  #emit<TName extends RerankEventName>(name: TName, detail: RerankEventDetails[TName]): void {
    this.#host.dispatchEvent(createRerankEvent(name, detail));
  }
}

/** The blend; where not every candidate has a score, their rank is the prior. */
function withPrior(
  { prior, weight }: Blend,
  scores: readonly (number | undefined)[],
): Pick<RerankRequest<unknown>, 'blend' | 'priorScores'> {
  const priorScores = scores.filter((score) => score !== undefined);
  if (prior === 'score' && priorScores.length === scores.length) {
    return { blend: { prior, weight }, priorScores };
  }
  return { blend: { prior: 'rank', weight } };
}
