import { toCandidates } from './candidate.ts';
import { searchEndpoint, type EndpointOptions, type SearchFunction } from './endpoint.ts';
import type { LexicalIndex } from './lexical-index.ts';
import { untilAborted } from '../shared/until-aborted.ts';

/** Settings of {@link searchStaticIndex}: those of a search API that does not change. */
export type StaticIndexOptions = Pick<
  EndpointOptions,
  'fields' | 'list' | 'timeoutMs' | 'maxBytes' | 'headers' | 'credentials'
>;

/** A search that can be made ready before the first query. */
export interface StaticIndexSearch extends SearchFunction {
  /** Fetches the list and makes the index, once. Rejects as a query does; the next call tries again. */
  load(): Promise<void>;
}

const DEFAULT_MAX_BYTES = 32_000_000;
const DEFAULT_TIMEOUT_MS = 60_000;

/**
 * A search without a server: a JSON list of documents, each with some of the usual names (`id`, `title`, `text`, `url`),
 * is fetched once, with the first query, and searched in the page by BM25 (MiniSearch). No query leaves the page.
 *
 * Words are optional, so that long questions find something, and English function words are left out; the last word is
 * also taken as the beginning of a word, and longer words match with a letter wrong. Making the index leaves the page
 * responsive, but takes about half a second a megabyte on a slow device: lists of up to some megabytes suit.
 *
 * @param url Relative to the page.
 * @param options Default: `maxBytes` 32 000 000, after decompression, and `timeoutMs` 60 000.
 * @returns A search that throws RerankError `source-failed`, with `url` and `status`, where it gets no list.
 */
export function searchStaticIndex(
  url: string,
  options: StaticIndexOptions = {},
): StaticIndexSearch {
  const fetchAll = searchEndpoint({
    timeoutMs: DEFAULT_TIMEOUT_MS,
    maxBytes: DEFAULT_MAX_BYTES,
    ...options,
    url,
  });
  let loading: Promise<LexicalIndex> | undefined;
  const open = (): Promise<LexicalIndex> => {
    loading ??= loadIndex(fetchAll).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
  const search: SearchFunction = async (query, { limit, signal }) => {
    // A newer query ends the waiting and not the loading, which it needs as well.
    const index = await untilAborted(open(), signal);
    return index.search(query, limit);
  };
  return Object.assign(search, {
    load: async () => {
      await open();
    },
  });
}

async function loadIndex(fetchAll: SearchFunction): Promise<LexicalIndex> {
  const [documents, { createLexicalIndex }] = await Promise.all([
    fetchAll('', { limit: Infinity, signal: new AbortController().signal }),
    // Pages that use another source do not load it.
    import('./lexical-index.ts'),
  ]);
  return createLexicalIndex(toCandidates(documents));
}
