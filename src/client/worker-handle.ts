import { proxy, wrap, type Remote } from 'comlink';
import { RerankError, abortedError, fromErrorData } from '../shared/errors.ts';
import type {
  EngineOptions,
  Reply,
  ScoredBatch,
  ScoreSummary,
  Scorer,
  WorkerApi,
} from '../shared/protocol.ts';
import type { LoadProgress, ModelInfo } from '../shared/types.ts';
import { workerUrl } from './assets.ts';

export interface WorkerHandleOptions {
  /** Makes a new worker that runs this package's worker script. */
  readonly spawn: () => Worker;
  readonly engine: EngineOptions;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
}

/** A worker whose model is loaded. */
interface Connection {
  readonly api: Remote<WorkerApi>;
}

/**
 * A scorer in a worker. What comlink leaves out is here: a call to a dead worker is rejected, an
 * aborted call ends at once, and a lost worker is replaced by the next call.
 */
export class WorkerHandle implements Scorer {
  readonly #options: WorkerHandleOptions;
  /** Rejects every call that waits for the present worker. */
  readonly #waiting = new Set<(error: RerankError) => void>();
  #connection: Promise<Connection> | undefined;
  #worker: Worker | undefined;
  #model: ModelInfo | undefined;
  #lastJobId = 0;
  #gpuLosses = 0;
  #disposed = false;

  /** Starts a worker and loads the model into it. */
  static async open(options: WorkerHandleOptions): Promise<WorkerHandle> {
    const handle = new WorkerHandle(options);
    try {
      await handle.#connect(options);
    } catch (error) {
      await handle.dispose();
      throw error;
    }
    return handle;
  }

  private constructor(options: WorkerHandleOptions) {
    this.#options = options;
  }

  get model(): ModelInfo {
    // `open` gives a handle away only once its model is loaded.
    if (!this.#model) throw new RerankError('worker-failed', 'No model is loaded.');
    return this.#model;
  }

  async score(
    query: string,
    texts: readonly string[],
    options: {
      readonly signal?: AbortSignal | undefined;
      readonly onScores: (batch: ScoredBatch) => void;
    },
  ): Promise<ScoreSummary> {
    try {
      return await this.#scoreOnce(query, texts, options);
    } catch (error) {
      if (!(error instanceof RerankError) || error.code !== 'device-lost') throw error;
      this.#gpuLosses += 1;
      this.#endWorker(error);
      const { device } = this.#options.engine;
      // Once is bad luck, and the GPU gets another chance; twice is a pattern.
      if (this.#gpuLosses > 1 && device === 'webgpu') throw error;
      return this.#scoreOnce(query, texts, options);
    }
  }

  async warmup(): Promise<void> {
    const { api } = await this.#connect({});
    await this.#ask<undefined>(api.warmup());
  }

  dispose(): Promise<void> {
    this.#disposed = true;
    this.#endWorker(new RerankError('disposed', 'The reranker was disposed.'));
    return Promise.resolve();
  }

  async #scoreOnce(
    query: string,
    texts: readonly string[],
    {
      signal,
      onScores,
    }: {
      readonly signal?: AbortSignal | undefined;
      readonly onScores: (batch: ScoredBatch) => void;
    },
  ): Promise<ScoreSummary> {
    const { api } = await this.#connect({ signal });
    if (signal?.aborted) throw abortedError(signal);
    this.#lastJobId += 1;
    const id = this.#lastJobId;
    let ended = false;
    const report = (batch: ScoredBatch): void => {
      if (!ended) onScores(batch);
    };
    const abort = (): void => {
      void api.abort(id);
    };
    signal?.addEventListener('abort', abort);
    try {
      return await this.#ask<ScoreSummary>(api.score({ id, query, texts }, proxy(report)), signal);
    } finally {
      ended = true;
      signal?.removeEventListener('abort', abort);
    }
  }

  /** The present worker, or a new one. */
  async #connect({
    signal,
    onProgress,
  }: Pick<WorkerHandleOptions, 'signal' | 'onProgress'>): Promise<Connection> {
    if (this.#disposed) throw new RerankError('disposed', 'The reranker was disposed.');
    this.#connection ??= this.#spawn(onProgress);
    return this.#guard(this.#connection, signal);
  }

  async #spawn(
    onProgress: (progress: LoadProgress) => void = () => undefined,
  ): Promise<Connection> {
    const worker = this.#options.spawn();
    this.#worker = worker;
    const fail = (event: Event): void => {
      const error = new RerankError('worker-failed', describeFailure(event));
      if (this.#worker === worker) this.#endWorker(error);
    };
    worker.addEventListener('error', fail);
    worker.addEventListener('messageerror', fail);

    const api = wrap<WorkerApi>(worker);
    const { engine } = this.#options;
    const device = this.#gpuLosses > 1 ? 'wasm' : engine.device;
    try {
      const model = await this.#ask<ModelInfo>(api.load({ ...engine, device }, proxy(onProgress)));
      this.#model =
        this.#gpuLosses === 0
          ? model
          : { ...model, fallbackReason: `the GPU device was lost ${this.#gpuLosses} times` };
      return { api };
    } catch (error) {
      // The next call may try again: a network may come back.
      if (this.#worker === worker) this.#endWorker(error as RerankError);
      throw error;
    }
  }

  /** The value of the worker's reply. */
  async #ask<TValue>(reply: Promise<Reply<TValue>>, signal?: AbortSignal): Promise<TValue> {
    const answer = await this.#guard(reply, signal);
    if (answer.ok) return answer.value;
    throw fromErrorData(answer.error);
  }

  /** Settles as `promise` does, or rejects when the worker ends or `signal` aborts. */
  #guard<TValue>(promise: Promise<TValue>, signal?: AbortSignal): Promise<TValue> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        finish();
        reject(abortedError(signal));
      };
      const onEnd = (error: RerankError): void => {
        finish();
        reject(error);
      };
      const finish = (): void => {
        this.#waiting.delete(onEnd);
        signal?.removeEventListener('abort', onAbort);
      };
      if (signal?.aborted) {
        promise.catch(() => undefined);
        reject(abortedError(signal));
        return;
      }
      this.#waiting.add(onEnd);
      signal?.addEventListener('abort', onAbort);
      promise.then(resolve, reject).finally(finish);
    });
  }

  #endWorker(error: RerankError): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#connection = undefined;
    for (const reject of [...this.#waiting]) reject(error);
  }
}

/** What a worker's `error` or `messageerror` event says. A script that cannot be loaded says nothing. */
function describeFailure(event: Event): string {
  if (event.type === 'messageerror') return 'A message of the worker could not be read.';
  const { message = '' } = event as Partial<ErrorEvent>;
  if (message !== '') return `The worker failed: ${message}`;
  const hint = workerUrl.includes('/.vite/deps/')
    ? ' Vite 7 and older need `optimizeDeps: { exclude: ["rerank-results"] }` in their configuration.'
    : '';
  return `The worker's script could not be loaded or run (the package's own is ${workerUrl}).${hint}`;
}
