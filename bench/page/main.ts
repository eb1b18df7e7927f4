/** The page of the benchmark: subjects by handle, called from Node. */
import { openOurs } from './ours.ts';
import type { AbortRecord, BenchPage, RunRecord, SubjectOptions, Workload } from './page-api.ts';
import { openTransformers } from './transformers.ts';

declare global {
  interface Window {
    bench: BenchPage;
  }
}

/** A model that is loaded. */
export interface OpenSubject {
  run(workload: Workload): Promise<RunRecord>;
  /** Only where the subject can be aborted. */
  abortRun?(workload: Workload, afterMs: number, next: Workload): Promise<AbortRecord>;
  close(): Promise<void>;
}

const opened = new Map<number, OpenSubject>();

function find(handle: number): OpenSubject {
  const subject = opened.get(handle);
  if (subject) return subject;
  throw new Error(`Nothing is open under the handle ${handle}.`);
}

window.bench = {
  async open(options: SubjectOptions) {
    const open = options.subject === 'transformers.js' ? openTransformers : openOurs;
    const handle = opened.size;
    opened.set(handle, await open(options));
    return handle;
  },
  run: (handle, workload) => find(handle).run(workload),
  async abortRun(handle, workload, afterMs, next) {
    const subject = find(handle);
    if (!subject.abortRun) throw new Error('This subject cannot be aborted.');
    return subject.abortRun(workload, afterMs, next);
  },
  close: (handle) => find(handle).close(),
};
