import type { SearchFunction } from 'rerank-results/element';
import { makeExcerpt } from './excerpt.ts';

/** How long one search took. */
export interface SearchTiming {
  /** From the request to its parsed answer. */
  readonly roundTripMs: number;
  /** Of that, the time in the server's index. */
  readonly indexMs: number;
  /** Records that match at all. */
  readonly total: number;
}

interface SearchAnswer {
  readonly total: number;
  readonly tookMs: number;
  readonly results: readonly {
    readonly id: string;
    readonly title: string;
    readonly text: string;
    readonly url: string;
  }[];
}

/**
 * The site's own search, for the element's `search` property. The model reads `passage`, which is the
 * whole record; the page shows `text`, an excerpt.
 */
export function searchManual(callbacks: {
  readonly onStart: (query: string) => void;
  readonly onEnd: (timing: SearchTiming) => void;
}): SearchFunction {
  return async (query, { limit, signal }) => {
    callbacks.onStart(query);
    const startMs = performance.now();
    const parameters = new URLSearchParams({ q: query, limit: String(limit) });
    const response = await fetch(`/api/search?${parameters.toString()}`, { signal });
    if (!response.ok) throw new Error(await readReason(response));
    const { total, tookMs, results } = (await response.json()) as SearchAnswer;
    if (!signal.aborted) {
      callbacks.onEnd({ roundTripMs: performance.now() - startMs, indexMs: tookMs, total });
    }
    return results.map(({ id, title, text, url }) => ({
      id,
      title,
      url,
      text: makeExcerpt(text, query),
      passage: text,
    }));
  };
}

/** What the search says went wrong; its status where it says nothing. */
async function readReason(response: Response): Promise<string> {
  const status = `The search answered with HTTP status ${response.status}.`;
  try {
    const body = (await response.json()) as { readonly error?: { readonly message?: unknown } };
    return typeof body.error?.message === 'string' ? `${status} ${body.error.message}` : status;
  } catch {
    return status;
  }
}
