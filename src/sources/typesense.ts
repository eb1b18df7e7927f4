import { searchJson, type HttpSourceOptions, type SearchFunction } from './endpoint.ts';
import { readRecord } from './read-path.ts';
import { encodeText, trimSlashes } from './url-text.ts';

/** A collection of a Typesense server. */
export interface TypesenseOptions extends HttpSourceOptions {
  /** The server's address, such as `https://search.example.org:8108`. */
  readonly url: string;
  /** A search-only key: whoever visits the page can read it. */
  readonly apiKey: string;
  readonly collection: string;
  /** The fields that are searched, as Typesense's `query_by`, such as `title,text`. */
  readonly queryBy: string;
  /** More search parameters, such as `filter_by`. */
  readonly params?: Readonly<Record<string, string | number | boolean>> | undefined;
}

/** Typesense refuses a request for more. */
const MAX_PER_PAGE = 250;

/**
 * Searches a Typesense collection. Paths in `fields` are read from the document, or from the whole hit. At most 250
 * candidates.
 *
 * @throws RerankError, from the search, `source-failed` with `url` and `status`.
 */
export function searchTypesense(options: TypesenseOptions): SearchFunction {
  const { url, apiKey, collection, queryBy, params = {}, fields, timeoutMs, maxBytes } = options;
  const all: TypesenseOptions['params'] = { ...params, query_by: queryBy };
  const parameters = new URLSearchParams(
    Object.entries(all).map(([name, value]) => [name, String(value)]),
  ).toString();
  const path = `/collections/${encodeText(collection)}/documents/search`;
  const search = searchJson(
    {
      url: `${trimSlashes(url)}${path}?q={query}&per_page={candidates}&${parameters}`,
      headers: { 'x-typesense-api-key': apiKey },
      list: 'hits',
      fields: {
        id: 'document.id',
        score: ['hybrid_search_info.rank_fusion_score', 'text_match'],
        ...fields,
      },
      timeoutMs,
      maxBytes,
    },
    {
      readHit: (hit) => ({ ...readRecord(hit, 'document'), ...hit }),
      highlights: { under: ['highlight', 'highlights'], tags: /<\/?mark>/g },
    },
  );
  return (query, { limit, signal }) =>
    search(query, { limit: Math.min(limit, MAX_PER_PAGE), signal });
}
