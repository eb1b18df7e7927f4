import { searchJson, type HttpSourceOptions, type SearchFunction } from './endpoint.ts';
import { encodeText, trimSlashes } from './url-text.ts';

/** An index of a Meilisearch server. */
export interface MeilisearchOptions extends HttpSourceOptions {
  /** The server's address, such as `https://search.example.org:7700`. */
  readonly url: string;
  /** A search-only key: whoever visits the page can read it. Default: none, for a server without keys. */
  readonly apiKey?: string | undefined;
  readonly indexUid: string;
  /** More search parameters, such as `filter` or `hybrid`. */
  readonly params?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Searches a Meilisearch index. Where the documents' primary key has another name than `id`, give it as `fields.id`.
 *
 * @throws RerankError, from the search, `source-failed` with `url` and `status`.
 */
export function searchMeilisearch(options: MeilisearchOptions): SearchFunction {
  const { url, apiKey, indexUid, params = {}, fields, timeoutMs, maxBytes } = options;
  return searchJson(
    {
      url: `${trimSlashes(url)}/indexes/${encodeText(indexUid)}/search`,
      headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` },
      body: { ...params, q: '{query}', limit: '{candidates}', showRankingScore: true },
      list: 'hits',
      fields: { score: '_rankingScore', ...fields },
      timeoutMs,
      maxBytes,
    },
    { highlights: { under: ['_formatted'], tags: /<\/?em>/g } },
  );
}
