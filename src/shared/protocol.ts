/**
 * The whole contract between the page and the worker. Nothing here is thrown across: every answer is a
 * `Reply`, because comlink would drop an error's code and details.
 */
import type { ErrorData } from './errors.ts';
import type { Scores } from './rank.ts';
import type {
  Device,
  DownloadSize,
  Dtype,
  EngineName,
  LoadProgress,
  ModelInfo,
  Timing,
  Usage,
} from './types.ts';

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
  /** What the manifest's bytes must be, in the form of Subresource Integrity. Any, where absent. */
  readonly integrity?: string;
  readonly engine: EngineName | 'auto';
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
  /** See `ScoreOptions`. */
  readonly kind?: ScoreKind;
  /** How long the job may take, in milliseconds from its arrival. Threads may have clocks that differ. */
  readonly leftMs?: number;
  /** See `ScoreOptions`. */
  readonly passages?: PassageOptions;
  /** See `ScoreOptions`. */
  readonly refusesLong?: boolean;
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
  /**
   * Of a run with `passages`: two numbers for each text, where the passage with its score begins and before which character it
   * ends.
   */
  readonly passages?: Uint32Array;
  /** The job's work up to this batch, so that a page that stops waiting knows what was done. */
  readonly soFar: ScoreSummary;
  /** Of a scorer with tiers: which one gave these scores, from 1. They replace those of a lower tier. */
  readonly tier?: number;
}

/** What a job reports. */
export interface ScoreSummary {
  readonly usage: Usage;
  readonly timing: Omit<Timing, 'totalMs'>;
  /** Texts that a higher tier, or passages of which the model, has yet to read. 0 where absent. */
  readonly pendingTexts?: number;
}

export type Reply<TValue> =
  { readonly ok: true; readonly value: TValue } | { readonly ok: false; readonly error: ErrorData };

/** The worker's side. `load` comes before scores, and once. */
export interface WorkerApi {
  measureDownload(options: EngineOptions): Promise<Reply<DownloadSize>>;
  load(
    options: EngineOptions,
    onProgress: (progress: LoadProgress) => void,
    startLane: StartLane,
  ): Promise<Reply<ModelInfo>>;
  score(job: ScoreJob, onScores: (batch: ScoredBatch) => void): Promise<Reply<ScoreSummary>>;
  /** Ends the job after the batch in progress; its `score` answers with the code `aborted`. */
  abort(jobId: number): void;
  warmup(): Promise<Reply<undefined>>;
  /** Instead of all the others: this worker scores pairs for the engine's, which speaks to it through the port. */
  serveLane(port: MessagePort): void;
}

/** Starts another worker of the same script and gives the port to it. Rejects where that is not possible. */
export type StartLane = () => Promise<MessagePort>;

/**
 * What a score is. `logit`: the model's opinion of the pair. `similarity`: −1 to 1, late interaction between the states that the
 * two texts have apart: the mean, over the query's tokens, of the greatest cosine with any token of the document (MaxSim). It costs
 * next to nothing where the document was read before.
 */
export type ScoreKind = 'logit' | 'similarity';

/** How long texts are read in passages. */
export interface PassageOptions {
  /** About how many tokens a passage has, its text's head included. */
  readonly tokens: number;
  /** How many passages of a text are read at most: those with the query's words. 1 or more. */
  readonly most: number;
  /** For each text how many characters at its beginning are read before each of its passages, such as its title. */
  readonly headLengths: readonly number[];
}

export interface ScoreOptions {
  /** Default `logit`. Only the engine `kernels` knows `similarity`. */
  readonly kind?: ScoreKind | undefined;
  readonly signal?: AbortSignal | undefined;
  /**
   * When the answer must be there, in milliseconds of `readClockMs`. The scorer chooses what to read by it, and starts no
   * batch that would end later, unless no text has a score yet. No limit where absent.
   */
  readonly deadlineMs?: number | undefined;
  /** Texts are read in passages, and each has the score of its best. Else the beginning of a long text is read. */
  readonly passages?: PassageOptions | undefined;
  /** Fails with `invalid-input` where a text is longer than the model reads. Default: it is cut. */
  readonly refusesLong?: boolean | undefined;
  /** What else decides the order, for a scorer that chooses by the order so far what to read. */
  readonly blend?: Scores['blend'];
  /** How many of the best are asked for, for a scorer that may stop when they are sure. All where absent. */
  readonly topN?: number | undefined;
  readonly onScores: (batch: ScoredBatch) => void;
}

/** What can score texts: the engine in this thread, a worker that holds one, or several of these in tiers. */
export interface Scorer {
  readonly model: ModelInfo;
  score(query: string, texts: readonly string[], options: ScoreOptions): Promise<ScoreSummary>;
  warmup(): Promise<void>;
  dispose(): Promise<void>;
}
