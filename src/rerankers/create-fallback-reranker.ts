import { invalidOption } from '../client/invalid-option.ts';
import { createScores } from '../client/gather-scores.ts';
import { withinBudget } from '../client/within-budget.ts';
import { readClockMs } from '../shared/clock.ts';
import { RerankError, abortedError } from '../shared/errors.ts';
import { rankScoredSoFar } from '../shared/rank.ts';
import type {
  CompleteOutcome,
  ModelInfo,
  RerankOutcome,
  RerankPartial,
  RerankRequest,
  Reranker,
} from '../shared/types.ts';
import { untilAborted } from '../shared/until-aborted.ts';
import { summarizeWork } from './outside-model.ts';

/** Opens a reranker when it is needed. */
export type RerankerOpener = () => Reranker | Promise<Reranker>;

/** One reranker was given up for the next. */
export interface FallbackNotice {
  /** Position in the list of the one that failed, from 0. */
  readonly from: number;
  /** Position of the one that is opened in its place. */
  readonly to: number;
  /** What it failed with, when it was opened or in a run. */
  readonly error: unknown;
}

export interface FallbackOptions {
  /** Called before the next reranker is opened. What it throws is reported as an uncaught error, and changes nothing. */
  readonly onFallback?: ((notice: FallbackNotice) => void) | undefined;
}

/**
 * Several rerankers, best first, as one: the first is opened, and where it cannot be, or a run of it fails, the next is opened in its place and does the
 * run again. The one that failed is disposed and not tried again; runs that it had begun beside are done again too. Errors with the codes `aborted` and
 * `invalid-input` are the caller's, and change nothing. Where none is left that can be opened, all runs fail with the last error. Time that was lost counts in a run's `budgetMs`. `model` is that of the one in use.
 *
 * @param openers One or more; each is called once at most.
 * @throws what the last one fails with.
 */
export async function createFallbackReranker(
  openers: readonly RerankerOpener[],
  { onFallback }: FallbackOptions = {},
): Promise<Reranker> {
  if (!Array.isArray(openers) || openers.length === 0) {
    throw invalidOption('openers', openers, 'a list of one function or more');
  }
  const first = await openFrom(openers, 0, onFallback);
  return new FallbackReranker(openers, first, onFallback);
}

/** A reranker that is open, and where it stands in the list. */
interface OpenReranker {
  readonly position: number;
  readonly reranker: Reranker;
}

class FallbackReranker implements Reranker {
  readonly #openers: readonly RerankerOpener[];
  readonly #onFallback: FallbackOptions['onFallback'];
  #current: OpenReranker;
  /** What takes the place of the current one, while it is opened: once for all runs that wait for it. */
  #next: Promise<OpenReranker> | undefined;
  /** Why none is left. */
  #end: { readonly error: unknown } | undefined;
  #disposed = false;

  constructor(
    openers: readonly RerankerOpener[],
    first: OpenReranker,
    onFallback: FallbackOptions['onFallback'],
  ) {
    this.#openers = openers;
    this.#current = first;
    this.#onFallback = onFallback;
  }

  get model(): ModelInfo {
    return this.#current.reranker.model;
  }

  rerank<TDocument extends string | object>(
    request: RerankRequest<TDocument> & { readonly budgetMs?: undefined },
  ): Promise<CompleteOutcome<TDocument>>;
  rerank<TDocument extends string | object>(
    request: RerankRequest<TDocument>,
  ): Promise<RerankOutcome<TDocument>>;
  async rerank<TDocument extends string | object>(
    request: RerankRequest<TDocument>,
  ): Promise<RerankOutcome<TDocument>> {
    const startMs = readClockMs();
    for (let left: number | undefined = request.budgetMs; ;) {
      const used = this.#current;
      try {
        const outcome = await used.reranker.rerank(withBudget(request, left));
        const totalMs = readClockMs() - startMs;
        return { ...outcome, timing: { ...outcome.timing, totalMs } };
      } catch (error) {
        left = request.budgetMs && request.budgetMs - (readClockMs() - startMs);
        const next = await withinBudget(left, request.signal, (ended) =>
          this.#goOn(used, error, ended),
        );
        left = request.budgetMs && request.budgetMs - (readClockMs() - startMs);
        if (!next || (left !== undefined && left <= 0)) return this.#stop(request, startMs);
      }
    }
  }

