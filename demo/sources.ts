import type { SearchFunction } from 'rerank-results/element';
import { LIST_MEGABYTES } from './download-sizes.ts';
import { formatCount, formatMs } from './format-numbers.ts';
import type { SourceName } from './page-state.ts';
import { once } from './once.ts';

/** A record of the manual, as each search returns it. */
export interface ManualResult {
  /** Pagefind has none. */
  readonly id?: string;
  readonly title: string;
  readonly text: string;
  readonly url: string;
}

/** What one search found. */
export interface ManualAnswer {
  readonly results: readonly ManualResult[];
  /** One more thing to say about the search. */
  readonly detail: string;
}

/** One search of the manual. */
export type SearchManual = (
  query: string,
  options: Parameters<SearchFunction>[1],
) => Promise<ManualAnswer>;

/** A search that the reader can choose. */
export interface ManualSource {
  /** Stands over the search's own order. */
  readonly caption: string;
  /** Whether it runs in the page, and so loads something for its first search. */
  readonly isInPage: boolean;
  /** Where the query goes: the beginning of a sentence. */
  readonly queryGoes: string;
  /** What its first search loads, in words. */
  readonly indexSize: string;
  /** Loads engine and index, where they are not here yet. */
  readonly open: () => Promise<SearchManual>;
}

const LIST_URL = './indexes/manual.json';

/** The engines in the page and their indexes are loaded when they are chosen, once. */
const openMiniSearch = once(async () => {
  const { searchStaticIndex } = await import('rerank-results/sources');
  const search = searchStaticIndex(LIST_URL);
  await search.load();
  return search;
});

const openOrama = once(async () => {
  const { openOramaIndex } = await import('./orama-index.ts');
  return openOramaIndex(LIST_URL);
});

const openPagefind = once(async () => {
  const { searchPagefind } = await import('rerank-results/sources');
  return searchPagefind('./indexes/pagefind/pagefind.js', { subResults: true });
});

const openFusion = once(async () => {
  const { fuseSources } = await import('rerank-results/sources');
  const [minisearch, orama] = await Promise.all([openMiniSearch(), openOrama()]);
  // Both have the same records: a section's parts share an address, and not an id.
  return fuseSources({ minisearch, orama }, { mergeBy: 'id' });
});

export const SOURCES: Readonly<Record<SourceName, ManualSource>> = {
  api: {
    caption: 'BM25, on the server',
    isInPage: false,
    queryGoes: 'Your query goes to this site’s own search',
    indexSize: 'nothing',
    open: () => Promise.resolve(searchApi),
  },
  minisearch: inPage('BM25 by MiniSearch, in this page', openMiniSearch),
  orama: inPage('BM25 by Orama, in this page', openOrama),
  pagefind: inPage('Pagefind, in this page', openPagefind, {
    detail: 'parts of its index fetched',
    indexSize: 'less than 1 MB',
    // The host sees which parts these are.
    queryGoes:
      'Your query is not sent, but the parts of Pagefind’s index that hold its words are fetched',
  }),
  fusion: inPage('MiniSearch and Orama, fused by their ranks (RRF), in this page', openFusion),
};

interface ApiAnswer {
  readonly total: number;
  readonly tookMs: number;
  readonly results: readonly ManualResult[];
}

const searchApi: SearchManual = async (query, { limit, signal }) => {
  const parameters = new URLSearchParams({ q: query, limit: String(limit) });
  const response = await fetch(`/api/search?${parameters.toString()}`, { signal }).catch(
    (cause: unknown) => {
      signal.throwIfAborted();
      throw new Error('This site’s search cannot be reached.', { cause });
    },
  );
  if (!response.ok) throw new Error(await readReason(response));
  const { total, tookMs, results } = (await response.json()) as ApiAnswer;
  return { results, detail: `${formatCount(total)} matches, index ${formatMs(tookMs)}` };
};

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

function inPage(
  caption: string,
  openSearch: () => Promise<SearchFunction>,
  {
    detail = 'no server was asked',
    indexSize = `${LIST_MEGABYTES} MB`,
    queryGoes = 'Your query does not leave this page',
  } = {},
): ManualSource {
  return {
    caption,
    isInPage: true,
    queryGoes,
    indexSize,
    open: async () => {
      const search = await openSearch();
      return async (query, options) => ({
        // Each index was made of these records.
        results: (await search(query, options)) as readonly ManualResult[],
        detail,
      });
    },
  };
}
