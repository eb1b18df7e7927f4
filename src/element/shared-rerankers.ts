import {
  createReranker,
  measureDownload,
  type RerankerOptions,
} from '../client/create-reranker.ts';
import { markLoading } from './crash-memory.ts';
import type { DownloadSize, LoadProgress, Reranker } from '../shared/types.ts';

/** How long a reranker that no element uses any more is kept, in case one comes back. */
const KEEP_UNUSED_MS = 5000;

/** What an element's attributes say about the model. */
export type SharedRerankerOptions = Omit<RerankerOptions, 'signal' | 'onProgress' | 'worker'> & {
  readonly worker?: string | undefined;
};

interface SharedReranker {
  readonly reranker: Promise<Reranker>;
  readonly listeners: Set<(progress: LoadProgress) => void>;
  /** Ends the loading. */
  readonly abort: AbortController;
  users: number;
}

/** Elements with the same settings share one worker and one copy of the model. */
const shared = new Map<string, SharedReranker>();

/** What was found out about models that are not loaded, for as long as the page lives. */
const measured = new Map<string, Promise<DownloadSize>>();

/** Whether these settings have a reranker that is loaded or loading. */
export function isShared(options: SharedRerankerOptions): boolean {
  return shared.has(JSON.stringify(options));
}

/** What loading these settings' model would download. Asked once; a failure is asked again. */
export function measureShared(options: SharedRerankerOptions): Promise<DownloadSize> {
  const key = JSON.stringify(options);
  const size = measured.get(key) ?? measureDownload(options);
  measured.set(key, size);
  size.catch(() => measured.delete(key));
  return size;
}

/** A loaded or loading reranker, held until `release`. */
export interface RerankerLease {
  readonly reranker: Promise<Reranker>;
  release(): void;
}

/** Loads the model, or joins those who did. A load that failed is tried again by the next caller. */
export function leaseReranker(
  options: SharedRerankerOptions,
  onProgress: (progress: LoadProgress) => void,
): RerankerLease {
  const key = JSON.stringify(options);
  const entry = shared.get(key) ?? load(key, options);
  entry.users += 1;
  entry.listeners.add(onProgress);
  let released = false;
  return {
    reranker: entry.reranker,
    release() {
      if (released) return;
      released = true;
      entry.users -= 1;
      entry.listeners.delete(onProgress);
      if (entry.users === 0) disposeLater(key, entry);
    },
  };
}

function load(key: string, options: SharedRerankerOptions): SharedReranker {
  const listeners: SharedReranker['listeners'] = new Set();
  const onProgress = (progress: LoadProgress): void => {
    for (const listener of listeners) listener(progress);
  };
  const abort = new AbortController();
  const reranker = createReranker({ ...options, onProgress, signal: abort.signal });
  const entry = { reranker, listeners, abort, users: 0 };
  shared.set(key, entry);
  markLoading(options, reranker);
  entry.reranker.catch(() => {
    if (shared.get(key) === entry) shared.delete(key);
  });
  return entry;
}

/** A function of its own: a timer made where an element's callback is in scope would keep the element so long. */
function disposeLater(key: string, entry: SharedReranker): void {
  setTimeout(() => disposeIfUnused(key, entry), KEEP_UNUSED_MS);
}

function disposeIfUnused(key: string, entry: SharedReranker): void {
  if (entry.users > 0 || shared.get(key) !== entry) return;
  shared.delete(key);
  entry.abort.abort();
  entry.reranker.then(
    (reranker) => reranker.dispose(),
    () => undefined,
  );
}
