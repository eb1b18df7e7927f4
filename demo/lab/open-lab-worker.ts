import { wrap, type Remote } from 'comlink';
import type { LabWorker } from './lab-worker.ts';

/** The lab's worker, and how it is ended at once. */
export interface LabWorkerHandle {
  readonly api: Remote<LabWorker>;
  /** Rejects where its script cannot run: its calls would never end. */
  readonly failed: Promise<never>;
  readonly end: () => void;
}

/** Starts the lab's worker. */
export function openLabWorker(): LabWorkerHandle {
  const worker = new Worker(new URL('./lab-worker.ts', import.meta.url), { type: 'module' });
  const failed = new Promise<never>((_, reject) => {
    worker.addEventListener('error', () => reject(new Error('The lab’s worker cannot run.')));
  });
  failed.catch(() => undefined);
  return { api: wrap<LabWorker>(worker), failed, end: () => worker.terminate() };
}
