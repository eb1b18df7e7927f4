import { toCandidates } from '../sources/candidate.ts';
import { searchEndpoint, type SearchFunction } from '../sources/endpoint.ts';
import type { Result } from './events.ts';

/** Finds a query's candidates; the newest run's signal ends it. */
export type FindCandidates = (signal: AbortSignal) => Promise<readonly Result[]>;

/**
 * How an element's settings find candidates: the items of the site's own list, else its function, else its search API.
 *
 * @param limit The most candidates to ask for and to take.
 * @returns Undefined where the element has no source.
 */
export function chooseSource(
  query: string,
  limit: number,
  source: {
    readonly list: { readonly items: readonly Element[] } | undefined;
    readonly search: SearchFunction | undefined;
    /** Empty where there is none. */
    readonly endpoint: string;
  },
): FindCandidates | undefined {
  const { list, endpoint } = source;
  if (list) return () => Promise.resolve(list.items.slice(0, limit));
  const search = source.search ?? (endpoint === '' ? undefined : searchEndpoint(endpoint));
  return (
    search &&
    (async (signal) => toCandidates(await search(query, { limit, signal })).slice(0, limit))
  );
}
