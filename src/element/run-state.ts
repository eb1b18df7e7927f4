import type { RerankError } from '../shared/errors.ts';
import { isJudged } from '../shared/rank.ts';
import type { LoadProgress, Passage, RankedResult, RerankOutcome } from '../shared/types.ts';

/**
 * Why results stay in the first stage's order without anything being wrong. `too-few`: fewer than two
 * candidates. `consent`: the model is not loaded before the reader agrees. `crashed`: nor where loading it ended a page
 * of this site before.
 */
export type SkipReason = 'too-few' | 'consent' | 'crashed';

/**
 * Where a run stands. `TCandidate` is a search result, or an item of the site's own list. Whatever
 * happens after the candidates arrived, they stay.
 */
export type RunState<TCandidate> =
  | { readonly phase: 'idle' }
  | {
      readonly phase: 'searching';
      readonly query: string;
      /** The run whose results are shown until new ones arrive. */
      readonly previous: ShownState<TCandidate> | undefined;
    }
  | {
      readonly phase: 'search-failed';
      readonly query: string;
      readonly error: RerankError;
      /** Whether the browser had no network then. */
      readonly isOffline: boolean;
    }
  | ShownState<TCandidate>;

/** A state that has candidates to show. */
export type ShownState<TCandidate> = {
  readonly query: string;
  /** In the first stage's order. */
  readonly candidates: readonly TCandidate[];
} &
  /** Whether the model may be loaded without asking the reader is not known yet. */
  (
    | { readonly phase: 'checking' }
    | {
        readonly phase: 'reranking';
        /** The order so far, once there is one: what is scored first. */
        readonly order?: readonly RankedResult<TCandidate>[];
        /** What of the model has come over the network, while the rest is awaited. */
        readonly loading?: LoadProgress;
      }
    | { readonly phase: 'reranked'; readonly outcome: RerankOutcome<TCandidate> }
    | { readonly phase: 'skipped'; readonly reason: 'too-few' }
    | { readonly phase: 'skipped'; readonly reason: 'crashed' }
    | {
        readonly phase: 'skipped';
        readonly reason: 'consent';
        /** What loading the model would download; undefined where that could not be found out. */
        readonly downloadBytes: number | undefined;
      }
    | {
        readonly phase: 'rerank-failed';
        readonly error: RerankError;
        /** Whether the browser had no network then, which the model was to be loaded from. */
        readonly isOffline: boolean;
      }
  );

/** The state whose candidates are on the page, if any. */
export function shownState<TCandidate>(
  state: RunState<TCandidate>,
): ShownState<TCandidate> | undefined {
  switch (state.phase) {
    case 'idle':
    case 'search-failed':
      return undefined;
    case 'searching':
      return state.previous;
    default:
      return state;
  }
}

/** A candidate with its place in the order on the page. */
export interface PlacedCandidate<TCandidate> {
  readonly candidate: TCandidate;
  /** Place in the order on the page, from 1. */
  readonly rank: number;
  /** Place in the first stage's order, from 1. */
  readonly originalRank: number;
  /** Absent in the first stage's order, and where the model did not judge the document. */
  readonly relevanceScore?: number;
  /** Of a long document, the part that the score is of. */
  readonly passage?: Passage;
}

/**
 * When the page takes a better order. `once`: when it is complete. `live`: each that is made on the way, too. `pinned`: when the
 * reader asks for it. In none of them does anything move in a list that is in use.
 */
export type Reorder = 'once' | 'live' | 'pinned';

/** The newest order of these candidates that the page may show; undefined for the first stage's own. */
export function readOrder<TCandidate>(
  state: ShownState<TCandidate>,
  reorder: Reorder,
): readonly RankedResult<TCandidate>[] | undefined {
  if (state.phase === 'reranked') return state.outcome.results;
  return state.phase === 'reranking' && reorder === 'live' ? state.order : undefined;
}

/**
 * The candidates with their places in an order, or in the first stage's own. Candidates that a reranker left out follow in the
 * first stage's order: none is lost.
 */
export function placeCandidates<TCandidate>(
  candidates: readonly TCandidate[],
  order: readonly RankedResult<TCandidate>[] | undefined,
): PlacedCandidate<TCandidate>[] {
  if (order) {
    const placed = order.map((result, position) => ({
      candidate: candidates[result.index] as TCandidate,
      rank: position + 1,
      originalRank: result.index + 1,
      ...(isJudged(result) && { relevanceScore: result.relevanceScore }),
      ...(result.scored && result.passage && { passage: result.passage }),
    }));
    return [...placed, ...placeLeftOut(candidates, order)];
  }
  return candidates.map((candidate, index) => ({
    candidate,
    rank: index + 1,
    originalRank: index + 1,
  }));
}

function placeLeftOut<TCandidate>(
  candidates: readonly TCandidate[],
  results: readonly { readonly index: number }[],
): PlacedCandidate<TCandidate>[] {
  if (results.length === candidates.length) return [];
  const placed = new Set(results.map(({ index }) => index));
  const leftOut = [...candidates.keys()].filter((index) => !placed.has(index));
  return leftOut.map((index, position) => ({
    candidate: candidates[index] as TCandidate,
    rank: results.length + position + 1,
    originalRank: index + 1,
  }));
}

/** Whether both list the same results in the same order. */
export function isSameOrder(
  placed: readonly PlacedCandidate<unknown>[],
  others: readonly PlacedCandidate<unknown>[],
): boolean {
  return (
    placed.length === others.length &&
    placed.every(({ candidate }, index) => candidate === others[index]?.candidate)
  );
}
