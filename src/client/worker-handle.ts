import { proxy, wrap, type Remote } from 'comlink';
import { readClockMs } from '../shared/clock.ts';
import { RerankError, abortedError, describeError } from '../shared/errors.ts';
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
import { HangWatch } from './hang-watch.ts';
import { LaneWorkers } from './lane-workers.ts';
import { describeFailure, readReply } from './worker-reply.ts';

export interface WorkerHandleOptions {
  /** Makes a new worker that runs this package's worker script. */
  readonly spawn: () => Worker;
  readonly engine: EngineOptions;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
}

/** After so many ticks without a score, about as many seconds, a worker that has work counts as hanging. */
const WORK_PATIENCE = 120;

/** Loading is silent while the runtime comes over a slow network, and while a GPU compiles its programs. */
const LOAD_PATIENCE = 600;

/** A worker and the way to call it. */
interface Connection {
  readonly worker: Worker;
  readonly api: Remote<WorkerApi>;
  readonly watch: HangWatch;
  readonly lanes: LaneWorkers;
  /** Why the worker was ended. */
  ended?: RerankError;
}

/**
 * A scorer in a worker. What comlink leaves out is here: a call to a dead worker is rejected, an
 * aborted call ends at once, and a worker that crashed, hangs or lost its GPU is replaced.
 */
export class WorkerHandle implements Scorer {
  readonly #options: WorkerHandleOptions;
  /** Rejects every call that waits for the present worker. */
  readonly #waiting = new Set<(error: RerankError) => void>();
  #connection: Promise<Connection> | undefined;
  #present: Connection | undefined;
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

  /** Asks a worker what loading the model would cost, and ends it. */
  static async measureDownload(options: WorkerHandleOptions): Promise<DownloadSize> {
    const handle = new WorkerHandle(options);
    try {
      const started = handle.#start();
      const reply = started.api.measureDownload(options.engine);
      return await handle.#ask<DownloadSize>(started, reply, LOAD_PATIENCE, options.signal);
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
      const connection = await this.#connect({});
      await this.#ask<undefined>(connection, connection.api.warmup(), WORK_PATIENCE);
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
    const connection = await this.#connect({ signal });
    const { api, watch } = connection;
    if (signal?.aborted) throw abortedError(signal);
    this.#lastJobId += 1;
    const id = this.#lastJobId;
    let isOver = false;
    const report = (batch: ScoredBatch): void => {
      watch.noteLife();
      if (!isOver) onScores(batch);
    };
    const abort = (): void => {
      void api.abort(id);
    };
    signal?.addEventListener('abort', abort);
    const job = {
      id,
      query,
      texts,
      ...(kind !== undefined && { kind }),
      // What is left, and not when it is over: the worker's clock may tell another time.
      ...(deadlineMs !== undefined && { leftMs: deadlineMs - readClockMs() }),
      ...(passages !== undefined && { passages }),
      ...(refusesLong !== undefined && { refusesLong }),
    };
    const reply = api.score(job, proxy(report)) as Promise<Reply<ScoreSummary>>;
    try {
      return await this.#ask(connection, reply, WORK_PATIENCE, signal);
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
    const started = this.#start();
    const { api, watch, lanes } = started;
    const { engine } = this.#options;
    const avoidsGpu = this.#gpuLosses > 1 && engine.device === 'auto';
    const options: EngineOptions = avoidsGpu
      ? { ...engine, device: 'wasm', dtype: 'auto' }
      : engine;
    const report = (progress: LoadProgress): void => {
      watch.noteLife();
      onProgress(progress);
    };
    try {
      const reply = api.load(
        options,
        proxy(report),
        proxy(() => lanes.start()),
      );
      const model = await this.#ask<ModelInfo>(started, reply, LOAD_PATIENCE);
      this.#model = this.#withLosses(model);
      return started;
    } catch (error) {
      this.#endWorker(error as RerankError, started.worker);
      throw error;
    }
  }

  /** A worker that has loaded nothing. */
  #start(): Connection {
    const worker = this.#startWorker();
    const end = (message: string): void => {
      this.#endWorker(new RerankError('worker-failed', message), worker);
    };
    const watch = new HangWatch((silentTicks) =>
      end(`The worker gave no sign of life for ${silentTicks} seconds and was ended.`),
    );
    const fail = (event: Event): void => {
      // It is told by the calls that it rejects; unhandled, it would be an error of the page too.
      event.preventDefault();
      end(describeFailure(event));
    };
    worker.addEventListener('error', fail);
    worker.addEventListener('messageerror', fail);
    const lanes = new LaneWorkers(worker, () => this.#startWorker(), end);
    // No listener above may know of it: comlink holds the worker until its proxy is collected.
    this.#present = { api: wrap<WorkerApi>(worker), worker, watch, lanes };
    return this.#present;
  }

  #startWorker(): Worker {
    try {
      return this.#options.spawn();
    } catch (error) {
      const reason = describeError(error);
      const hint = reason.includes('TrustedScriptURL')
        ? ' Add rerank-results to trusted-types in the policy of the site.'
        : '';
      throw new RerankError(
        'worker-failed',
        `The worker could not be started: ${reason}${hint}`,
        {},
        { cause: error },
      );
    }
  }

  #withLosses(model: ModelInfo): ModelInfo {
    if (this.#gpuLosses === 0) return model;
    const loss = `the GPU device was lost or failed ${this.#gpuLosses === 1 ? 'once' : `${this.#gpuLosses} times`}`;
    const reasons = [loss, ...(model.fallbackReason === undefined ? [] : [model.fallbackReason])];
    const causes = ['device-lost' as const, ...(model.fallbackCauses ?? [])];
    return { ...model, fallbackReason: reasons.join('; '), fallbackCauses: causes };
  }

  /** The value of the worker's reply. A worker that lost its GPU or broke is not used again. */
  async #ask<TValue>(
    connection: Connection,
    reply: Promise<Reply<TValue>>,
    patience: number,
    signal?: AbortSignal,
  ): Promise<TValue> {
    // It may have been ended between the caller's wait for it and this call.
    if (connection.ended) throw connection.ended;
    // An aborted caller is free at once; the worker is not before it answers.
    connection.watch.watch(reply, patience);
    try {
      return await this.#guard(readReply(reply), signal);
    } catch (error) {
      const { code } = error as RerankError;
      if (code === 'device-lost' && this.#present === connection) this.#gpuLosses += 1;
      if (code === 'device-lost' || code === 'worker-failed') {
        this.#endWorker(error as RerankError, connection.worker);
      }
      throw error;
    }
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

  /** Ends the present worker, if it is still this one, and rejects all that wait for it. */
  #endWorker(error: RerankError, worker = this.#present?.worker): void {
    const present = this.#present;
    if (present?.worker !== worker) return;
    if (present) present.ended = error;
    present?.watch.end();
    present?.lanes.end();
    worker?.terminate();
    this.#present = undefined;
    this.#connection = undefined;
    for (const reject of [...this.#waiting]) reject(error);
  }
}
