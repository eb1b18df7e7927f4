/** The contract between the benchmark in Node and its page. */
import type { Subject } from '../results.ts';

/** One query and its candidates. */
export interface Workload {
  readonly query: string;
  readonly documents: readonly string[];
}

/** What runs in a page. */
export type PageSubject = Exclude<Subject, 'native'>;

export interface SubjectOptions {
  readonly subject: PageSubject;
  readonly model: string;
  /** Threads, or for `kernels` lanes. A page has one number of threads for transformers.js in its life. */
  readonly threads: number;
  /** Most tokens in a pair, query included. */
  readonly maxTokens: number;
  readonly device: 'wasm' | 'webgpu';
  /** In place of `model` and `maxTokens`, for `kernels`: the option of the same name. */
  readonly tiers?: string;
}

/** What came of one run. */
export interface RunRecord {
  /** From the call to its end. */
  readonly runMs: number;
  /** From the call until ten documents, or all, have a score. */
  readonly firstTenMs: number;
  readonly pairs: number;
  /** Pairs that a score was known of. */
  readonly cachedPairs: number;
  /** Tokens through the model, padding excluded. */
  readonly tokens: number;
  /** The same with padding. */
  readonly paddedTokens: number;
  /** Positions of the documents, best first. Only of this package. */
  readonly order?: readonly number[];
}

/** A run that was aborted, and the one that was asked for at the same moment. */
export interface AbortRecord {
  /** False where the run had ended before the abort: no measurement. */
  readonly wasAborted: boolean;
  /** From the abort until the next run's score. */
  readonly delayMs: number;
}

/** The page's side: `window.bench`. */
export interface BenchPage {
  /** Loads a model and returns a handle. */
  open(options: SubjectOptions): Promise<number>;
  run(handle: number, workload: Workload): Promise<RunRecord>;
  /** Aborts the run of `workload` after `afterMs`, and runs `next` at once. */
  abortRun(
    handle: number,
    workload: Workload,
    afterMs: number,
    next: Workload,
  ): Promise<AbortRecord>;
  close(handle: number): Promise<void>;
}
