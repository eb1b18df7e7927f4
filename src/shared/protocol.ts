/**
 * The whole contract between the page and the worker. Nothing here is thrown across: every answer is a
 * `Reply`, because comlink would drop an error's code and details.
 */
import type { ErrorData } from './errors.ts';
import type { Device, Dtype, EngineName, LoadProgress, ModelInfo, Timing, Usage } from './types.ts';

/** An onnxruntime-web build: plain WASM, or with WebGPU over JSPI or over Asyncify. */
export type RuntimeBuild = 'wasm' | 'jspi' | 'asyncify';

/** Absolute URLs of one onnxruntime-web build. */
export interface RuntimeFiles {
  /** The JavaScript API module. */
  readonly api: string;
  /** The module that instantiates the binary and starts its threads. */
  readonly glue: string;
  /** The WebAssembly binary. */
  readonly binary: string;
}

/** Absolute URLs of all code that the worker loads when it needs it. */
export interface RuntimeUrls extends Readonly<Record<RuntimeBuild, RuntimeFiles>> {
  /** The module with the transformers.js engine. */
  readonly transformers: string;
}

/** What the worker must know to open a model. */
export interface EngineOptions {
  readonly model: string;
  /** Absolute URL of the folder with model folders; ends in a slash. */
  readonly modelBaseUrl: string;
  readonly engine: EngineName;
  readonly device: Device | 'auto';
  readonly dtype: Dtype | 'auto';
  /** Most tokens in a pair; the model's own limit where absent or greater. */
  readonly maxTokens?: number;
  readonly runtimeUrls: RuntimeUrls;
}

/** One run: score each text against the query. `id` is unique in the worker's life. */
export interface ScoreJob {
  readonly id: number;
  readonly query: string;
  readonly texts: readonly string[];
}

/** Scores of some of a job's texts; the arrays have one entry for each. */
export interface ScoredBatch {
  /** Positions in the job's `texts`. */
  readonly indices: Uint32Array;
  readonly logits: Float32Array;
  /** 1 where the text was cut to fit the model, else 0. */
  readonly truncated: Uint8Array;
  /** 1 where the text is surely in a language that the model does not read, else 0. */
  readonly unknownLanguage: Uint8Array;
}

/** What a finished job reports. */
export interface ScoreSummary {
  readonly usage: Usage;
  readonly timing: Omit<Timing, 'totalMs'>;
}

export type Reply<TValue> =
  { readonly ok: true; readonly value: TValue } | { readonly ok: false; readonly error: ErrorData };

/** The worker's side. `load` comes first and once. */
export interface WorkerApi {
  load(
    options: EngineOptions,
    onProgress: (progress: LoadProgress) => void,
  ): Promise<Reply<ModelInfo>>;
  score(job: ScoreJob, onScores: (batch: ScoredBatch) => void): Promise<Reply<ScoreSummary>>;
  /** Ends the job after the batch in progress; its `score` answers with the code `aborted`. */
  abort(jobId: number): void;
  warmup(): Promise<Reply<undefined>>;
}

export interface ScoreOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onScores: (batch: ScoredBatch) => void;
}

/** What can score texts: the engine in this thread, or a worker that holds one. */
export interface Scorer {
  readonly model: ModelInfo;
  score(query: string, texts: readonly string[], options: ScoreOptions): Promise<ScoreSummary>;
  warmup(): Promise<void>;
  dispose(): Promise<void>;
}
