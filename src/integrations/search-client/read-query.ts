import { isRecord } from '../../sources/read-path.ts';

/** One query of a call to a search client. */
export interface ClientQuery {
  readonly indexName: string;
  readonly query: string;
  /** Results on a page. Undefined where the index decides. */
  readonly hitsPerPage: number | undefined;
  /** From 0. */
  readonly page: number;
  /** All parameters, in whichever shape the client takes them. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Equal for all pages of one query, and for nothing else. */
  readonly key: string;
  /** The request for another page, in the shape that it came in. */
  readonly askFor: (page: number, hitsPerPage: number) => unknown;
}

/** How the clients for Typesense and Meilisearch write an index in an order that the reader chose. */
const SORTED_INDEX = /\/sort\/|:(asc|desc)$/;

/**
 * Reads a request in the shape of algoliasearch 4 (parameters in `params`) or 5 (flat).
 *
 * @param isLegacy Whether it came in a list, the shape of version 4.
 * @returns Undefined for what has no order by relevance to improve: requests for facets or for no hits, without a query,
 * by offset, sorted by a field, or in a shape that is not known.
 */
export function readQuery(request: unknown, isLegacy: boolean): ClientQuery | undefined {
  if (!isRecord(request)) return undefined;
  const { params: inner, ...outer } = request;
  if (inner !== undefined && !isRecord(inner)) return undefined;
  const params = { ...outer, ...inner };
  const { indexName, query, hitsPerPage, page = 0 } = params;
  if (typeof indexName !== 'string' || SORTED_INDEX.test(indexName)) return undefined;
  if (typeof query !== 'string' || query.trim() === '') return undefined;
  if (!isWholeNumber(page) || (hitsPerPage !== undefined && !isWholeNumber(hitsPerPage)))
    return undefined;
  if (hitsPerPage === 0 || params['type'] === 'facet') return undefined;
  if (params['offset'] !== undefined || params['length'] !== undefined) return undefined;
  const isNested = isLegacy || inner !== undefined;
  return {
    indexName,
    query,
    hitsPerPage,
    page,
    params,
    key: JSON.stringify({ ...params, page: undefined }),
    askFor(askedPage, askedHits) {
      const paging = { page: askedPage, hitsPerPage: askedHits };
      return isNested ? { ...outer, params: { ...inner, ...paging } } : { ...outer, ...paging };
    },
  };
}

function isWholeNumber(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}