  async *stream<TDocument extends string | object>(
    request: Omit<RerankRequest<TDocument>, 'onPartial'>,
  ): AsyncGenerator<RerankPartial<TDocument>, void, undefined> {
    const startMs = readClockMs();
    for (let left: number | undefined = request.budgetMs; ;) {
      const used = this.#current;
      try {
        yield* used.reranker.stream(withBudget(request, left));
        return;
      } catch (error) {
        left = request.budgetMs && request.budgetMs - (readClockMs() - startMs);
        const next = await withinBudget(left, request.signal, (ended) =>
          this.#goOn(used, error, ended),
        );
        left = request.budgetMs && request.budgetMs - (readClockMs() - startMs);
        if (!next || (left !== undefined && left <= 0)) {
          yield rankNothing(request, this.model);
          return;
        }
      }
    }
  }

  async warmup(): Promise<void> {
    for (;;) {
      const used = this.#current;
      try {
        await used.reranker.warmup();
        return;
      } catch (error) {
        await this.#goOn(used, error, undefined);
      }
    }
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.#current.reranker.dispose();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  /**
   * Resolves when the reranker after `failed` is open.
   *
   * @throws `error` where it is the caller's, or nothing comes after.
   */
  async #goOn(
    failed: OpenReranker,
    error: unknown,
    signal: AbortSignal | undefined,
  ): Promise<OpenReranker> {
    if (this.#disposed) throw disposedError();
    if (isCallers(error)) throw error;
    if (signal?.aborted) throw abortedError(signal);
    if (this.#end) throw this.#end.error;
    // Another run failed on it as well, and was faster.
    if (this.#current !== failed) return this.#current;
    const position = failed.position + 1;
    if (position === this.#openers.length) throw error;
    this.#next ??= this.#replace(failed, error);
    return signal ? untilAborted(this.#next, signal) : this.#next;
  }

  async #replace(failed: OpenReranker, error: unknown): Promise<OpenReranker> {
    const to = failed.position + 1;
    tell(this.#onFallback, { from: failed.position, to, error });
    // What failed once may fail to end as well, and nobody waits for it.
    failed.reranker.dispose().catch(() => undefined);
    try {
      const next = await openFrom(this.#openers, to, this.#onFallback);
      if (this.#disposed) {
        await next.reranker.dispose();
        throw disposedError();
      }
      this.#current = next;
      return next;
    } catch (lastError) {
      this.#end = { error: lastError };
      throw lastError;
    } finally {
      this.#next = undefined;
    }
  }

  /** The outcome of a run whose time was over before any reranker had read anything. */
  #stop<TDocument>(request: RerankRequest<TDocument>, startMs: number): RerankOutcome<TDocument> {
    const { usage, timing } = summarizeWork({ pairs: 0, tokens: 0, inferMs: 0 });
    return {
      complete: false,
      stoppedBy: 'budget',
      results: rankNothing(request, this.model).results,
      usage,
      timing: { ...timing, totalMs: readClockMs() - startMs },
      model: this.model,
    };
  }
}

async function openFrom(
  openers: readonly RerankerOpener[],
  start: number,
  onFallback: FallbackOptions['onFallback'],
): Promise<OpenReranker> {
  for (let position = start; ; position += 1) {
    try {
      const open = openers[position];
      if (typeof open !== 'function') {
        throw invalidOption(`openers[${position}]`, open, 'a function that opens a reranker');
      }
      return { position, reranker: await open() };
    } catch (error) {
      if (isCallers(error) || position + 1 === openers.length) throw error;
      tell(onFallback, { from: position, to: position + 1, error });
    }
  }
}

function tell(onFallback: FallbackOptions['onFallback'], notice: FallbackNotice): void {
  try {
    onFallback?.(notice);
  } catch (error) {
    // The caller's mistake is the page's to report; the next reranker is opened all the same.
    if (typeof reportError === 'function') reportError(error);
    else setTimeout(throwError, 0, error);
  }
}

/** In a task of its own, Node's way to report it. */
function throwError(error: unknown): never {
  throw error;
}

/**
 * Whether another reranker could do nothing about it. `disposed` is none of these: the one that failed may have been disposed because another run failed on it.
 */
function isCallers(error: unknown): boolean {
  return error instanceof RerankError && ['aborted', 'invalid-input'].includes(error.code);
}

function disposedError(): RerankError {
  return new RerankError('disposed', 'The reranker was disposed.');
}

/** The same request with what is left of its time. */
function withBudget<TRequest extends { readonly budgetMs?: number | undefined }>(
  request: TRequest,
  budgetMs: number | undefined,
): TRequest {
  return budgetMs === request.budgetMs ? request : { ...request, budgetMs };
}

/** The request's own order, none of which was read. */
function rankNothing<TDocument>(
  { documents, topN = documents.length }: Pick<RerankRequest<TDocument>, 'documents' | 'topN'>,
  model: ModelInfo,
): RerankPartial<TDocument> {
  const scores = createScores(documents.length, { model, blend: undefined });
  const partial = rankScoredSoFar(documents, scores);
  return { ...partial, results: partial.results.slice(0, topN) };
}
