import type { RerankError } from '../shared/errors.ts';
import { isJudged } from '../shared/rank.ts';
import type { Passage, RerankOutcome } from '../shared/types.ts';

/**
 * Why results stay in the first stage's order without anything being wrong. `too-few`: fewer than two
 * candidates. `consent`: the model is not loaded before the reader agrees.
 */
export type SkipReason = 'too-few' | 'consent';

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
  | { readonly phase: 'search-failed'; readonly query: string; readonly error: RerankError }
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
    | { readonly phase: 'reranking' }
    | { readonly phase: 'reranked'; readonly outcome: RerankOutcome<TCandidate> }
    | { readonly phase: 'skipped'; readonly reason: 'too-few' }
    | {
        readonly phase: 'skipped';
        readonly reason: 'consent';
        /** What loading the model would download; undefined where that could not be found out. */
        readonly downloadBytes: number | undefined;
      }
    | { readonly phase: 'rerank-failed'; readonly error: RerankError }
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

/** The order for the page: the reranked one where there is one and it may be shown. */
export function placeCandidates<TCandidate>(
  state: ShownState<TCandidate>,
  showReranked: boolean,
): PlacedCandidate<TCandidate>[] {
  if (state.phase === 'reranked' && showReranked) {
    return state.outcome.results.map((result) => ({
      candidate: state.candidates[result.index] as TCandidate,
      rank: result.rank,
      originalRank: result.originalRank,
      ...(isJudged(result) && { relevanceScore: result.relevanceScore }),
      ...(result.scored && result.passage && { passage: result.passage }),
    }));
  }
  return state.candidates.map((candidate, index) => ({
    candidate,
    rank: index + 1,
    originalRank: index + 1,
  }));
}
