import { toCandidates, type Candidate } from '../../src/sources/candidate.ts';
import type { SearchFunction } from '../../src/sources/endpoint.ts';

/** A query that finds many sections of the demo's manual. */
export const query = 'how do I find slow queries';

/** The candidates that an element would get of a source. */
export async function searchWith(
  search: SearchFunction,
  { text = query, limit = 50, signal = new AbortController().signal } = {},
): Promise<Candidate[]> {
  return toCandidates(await search(text, { limit, signal }));
}
