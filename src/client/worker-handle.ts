import { proxy, wrap, type Remote } from 'comlink';
import { RerankError, abortedError, describeError, fromErrorData } from '../shared/errors.ts';
import type {
  EngineOptions,
  Reply,
  ScoredBatch,
  ScoreOptions,
  ScoreSummary,
  Scorer,
  WorkerApi,
} from '../shared/protocol.ts';
import type { DownloadSize, LoadProgress, ModelInfo } from '../shared/types.ts';
import { workerUrl } from './assets.ts';

export interface WorkerHandleOptions {
  /** Makes a new worker that runs this package's worker script. */
  readonly spawn: () => Worker;
  readonly engine: EngineOptions;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
}

/** Without a score for so long, a worker that has work counts as hanging. */
const HANG_MS = 120_000;

/** A worker and the way to call it. */
interface Connection {
  readonly worker: Worker;
  readonly api: Remote<WorkerApi>;
}

/**
 * A scorer in a worker. What comlink leaves out is here: a call to a dead worker is rejected, an
 * aborted call ends at once, and a worker that crashed, hangs or lost its GPU is replaced.
 */
export class WorkerHandle implements Scorer {
  readonly #options: WorkerHandleOptions;
  /** Rejects every call that waits for the present worker. */
  readonly #waiting = new Set<(error: RerankError) => void>();
  /** Jobs that the present worker has not answered. */
  readonly #jobs = new Set<number>();
  #connection: Promise<Connection> | undefined;
  #worker: Worker | undefined;
  #model: ModelInfo | undefined;
  #hangTimer: ReturnType<typeof setTimeout> | undefined;
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

  /** Asks a worker what loading the model would cost, and ends it. */
  static async measureDownload(options: WorkerHandleOptions): Promise<DownloadSize> {
    const handle = new WorkerHandle(options);
    try {
      const { api, worker } = handle.#start();
      const reply = api.measureDownload(options.engine);
      return await handle.#ask<DownloadSize>(worker, reply, options.signal);
    } finally {
      await handle.dispose();
    }
  }

  private constructor(options: WorkerHandleOptions) {
    this.#options = options;
  }

