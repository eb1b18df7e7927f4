import { readBlend } from '../client/read-request.ts';
import type { Blend } from '../shared/blend.ts';
import { DEFAULT_CANDIDATES, DEFAULT_PRIOR_WEIGHT } from '../shared/defaults.ts';
import { RerankError } from '../shared/errors.ts';
import type { RerankerSource } from './open-once.ts';
import { createClientSearch } from './search-client/client-search.ts';
import { watchReranker } from './search-client/ready-reranker.ts';
import { readHitText, type Hit } from './search-client/rerank-hits.ts';
import { standInFor } from './search-client/stand-in.ts';

export type { RerankerSource } from './open-once.ts';
export type { Hit, HitPlace } from './search-client/rerank-hits.ts';

const DEFAULT_BUDGET_MS = 500;
const DEFAULT_TIMEOUT_MS = 2000;

/** A search client in the shape of Algolia's: one that InstantSearch or DocSearch accepts. */
export interface SearchClientLike {
  readonly search: (...args: never[]) => unknown;
}

/** How the client's results are reranked. */
export interface RerankingOptions {
  /**
   * What orders the hits. Until it is ready, answers pass through in the engine's own order. A function is called with the first
   * query that has an order to improve, so that a visitor who does not search downloads no model.
   */
  readonly reranker: RerankerSource;
  /**
   * How many hits are asked for and reranked, 1 to 1 000; whole pages of them, and at least one. Default 50. Typesense allows
   * 250.
   */
  readonly candidates?: number | undefined;
  /**
   * Paths of the attributes that the model reads, in this order, joined by a line break; such as `hierarchy.lvl1`. Default: title
   * and text under their usual names, or those of DocSearch's records.
   */
  readonly fields?: readonly string[] | undefined;
  /** What the model reads of a hit, in place of `fields`. */
  readonly toText?: ((hit: Hit) => string) | undefined;
  /**
   * Which queries are reranked, by their parameters. Default: all with a text that are not sorted by a field, as far as the
   * index's name tells; say no for replicas that sort by price or date.
   */
  readonly shouldRerank?:
    | ((request: {
        readonly indexName: string;
        readonly query: string;
        readonly params: Hit;
      }) => boolean)
    | undefined;
  /** How the engine's own order counts. Default: its rank, with weight 0.2. */
  readonly blend?: Blend | undefined;
  /** Milliseconds after which the reranker answers with the best order so far. Default 500. */
  readonly budgetMs?: number | undefined;
  /** Milliseconds after which a reranker that has not answered at all is left, and the engine's order given. Default 2 000. */
  readonly timeoutMs?: number | undefined;
  /** Told why an answer has the engine's own order, but not while the reranker is loading. Default: nobody is. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/**
 * Wraps a search client so that the UI which uses it shows the reranked order: the client of algoliasearch 4 or 5, or
 * those for InstantSearch of Typesense and Meilisearch. Everything but `search` and `searchForHits` is the client's own.
 *
 * Each hit that was reranked has `_rerank` (`HitPlace`); all else in the answer is as the engine gave it, with paging as it was
 * asked for. Where reranking fails, the engine's own order is given. Errors of the engine are the client's own.
 *
 * @throws RerankError `invalid-input` for an option that cannot be used.
 */
export function withReranking<TClient extends SearchClientLike>(
  client: TClient,
  options: RerankingOptions,
): TClient {
  const { candidates = DEFAULT_CANDIDATES, fields, shouldRerank = () => true } = options;
  const { budgetMs = DEFAULT_BUDGET_MS, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const blend = options.blend ?? { prior: 'rank', weight: DEFAULT_PRIOR_WEIGHT };
  // In its own turn: an error that it throws must not cost the results.
  const onError = (error: unknown): void => {
    queueMicrotask(() => options.onError?.(error));
  };
  requireNumber('candidates', candidates, 1, 1000);
  requireNumber('budgetMs', budgetMs, 1, Infinity);
  requireNumber('timeoutMs', timeoutMs, 1, Infinity);
  readBlend({ blend, documents: [] });
  const wrap = createClientSearch({
    readyReranker: watchReranker(options.reranker, onError),
    candidates,
    shouldRerank,
    reranking: {
      toText: options.toText ?? ((hit) => readHitText(hit, fields)),
      blend,
      budgetMs,
      timeoutMs,
    },
    onError,
  });
  return standInFor(client, (name) => {
    const value: unknown = Reflect.get(client, name, client);
    if (typeof value !== 'function') return value;
    // Bound to the client itself: its methods call each other, and may have private fields.
    const method = value.bind(client) as (...args: unknown[]) => unknown;
    return name === 'search' || name === 'searchForHits' ? wrap(method) : method;
  });
}

function requireNumber(name: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  const range = most === Infinity ? `${least} or more` : `from ${least} to ${most}`;
  const message = `${name} must be a number ${range}, but is ${value}.`;
  throw new RerankError('invalid-input', message, { argument: name });
}
