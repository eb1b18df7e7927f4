/** What a run of the benchmark leaves behind: `bench/results/latest.json`. No Node and no DOM here: the demo's page Speed reads it too. */

/** Every scenario by its name, in the order they run. */
export const SCENARIO_NAMES = [
  'engines',
  'candidates',
  'lengths',
  'keystrokes',
  'threads',
  'abort',
  'main-thread',
  'loading',
  'cascade',
  'webgpu',
] as const;

export type ScenarioName = (typeof SCENARIO_NAMES)[number];

/** What runs the model. `native`: onnxruntime-node in Node; the others in Chromium. */
export type Subject = 'kernels' | 'onnxruntime-web' | 'transformers.js' | 'native';

/** The machine that measured. */
export interface Machine {
  readonly cpu: string;
  /** Logical cores. */
  readonly cores: number;
  readonly memoryBytes: number;
  readonly platform: string;
  readonly node: string;
  readonly chromium: string;
  /** Versions of the packages that were measured, by name. */
  readonly packages: Readonly<Record<string, string>>;
}

/** One scenario's rows, with what is needed to judge them. */
export interface ScenarioResult<TRow> {
  /** ISO 8601. */
  readonly measuredAt: string;
  /** Measured with `--quick`: it shows that the scenario works, and its times mean nothing. */
  readonly quick: boolean;
  readonly rounds: number;
  readonly machine: Machine;
  readonly rows: readonly TRow[];
  /** What a reader must know beside the rows. */
  readonly notes: readonly string[];
}

/** Who was measured. */
export interface SubjectFacts {
  readonly subject: Subject;
  readonly model: string;
  /** Threads, or for `kernels` lanes. */
  readonly threads: number;
  /** Whether the page was cross-origin isolated; false for `native`. */
  readonly isolated: boolean;
}

/** The speed of one subject on one kind of candidates. */
export interface SpeedRow extends SubjectFacts {
  /** Most tokens in a pair, query included. */
  readonly maxTokens: number;
  /** Pairs in each run. */
  readonly pairs: number;
  /** From the call to its end, one value for each round. */
  readonly runMs: readonly number[];
  readonly pairsPerSecond: number;
  /** Tokens of the texts, padding excluded. */
  readonly tokensPerSecond: number;
  /** 0 to 1: the share of the tokens that went through the model which were padding. */
  readonly paddingShare: number;
  /** Why there are no numbers. Absent where all went well. */
  readonly failure?: string;
}

/** `engines`. */
export interface EngineRow extends SpeedRow {
  /** Speed as a multiple of transformers.js with the same threads, model and candidates. */
  readonly againstTransformers?: number;
  /** The same against native onnxruntime. */
  readonly againstNative?: number;
  /** The same against this package on onnxruntime-web. */
  readonly againstOnnxRuntimeWeb?: number;
  /** Speed as a multiple of the same subject's with one thread. */
  readonly againstOneThread?: number;
}

/** `candidates`. */
export interface CandidatesRow extends SubjectFacts {
  readonly candidates: number;
  /** From the call until ten candidates have a score: the first useful order. */
  readonly firstTenMs: number;
  readonly runMs: number;
  readonly failure?: string;
}

/** `keystrokes`. */
export interface KeystrokeRow extends SubjectFacts {
  /** The beginning of the query, as it was typed so far. */
  readonly query: string;
  readonly isRepeated: boolean;
  readonly runMs: number;
  /** Pairs of the run that cost nothing. */
  readonly cachedPairs: number;
  readonly pairs: number;
  /** Speed as a multiple of the first run's. */
  readonly againstFirst: number;
}

/** `abort`. */
export interface AbortRow extends SubjectFacts {
  readonly aborts: number;
  /** A whole run that nobody aborts. */
  readonly runMs: number;
  /** From the abort until the next run, of one short document, has its score. */
  readonly medianDelayMs: number;
  readonly worstDelayMs: number;
  /** That short run alone, on an idle worker: a part of the delays that no abort can save. */
  readonly shortRunMs: number;
  /** `worstDelayMs` as a share of `runMs`, 0 to 1. */
  readonly worstShare: number;
}

/** `main-thread`. */
export interface MainThreadRow {
  /** `baseline`: the same page without the element. */
  readonly page: 'baseline' | 'element';
  /** Longest task of the page's main thread, as a reader feels it. */
  readonly longestTaskMs: number;
  /** What most of that task was, in Chromium's words: `EvaluateScript`, `FunctionCall`, `Layout`, … */
  readonly longestTaskWas: string;
  /** Longest by processor time: what others on the machine took is not in it. */
  readonly longestTaskCpuMs: number;
  /** Tasks longer than 16 ms. */
  readonly longTasks: number;
  readonly tasks: number;
  /** Long animation frames, of 50 ms or more, as the page itself sees them. */
  readonly longFrames: number;
}

/** One file of `loading`. */
export interface LoadedFile {
  readonly path: string;
  readonly status: number;
  readonly encoding: string;
  /** Bytes of the body on the wire. */
  readonly bytes: number;
}

/** `loading`. */
export interface LoadingRow {
  readonly visit: 'first' | 'second';
  readonly model: string;
  readonly files: readonly LoadedFile[];
  readonly bytes: number;
  /** From the navigation until the model is ready. */
  readonly readyMs: number;
  /** Peak of the page's process. Absent where the system does not tell. */
  readonly peakMemoryBytes?: number;
  /** The same of an empty page. */
  readonly emptyPageMemoryBytes?: number;
}

/** `cascade`. */
export interface CascadeRow extends SubjectFacts {
  /** As the element's `tiers` has it; `alone` for the good model over all. */
  readonly policy: string;
  /** The query but its last word, over documents that were never read. */
  readonly firstRunMs: number;
  /** The whole query, over the same documents. */
  readonly nextRunMs: number;
  /** Speed of the first run as a multiple of transformers.js, which reads all candidates with the good model. */
  readonly firstAgainstTransformers: number;
  readonly nextAgainstTransformers: number;
  readonly queries: number;
  /** Of the whole query, over the demo's judged queries. */
  readonly ndcg: number;
  /** nDCG@10 less that of the good model alone. */
  readonly ndcgDifference: number;
}

/** `webgpu`. */
export interface WebGpuRow extends SpeedRow {
  readonly adapter: string;
  /** The processor imitates the GPU: for correctness only. */
  readonly isSoftware: boolean;
  /** Speed as a multiple of this package on onnxruntime-web, on the same adapter. */
  readonly againstOnnxRuntimeWeb?: number;
}

export interface RowOfScenario {
  readonly engines: EngineRow;
  readonly candidates: CandidatesRow;
  readonly lengths: EngineRow;
  readonly keystrokes: KeystrokeRow;
  readonly threads: SpeedRow;
  readonly abort: AbortRow;
  readonly 'main-thread': MainThreadRow;
  readonly loading: LoadingRow;
  readonly cascade: CascadeRow;
  readonly webgpu: WebGpuRow;
}

/** The file: the newest result of each scenario. */
export type BenchResults = {
  readonly [TName in ScenarioName]?: ScenarioResult<RowOfScenario[TName]>;
};
