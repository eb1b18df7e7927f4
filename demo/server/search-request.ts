/** Longest query that the search API takes, in characters (UTF-16 code units). */
export const MAX_QUERY_LENGTH = 1000;
/** Results returned when a request names no limit. */
export const DEFAULT_LIMIT = 50;
/** Most results of one request; a larger limit is lowered to this. */
export const MAX_LIMIT = 200;

/** What a request to the search API asks for, or why it cannot be answered. */
export type SearchRequest =
  | { readonly kind: 'ok'; readonly query: string; readonly limit: number }
  | {
      readonly kind: 'invalid';
      readonly code: 'bad-query' | 'bad-limit';
      readonly message: string;
    };

/** Reads `q` and `limit` from a request's address. `limit` is clamped to 1…{@link MAX_LIMIT}. */
export function readSearchRequest(address: string): SearchRequest {
  const search = address.indexOf('?');
  const parameters = new URLSearchParams(search === -1 ? '' : address.slice(search + 1));
  const query = parameters.get('q')?.trim() ?? '';
  if (query === '') {
    return { kind: 'invalid', code: 'bad-query', message: 'Say what to search for: ?q=words.' };
  }
  if (query.length > MAX_QUERY_LENGTH) {
    const message = `q has ${query.length} characters; at most ${MAX_QUERY_LENGTH} are allowed.`;
    return { kind: 'invalid', code: 'bad-query', message };
  }
  const limit = parameters.get('limit') ?? String(DEFAULT_LIMIT);
  if (!/^[+-]?\d+$/.test(limit)) {
    return { kind: 'invalid', code: 'bad-limit', message: 'limit must be a whole number.' };
  }
  return { kind: 'ok', query, limit: Math.min(Math.max(Number(limit), 1), MAX_LIMIT) };
}
