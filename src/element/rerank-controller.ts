import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Blend } from '../shared/blend.ts';
import { RerankError, describeError } from '../shared/errors.ts';
import type { LoadProgress, RerankRequest, Reranker } from '../shared/types.ts';
import {
  createRerankEvent,
  type RerankEventDetails,
  type RerankEventName,
  type Result,
} from './events.ts';
import { shownState, type RunState, type SkipReason } from './run-state.ts';
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
  readonly fields: readonly string[];
  readonly blend: Blend;
  /** The search's score of a candidate, where it gave one; for a blend with the prior `score`. */
  readonly readPriorScore: (candidate: TCandidate) => number | undefined;
  readonly model: ModelChoice;
}

/** The site's own reranker, or settings to load one with. */
export type ModelChoice = Reranker | SharedRerankerOptions;

/**
 * Runs queries for an element: search, show, rerank. The last run wins: a newer one aborts the older,
 * whose results are dropped. Nothing is thrown; what happens is said by events and by `state`.
 */
export class RerankController<TCandidate extends Result> implements ReactiveController {
  readonly #host: ReactiveControllerHost & EventTarget;
  #state: RunState<TCandidate> = { phase: 'idle' };
  #run = new AbortController();
  #lease: { readonly options: SharedRerankerOptions; readonly lease: RerankerLease } | undefined;
  #loaded = false;

  constructor(host: ReactiveControllerHost & EventTarget) {
    this.#host = host;
    host.addController(this);
  }

  get state(): RunState<TCandidate> {
    return this.#state;
  }

  hostDisconnected(): void {
    this.#run.abort();
    this.#releaseModel();
  }

  /** Ends the run in progress and shows nothing. */
  clear(): void {
    this.#run.abort();
    this.#setState({ phase: 'idle' });
  }

  /** Loads the model, unless the reader asked to save data and `force` is off. */
  async preload(model: ModelChoice, force = false): Promise<void> {
    if (!force && !this.#mayLoad(model)) return;
    try {
      await this.#openModel(model);
    } catch (error) {
      this.#emit('rerank-error', { query: '', during: 'preload', error: toRerankError(error) });
    }
  }

  /** Starts a run. Resolves when it ended, in whatever way. */
  async run(request: RunRequest<TCandidate>): Promise<void> {
    this.#run.abort();
    this.#run = new AbortController();
    const { signal } = this.#run;
    const { query } = request;
    this.#setState({ phase: 'searching', query, previous: shownState(this.#state) });

    let candidates: readonly TCandidate[];
    try {
      candidates = await request.findCandidates(signal);
    } catch (cause) {
      if (signal.aborted) return;
      const error = toRerankError(cause, 'source-failed');
      this.#setState({ phase: 'search-failed', query, error });
      this.#emit('rerank-error', { query, during: 'search', error });
      return;
    }
    if (signal.aborted) return;
    await this.#rerank(request, candidates, signal);
  }

  async #rerank(
    { query, toDocument, fields, blend, readPriorScore, model }: RunRequest<TCandidate>,
    candidates: readonly TCandidate[],
    signal: AbortSignal,
  ): Promise<void> {
    const skip = this.#reasonToSkip(candidates, model);
    const shown = { query, candidates };
    this.#setState(
      skip === undefined
        ? { ...shown, phase: 'reranking' }
        : { ...shown, phase: 'skipped', reason: skip },
    );
    this.#emit('rerank-candidates', { query, candidates });
    if (skip !== undefined) {
      this.#emit('rerank-skip', { query, reason: skip });
      return;
    }

    const isSuperseded = (): boolean => signal.aborted;
    this.#emit('rerank-start', { query, count: candidates.length });
    try {
      // A listener of the events above may have ended this run.
      if (isSuperseded()) return;
      const reranker = await this.#openModel(model);
      if (isSuperseded()) return;
      const withCandidates = <TResult extends { readonly index: number }>(
        results: readonly TResult[],
      ): (TResult & { readonly document: TCandidate })[] =>
        results.map((result) => ({ ...result, document: candidates[result.index] as TCandidate }));
      const outcome = await reranker.rerank({
        query,
        documents: candidates.map(toDocument),
        fields,
        ...withPrior(blend, candidates.map(readPriorScore)),
        signal,
        onPartial: (partial) => {
          if (isSuperseded()) return;
          const results = withCandidates(partial.results);
          this.#emit('rerank-partial', { query, ...partial, results });
        },
      });
      if (isSuperseded()) return;
      const placed = { ...outcome, results: withCandidates(outcome.results) };
      this.#setState({ ...shown, phase: 'reranked', outcome: placed });
      this.#emit('rerank-complete', { query, ...placed });
    } catch (cause) {
      if (isSuperseded()) return;
      const error = toRerankError(cause);
      this.#setState({ ...shown, phase: 'rerank-failed', error });
      this.#emit('rerank-error', { query, during: 'rerank', error });
    }
  }

  #reasonToSkip(candidates: readonly TCandidate[], model: ModelChoice): SkipReason | undefined {
    if (candidates.length < 2) return 'too-few';
    return this.#mayLoad(model) ? undefined : 'save-data';
  }

  /** Whether the model is there or may be fetched: not where the reader asked to save data. */
  #mayLoad(model: ModelChoice): boolean {
    const connection = 'connection' in navigator ? navigator.connection : undefined;
    const saveData = (connection as { readonly saveData?: boolean } | undefined)?.saveData === true;
    return isReranker(model) || this.#loaded || !saveData;
  }

  async #openModel(model: ModelChoice): Promise<Reranker> {
    if (isReranker(model)) return model;
    const lease = this.#leaseFor(model);
    try {
      const reranker = await lease.reranker;
      this.#loaded = true;
      return reranker;
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
      this.#emit('rerank-progress', progress);
    });
    this.#lease = { options, lease };
    return lease;
  }

  #releaseModel(): void {
    this.#lease?.lease.release();
    this.#lease = undefined;
    this.#loaded = false;
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

function isReranker(model: ModelChoice): model is Reranker {
  return 'rerank' in model;
}

function toRerankError(
  error: unknown,
  code: 'source-failed' | 'worker-failed' = 'worker-failed',
): RerankError {
  if (error instanceof RerankError) return error;
  return new RerankError(code, describeError(error), {}, { cause: error });
}
