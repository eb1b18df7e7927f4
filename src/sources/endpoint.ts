import { RerankError, describeError } from '../shared/errors.ts';
import type { CandidateInput } from './candidate.ts';

/** Names of the property that holds the list of results, the first that is there wins. */
const LIST_NAMES = ['results', 'hits', 'items', 'documents', 'data'];

/** Finds candidates for a query; `limit` is how many are wanted. */
export type SearchFunction = (
  query: string,
  options: { readonly limit: number; readonly signal: AbortSignal },
) => Promise<readonly CandidateInput[]> | readonly CandidateInput[];

/**
 * A search over HTTP that answers with JSON: a list, or an object with a list named `results`, `hits`,
 * `items`, `documents` or `data`.
 *
 * @param template URL relative to the page; `{query}` and `{candidates}` are replaced.
 * @param base What a relative template stands in. Default: the page.
 * @returns A search that throws RerankError `source-failed` with `url` and `status`.
 */
export function searchEndpoint(template: string, base?: string): SearchFunction {
  return async (query, { limit, signal }) => {
    const url = new URL(
      template
        .replaceAll('{query}', () => encodeURIComponent(query))
        .replaceAll('{candidates}', String(limit)),
      base ?? document.baseURI,
    ).href;
    const fail = (what: string, status?: number): RerankError =>
      new RerankError('source-failed', `The search at ${url} ${what}.`, { url, status });

    let response: Response;
    try {
      response = await fetch(url, { signal, headers: { accept: 'application/json' } });
    } catch (error) {
      if (signal.aborted) throw error;
      throw fail(`could not be reached: ${describeError(error)}`);
    }
    if (!response.ok) throw fail(`answered with HTTP status ${response.status}`, response.status);
    let body: unknown;
    try {
      body = await response.json();
    } catch (error) {
      if (signal.aborted) throw error;
      throw fail('did not answer with JSON', response.status);
    }
    const list = findList(body);
    if (!list)
      throw fail(`answered without a list named ${LIST_NAMES.join(', ')}`, response.status);
    return list.slice(0, limit);
  };
}

function findList(body: unknown): CandidateInput[] | undefined {
  if (Array.isArray(body)) return body as CandidateInput[];
  if (typeof body !== 'object' || body === null) return undefined;
  const lists = LIST_NAMES.map((name) => (body as Record<string, unknown>)[name]);
  return lists.find((value) => Array.isArray(value)) as CandidateInput[] | undefined;
}
