import type { RerankerOptions } from '../client/create-reranker.ts';
import { listStored, readStored, removeStored, store } from './stored-text.ts';

/** What of a model's settings decides what is loaded, and so whether it may end the page. */
export type LoadedModel = Pick<
  RerankerOptions,
  'model' | 'tiers' | 'modelBaseUrl' | 'device' | 'dtype' | 'engine'
>;

/** A mark is stored under this and a random id, while a page that the reader sees loads a model. */
const PREFIX = 'rerank-results-loading:';

/** Browsers and models are mended. */
const REMEMBERED_MS = 30 * 24 * 60 * 60 * 1000;

/** Until then, every page knows what another one stored. */
const STORED_AFTER_MS = 200;

interface LoadMark {
  /** The settings that name the model; nothing of what the reader looks for. */
  readonly model: string;
  readonly sinceMs: number;
}

/** Models that the reader wants on this page, whatever happened. */
const wanted = new Set<string>();

/**
 * Marks, until `loading` settles and while the reader sees the page, that this model is being loaded. A page that is ended
 * leaves its mark behind, and the lock that goes with it is gone; a page that is left, closed or hidden takes its mark away, since
 * what ends a page that nobody sees says nothing about the model. A load that succeeds forgets what was remembered.
 *
 * Where the browser has no locks, as on insecure pages, nobody could tell a page that was ended from one that is loading
 * beside this one: there nothing is marked.
 */
export function markLoading(options: LoadedModel, loading: Promise<unknown>): void {
  if (!hasLocks()) return;
  const model = nameModel(options);
  let unmark = (): void => undefined;
  const follow = (): void => {
    unmark();
    unmark = document.visibilityState === 'visible' ? setMark(model) : () => undefined;
  };
  const leave = (): void => unmark();
  follow();
  document.addEventListener('visibilitychange', follow);
  window.addEventListener('pageshow', follow);
  window.addEventListener('pagehide', leave);
  const end = (): void => {
    document.removeEventListener('visibilitychange', follow);
    window.removeEventListener('pageshow', follow);
    window.removeEventListener('pagehide', leave);
    unmark();
  };
  loading.then(() => {
    end();
    return forgetCrash(model);
  }, end);
}

/** Whether loading this model may have ended a page: if not, there is nothing to wait for. */
export function mayHaveCrashed(options: LoadedModel): boolean {
  const model = nameModel(options);
  return !wanted.has(model) && listMarks(model).length > 0;
}

/** Whether loading this model ended a page of this site, and the reader has not asked for it since. */
export async function hasCrashed(options: LoadedModel): Promise<boolean> {
  const model = nameModel(options);
  const isLeft = !wanted.has(model) && (await listLeftMarks(model)).length > 0;
  // The reader may have asked for it meanwhile.
  return isLeft && !wanted.has(model);
}

/** From now on, this page loads the model, whatever happened. */
export function loadAnyway(options: LoadedModel): void {
  wanted.add(nameModel(options));
}

async function forgetCrash(model: string): Promise<void> {
  for (const name of await listLeftMarks(model)) removeStored(name);
}

/** Marks of pages that were ended. */
async function listLeftMarks(model: string): Promise<readonly string[]> {
  // Before the locks: a page takes its lock first, so a mark without one is of no page that lives.
  const marks = listMarks(model);
  if (marks.length === 0 || !hasLocks()) return [];
  try {
    const { held = [], pending = [] } = await navigator.locks.query();
    const locked = new Set([...held, ...pending].map(({ name }) => name));
    const left = marks.filter((name) => !locked.has(name));
    if (left.length === 0) return [];
    // A page that has just finished has given its lock back, and its mark may still be seen.
    await new Promise((resolve) => setTimeout(resolve, STORED_AFTER_MS));
    const present = listMarks(model);
    return left.filter((name) => present.includes(name));
  } catch {
    // A browser that refuses its locks has marked nothing.
    return [];
  }
}

/** Marks until the function that it returns is called: first the lock, so that no mark of a page that lives is without. */
function setMark(model: string): () => void {
  const name = `${PREFIX}${crypto.randomUUID()}`;
  const over = new AbortController();
  const hold = (): Promise<void> | undefined => {
    if (over.signal.aborted) return undefined;
    const mark: LoadMark = { model, sinceMs: Date.now() };
    store(name, JSON.stringify(mark));
    return new Promise((resolve) => over.signal.addEventListener('abort', () => resolve()));
  };
  navigator.locks.request(name, hold).catch(() => undefined);
  return () => {
    removeStored(name);
    over.abort();
  };
}

/** The names of the marks for this model; what is too old is taken away. */
function listMarks(model: string): readonly string[] {
  return listStored(PREFIX).filter((name) => {
    const mark = readMark(readStored(name) ?? '');
    const ageMs = Date.now() - (mark?.sinceMs ?? Number.NEGATIVE_INFINITY);
    // A clock that was put back must not make it last for ever.
    if (Math.abs(ageMs) > REMEMBERED_MS) removeStored(name);
    else return mark?.model === model;
    return false;
  });
}

function readMark(text: string): LoadMark | undefined {
  try {
    return JSON.parse(text) as LoadMark;
  } catch {
    return undefined;
  }
}

function hasLocks(): boolean {
  return 'locks' in navigator;
}

/** On a site, the same model may be named from several pages. */
function nameModel(options: LoadedModel): string {
  const { model, tiers, modelBaseUrl = '', device, dtype, engine } = options;
  return JSON.stringify([model, tiers, toAbsolute(modelBaseUrl), device, dtype, engine]);
}

function toAbsolute(url: string): string {
  try {
    return new URL(url, document.baseURI).href;
  } catch {
    return url;
  }
}
