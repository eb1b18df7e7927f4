import type { SearchFunction } from 'rerank-results/element';
import { makeExcerpt } from './excerpt.ts';
import { formatMs } from './format-numbers.ts';
import type { ManualSource } from './sources.ts';

/** How long one search took. */
export interface SearchTiming {
  /** From the query to the parsed answer, without the loading of the search. */
  readonly roundTripMs: number;
  readonly detail: string;
}

/** An engine that takes longer was loaded for this search. */
const LOADED_MS = 50;

/**
 * The manual's search, for the element's `search` property. The model reads `passage`, which is the
 * whole record; the page shows `text`, an excerpt.
 */
export function searchManual(
  source: ManualSource,
  callbacks: {
    readonly onStart: (query: string) => void;
    readonly onEnd: (timing: SearchTiming) => void;
  },
): SearchFunction {
  return async (query, { limit, signal }) => {
    callbacks.onStart(query);
    const openMs = performance.now();
    const search = await source.open();
    const startMs = performance.now();
    const { results, detail } = await search(query, { limit, signal });
    if (!signal.aborted) {
      const loadingMs = startMs - openMs;
      callbacks.onEnd({
        roundTripMs: performance.now() - startMs,
        detail: loadingMs > LOADED_MS ? `after loading for ${formatMs(loadingMs)}` : detail,
      });
    }
    return results.map(({ id, title, text, url }) => ({
      ...(id !== undefined && { id }),
      title,
      url,
      text: makeExcerpt(text, query),
      passage: text,
    }));
  };
}
