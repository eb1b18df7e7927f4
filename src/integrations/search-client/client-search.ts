import { RerankError } from '../../shared/errors.ts';
import type { Reranker } from '../../shared/types.ts';
import { isRecord } from '../../sources/read-path.ts';
import { watchNewest } from './newest-run.ts';
import { createOrderMemory } from './order-memory.ts';
import { cutPage, isHitsResponse, windowOf } from './page-of-hits.ts';
import { readQuery, type ClientQuery } from './read-query.ts';
import { rerankHits, type HitReranking } from './rerank-hits.ts';

/** A client's own `search`, whatever it takes. */
type ClientSearch = (...args: unknown[]) => unknown;

/** What a wrapped client needs. */
export interface ClientSearchOptions {
  readonly readyReranker: () => Promise<Reranker | undefined>;
  readonly candidates: number;
  readonly shouldRerank: (query: ClientQuery) => boolean;
  readonly reranking: HitReranking;
  readonly onError: (error: unknown) => void;
}

/** A query whose answer will be reranked. */
interface WidenedQuery extends ClientQuery {
  readonly hitsPerPage: number;
  /** How many hits the engine is asked for. */
  readonly window: number;
}

/** Makes of a client's own `search` one that reranks. */
export function createClientSearch(
  options: ClientSearchOptions,
): (ownSearch: ClientSearch) => (...args: unknown[]) => Promise<unknown> {
  const { readyReranker, candidates, shouldRerank, reranking, onError } = options;
  const memory = createOrderMemory(onError);
  const beginRuns = watchNewest();
  /** Results on a page of each index, where requests do not say it. */
  const pageSizes = new Map<string, number>();

  /** The query as the engine must be asked for it; undefined where its answer passes through. */
  const widen = (query: ClientQuery): WidenedQuery | undefined => {
    const { indexName, key, page } = query;
    const hitsPerPage = query.hitsPerPage ?? pageSizes.get(indexName);
    if (hitsPerPage === undefined) return undefined;
    const window = windowOf(hitsPerPage, candidates);
    if ((page + 1) * hitsPerPage > window) return undefined;
    if (page > 0 && memory.isOwn(key)) return undefined;
    return { ...query, hitsPerPage, window };
  };

  const rerankResponse = async (
    response: unknown,
    query: WidenedQuery,
    reranker: Reranker,
    signal: AbortSignal,
  ): Promise<unknown> => {
    if (!isHitsResponse(response)) return response;
    const hits = response.hits.slice(0, candidates);
    const make = () => rerankHits({ query: query.query, hits }, reranker, reranking, signal);
    const places = signal.aborted ? undefined : await memory.orderOf(query, hits, make, signal);
    return cutPage(response, places, query);
  };

  return (ownSearch) =>
    async (input, ...rest) => {
      const requests: unknown = isRecord(input) ? input['requests'] : input;
      if (!Array.isArray(requests)) return ownSearch(input, ...rest);
      const ask = (asked: readonly unknown[]): unknown =>
        ownSearch(isRecord(input) ? { ...input, requests: asked } : asked, ...rest);
      const askAsGiven = (): unknown => ownSearch(input, ...rest);

      const queries = requests.map((request) => {
        const query = readQuery(request, Array.isArray(input));
        return query && shouldRerank(query) ? query : undefined;
      });
      const wanted = queries.filter((query) => query !== undefined);
      const reranker = wanted.length > 0 ? await readyReranker() : undefined;
      if (!reranker) {
        for (const { key, page } of wanted) if (page === 0) memory.keepOwn(key);
        return askAsGiven();
      }

      let asGiven: unknown;
      if (
        wanted.some((query) => query.hitsPerPage === undefined && !pageSizes.has(query.indexName))
      ) {
        asGiven = await askAsGiven();
        learnPageSizes(asGiven, queries, pageSizes);
      }
      const widened = queries.map((query) => query && widen(query));
      const begun = widened.filter((query) => query !== undefined);
      if (begun.length === 0) return asGiven ?? askAsGiven();
      const signals = beginRuns(begun);

      const asked = widened.map((query, index) =>
        query ? query.askFor(0, query.window) : (requests[index] as unknown),
      );
      let answer: ClientAnswer;
      try {
        answer = requireWindows(await ask(asked), widened);
      } catch (error) {
        // The engine may refuse so many hits. Its own error, where it fails anyway, comes from this request.
        const own = asGiven ?? (await askAsGiven());
        for (const query of widened) if (query?.page === 0) memory.keepOwn(query.key);
        onError(error);
        return own;
      }
      const results = await Promise.all(
        answer.results.map((response, index) => {
          const query = widened[index];
          const signal = query && signals.get(query.key);
          return signal ? rerankResponse(response, query, reranker, signal) : response;
        }),
      );
      return { ...answer, results };
    };
}

interface ClientAnswer extends Readonly<Record<string, unknown>> {
  readonly results: readonly unknown[];
}

function isClientAnswer(answer: unknown): answer is ClientAnswer {
  return isRecord(answer) && Array.isArray(answer['results']);
}

/** Keeps the size of a page that the engine chose for each index. */
function learnPageSizes(
  answer: unknown,
  queries: readonly (ClientQuery | undefined)[],
  pageSizes: Map<string, number>,
): void {
  if (!isClientAnswer(answer)) return;
  for (const [index, query] of queries.entries()) {
    const response = answer.results[index];
    if (!query || query.hitsPerPage !== undefined || !isRecord(response)) continue;
    const size = response['hitsPerPage'];
    if (Number.isInteger(size) && (size as number) > 0) {
      pageSizes.set(query.indexName, size as number);
    }
  }
}

/**
 * The answer, if it holds what was asked for.
 *
 * @throws RerankError `source-failed` where the engine gives fewer hits a page than it was asked for.
 */
function requireWindows(
  answer: unknown,
  widened: readonly (WidenedQuery | undefined)[],
): ClientAnswer {
  if (!isClientAnswer(answer)) {
    throw new RerankError('source-failed', 'The search client answered without a list of results.');
  }
  for (const [index, query] of widened.entries()) {
    const response = answer.results[index];
    if (!query || !isHitsResponse(response) || typeof response.hitsPerPage !== 'number') continue;
    if (response.hitsPerPage >= query.window) continue;
    throw new RerankError(
      'source-failed',
      `The index ${query.indexName} gives at most ${response.hitsPerPage} hits, but was asked for ${query.window}. ` +
        `Set "candidates" to ${response.hitsPerPage} or fewer.`,
    );
  }
  return answer;
}
