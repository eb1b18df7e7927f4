import { isRecord } from '../../sources/read-path.ts';
import type { Hit, HitPlace } from './rerank-hits.ts';

/** An engine's answer to one query. */
export interface HitsResponse extends Readonly<Record<string, unknown>> {
  readonly hits: readonly Hit[];
  readonly hitsPerPage?: unknown;
  readonly nbHits?: unknown;
  readonly nbPages?: unknown;
}

/** Whether an answer is a list of hits. */
export function isHitsResponse(response: unknown): response is HitsResponse {
  return isRecord(response) && Array.isArray(response['hits']) && response['hits'].every(isRecord);
}

/**
 * How many results from the first on have the reranked order: whole pages, so that no result is on two of them or on none; at
 * most `candidates`, but at least one page.
 */
export function windowOf(hitsPerPage: number, candidates: number): number {
  return hitsPerPage * Math.max(1, Math.floor(candidates / hitsPerPage));
}

/**
 * One page of an answer that holds more, as the engine would have answered for it.
 *
 * @param places The reranked order of the answer's first hits. Undefined: the engine's own.
 */
export function cutPage(
  response: HitsResponse,
  places: readonly HitPlace[] | undefined,
  { page, hitsPerPage }: { readonly page: number; readonly hitsPerPage: number },
): HitsResponse {
  const { hits } = response;
  const reranked = (places ?? []).flatMap((place) => {
    const hit = hits[place.originalRank - 1];
    return hit ? [{ ...hit, _rerank: place }] : [];
  });
  const order = [...reranked, ...hits.slice(reranked.length)];
  return {
    ...response,
    hits: order.slice(page * hitsPerPage, (page + 1) * hitsPerPage),
    page,
    hitsPerPage,
    nbPages: Math.ceil(countReachable(response) / hitsPerPage),
  };
}

/** How many results the engine lets be paged through: some end before the last one. */
function countReachable({ hits, nbHits, nbPages, hitsPerPage }: HitsResponse): number {
  if (typeof nbHits !== 'number') return hits.length;
  if (typeof nbPages !== 'number' || typeof hitsPerPage !== 'number') return nbHits;
  return nbPages <= 1 ? hits.length : Math.min(nbHits, nbPages * hitsPerPage);
}
