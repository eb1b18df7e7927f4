import { searchJson, type HttpSourceOptions, type SearchFunction } from './endpoint.ts';
import { readRecord } from './read-path.ts';
import { encodeText, trimSlashes } from './url-text.ts';

/** An index of an Elasticsearch or OpenSearch server. */
export interface ElasticsearchOptions extends HttpSourceOptions {
  /** The server's address. A page should reach it through a proxy of its site that lets searches pass and nothing else. */
  readonly url: string;
  /** An index, an alias, or several joined by commas. */
  readonly index: string;
  /** Such as `authorization`. Whoever visits the page can read them. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The fields that the default query searches, such as `['title^2', 'text']`. Default: all that the index says. */
  readonly queryFields?: readonly string[] | undefined;
  /**
   * The body of the search, in place of the default `multi_match` query over `queryFields`; a template as in
   * `searchEndpoint`. Its `size` is `{candidates}` where it has none.
   */
  readonly body?: Readonly<Record<string, unknown>> | undefined;
  /** As in `fetch`: whether cookies go along. Default `same-origin`. */
  readonly credentials?: RequestCredentials | undefined;
}

/**
 * Searches an index of Elasticsearch or OpenSearch by `_search`. Paths in `fields` are read from `_source`, or from the
 * whole hit.
 *
 * @throws RerankError, from the search, `source-failed` with `url` and `status`.
 */
export function searchElasticsearch(options: ElasticsearchOptions): SearchFunction {
  const { url, index, headers, queryFields, credentials, fields, timeoutMs, maxBytes } = options;
  const query = {
    multi_match: { query: '{query}', ...(queryFields && { fields: queryFields }) },
  };
  const indices = index.split(',').map(encodeText).join(',');
  return searchJson(
    {
      url: `${trimSlashes(url)}/${indices}/_search`,
      headers,
      body: { size: '{candidates}', ...(options.body ?? { query }) },
      list: 'hits.hits',
      fields: { id: '_id', score: '_score', ...fields },
      credentials,
      timeoutMs,
      maxBytes,
    },
    {
      readHit: (hit) => ({ ...readRecord(hit, '_source'), ...hit }),
      highlights: { under: ['highlight'], tags: /<\/?em>/g },
    },
  );
}