  get model(): ModelInfo {
    // `open` gives a handle away only once its model is loaded.
    if (!this.#model) throw new RerankError('worker-failed', 'No model is loaded.');
    return this.#model;
  }

  score(query: string, texts: readonly string[], options: ScoreOptions): Promise<ScoreSummary> {
    return this.#withGpuRetry(() => this.#scoreOnce(query, texts, options));
  }

  warmup(): Promise<void> {
    return this.#withGpuRetry(async () => {
      const { api, worker } = await this.#connect({});
      await this.#ask<undefined>(worker, api.warmup());
    });
  }

  dispose(): Promise<void> {
    this.#disposed = true;
    this.#endWorker(new RerankError('disposed', 'The reranker was disposed.'));
    return Promise.resolve();
  }

  /**
   * Does the work again on a new worker where the GPU was lost. Once is bad luck, and the GPU gets
   * another chance; after the second loss the worker gets WASM, or the error stands where only WebGPU
   * may be used.
   */
  async #withGpuRetry<TValue>(work: () => Promise<TValue>): Promise<TValue> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        const isLoss = error instanceof RerankError && error.code === 'device-lost';
        const isLast = this.#gpuLosses > 1 && this.#options.engine.device === 'webgpu';
        if (!isLoss || isLast) throw error;
      }
    }
  }

  async #scoreOnce(
    query: string,
    texts: readonly string[],
    { kind, signal, deadlineMs, passages, refusesLong, onScores }: ScoreOptions,
  ): Promise<ScoreSummary> {
    const { api, worker } = await this.#connect({ signal });
    if (signal?.aborted) throw abortedError(signal);
    this.#lastJobId += 1;
    const id = this.#lastJobId;
    let isOver = false;
    const report = (batch: ScoredBatch): void => {
      this.#watchForHang();
      if (!isOver) onScores(batch);
    };
    const abort = (): void => {
      void api.abort(id);
    };
    signal?.addEventListener('abort', abort);
    this.#jobs.add(id);
    this.#watchForHang();
    const job = {
      id,
      query,
      texts,
      ...(kind !== undefined && { kind }),
      ...(deadlineMs !== undefined && { deadlineMs }),
      ...(passages !== undefined && { passages }),
      ...(refusesLong !== undefined && { refusesLong }),
    };
    const reply = api.score(job, proxy(report)) as Promise<Reply<ScoreSummary>>;
    // An aborted caller is free at once; the worker is not before it answers.
    const settle = (): void => {
      this.#jobs.delete(id);
      this.#watchForHang();
    };
    reply.then(settle, settle);
    try {
      return await this.#ask(worker, reply, signal);
    } finally {
      isOver = true;
      signal?.removeEventListener('abort', abort);
    }
  }

  /** The present worker, or a new one. */
  async #connect({
    signal,
    onProgress,
  }: Pick<WorkerHandleOptions, 'signal' | 'onProgress'>): Promise<Connection> {
    if (this.#disposed) throw new RerankError('disposed', 'The reranker was disposed.');
    const connection = this.#connection ?? this.#spawn(onProgress);
    this.#connection = connection;
    connection.catch(() => {
      // The next call may try again: a network may come back.
      if (this.#connection === connection) this.#connection = undefined;
    });
    return this.#guard(connection, signal);
  }

  async #spawn(
    onProgress: (progress: LoadProgress) => void = () => undefined,
  ): Promise<Connection> {
    const { api, worker } = this.#start();
    const { engine } = this.#options;
    const avoidsGpu = this.#gpuLosses > 1 && engine.device === 'auto';
    const options: EngineOptions = avoidsGpu
      ? { ...engine, device: 'wasm', dtype: 'auto' }
      : engine;
    try {
      const model = await this.#ask<ModelInfo>(worker, api.load(options, proxy(onProgress)));
      this.#model = this.#withLosses(model);
      return { api, worker };
    } catch (error) {
      this.#endWorker(error as RerankError, worker);
      throw error;
    }
  }

  /** A worker that has loaded nothing. */
  #start(): Connection {
    const worker = this.#startWorker();
    this.#worker = worker;
    const fail = (event: Event): void => {
      const error = new RerankError('worker-failed', describeFailure(event));
      this.#endWorker(error, worker);
    };
    worker.addEventListener('error', fail);
    worker.addEventListener('messageerror', fail);
    return { api: wrap<WorkerApi>(worker), worker };
  }

  #startWorker(): Worker {
    try {
      return this.#options.spawn();
    } catch (error) {
      throw new RerankError(
        'worker-failed',
        `The worker could not be started: ${describeError(error)}`,
        {},
        { cause: error },
      );
    }
  }

  #withLosses(model: ModelInfo): ModelInfo {
    if (this.#gpuLosses === 0) return model;
    const loss = `the GPU device was lost ${this.#gpuLosses === 1 ? 'once' : `${this.#gpuLosses} times`}`;
    const reasons = [loss, ...(model.fallbackReason === undefined ? [] : [model.fallbackReason])];
    return { ...model, fallbackReason: reasons.join('; ') };
  }

  /** The value of the worker's reply. A worker that lost its GPU or broke is not used again. */
  async #ask<TValue>(
    worker: Worker,
    reply: Promise<Reply<TValue>>,
    signal?: AbortSignal,
  ): Promise<TValue> {
    const answer = await this.#guard(reply, signal);
    if (answer.ok) return answer.value;
    const error = fromErrorData(answer.error);
    if (error.code === 'device-lost' && this.#worker === worker) this.#gpuLosses += 1;
    if (error.code === 'device-lost' || error.code === 'worker-failed') {
      this.#endWorker(error, worker);
    }
    throw error;
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

  /** Starts the wait for a sign of life anew, or ends it where nothing is to be done. */
  #watchForHang(): void {
    clearTimeout(this.#hangTimer);
    const worker = this.#worker;
    if (this.#jobs.size === 0 || !worker) return;
    this.#hangTimer = setTimeout(() => {
      const message = `The worker gave no score for ${HANG_MS / 1000} seconds.`;
      this.#endWorker(new RerankError('worker-failed', message), worker);
    }, HANG_MS);
  }

  /** Ends the present worker, if it is still this one, and rejects all that wait for it. */
  #endWorker(error: RerankError, worker = this.#worker): void {
    if (this.#worker !== worker) return;
    worker?.terminate();
    this.#worker = undefined;
    this.#connection = undefined;
    this.#jobs.clear();
    this.#watchForHang();
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
