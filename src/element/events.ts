import type { RerankError } from '../shared/errors.ts';
import type { LoadProgress, RerankOutcome, RerankPartial } from '../shared/types.ts';
import type { Candidate } from '../sources/candidate.ts';
import type { SkipReason } from './run-state.ts';

/** A search result, or for the site's own list the list item. */
export type Result = Candidate | Element;

/** The details of the element's events, by event name. All bubble and cross shadow roots. */
export interface RerankEventDetails {
  /** Candidates arrived and are shown in the first stage's order. */
  'rerank-candidates': {
    readonly query: string;
    readonly candidates: readonly Result[];
    /** How long the search took, in milliseconds; of the site's own list next to nothing. */
    readonly searchMs: number;
  };
  /** Reranking begins; the model may have to be loaded first. */
  'rerank-start': { readonly query: string; readonly count: number };
  /** Bytes of the model arrived. */
  'rerank-progress': LoadProgress;
  /** Some candidates are scored. */
  'rerank-partial': { readonly query: string } & RerankPartial<Result>;
  /**
   * Reranking ended; the new order is shown, or held while the list is in use. All candidates are scored, or
   * `complete` is false.
   */
  'rerank-complete': { readonly query: string } & RerankOutcome<Result>;
  /** The list shows other results, or the same in another order. Of `<rerank-results>` only. */
  'rerank-order': {
    readonly query: string;
    /** `original`: the search's own. `partial`: one on the way to the reranked one. */
    readonly order: 'original' | 'partial' | 'reranked';
    /** All candidates in this order, listed or not. */
    readonly results: readonly {
      readonly result: Result;
      /** Place in this order, from 1. */
      readonly rank: number;
      /** Place in the search's own order, from 1. */
      readonly originalRank: number;
    }[];
  };
  /** The first stage's order stays, and nothing is wrong. */
  'rerank-skip': { readonly query: string; readonly reason: SkipReason };
  /** The search, the reranking or the explanation of a result failed. After a failed reranking the first stage's order stays. */
  'rerank-error': {
    readonly query: string;
    readonly during: 'search' | 'preload' | 'rerank' | 'explain';
    readonly error: RerankError;
  };
  /** The reader chose a result. Cancelable: `preventDefault()` stops the link. */
  'rerank-select': {
    readonly query: string;
    readonly result: Result;
    /** Place in the order that the run ended with, from 1; results that are not listed count too. */
    readonly rank: number;
    readonly originalRank: number;
    /** What the reader saw: the listed results from the top down to this one. */
    readonly listed: readonly Result[];
  };
  /**
   * The reader pressed Enter in a `<rerank-search>` without having chosen a result. Cancelable: `preventDefault()`
   * keeps the form around the element from being submitted.
   */
  'rerank-submit': { readonly query: string };
}

export type RerankEventName = keyof RerankEventDetails;

/** One of the element's events. */
export type RerankEvent<TName extends RerankEventName> = CustomEvent<RerankEventDetails[TName]>;

/** Makes an event that bubbles and crosses shadow roots. */
export function createRerankEvent<TName extends RerankEventName>(
  name: TName,
  detail: RerankEventDetails[TName],
): RerankEvent<TName> {
  const cancelable = name === 'rerank-select' || name === 'rerank-submit';
  return new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable });
}

type RerankEventMap = { [TName in RerankEventName]: RerankEvent<TName> };

declare global {
  // An interface can only take in the mapped type by extending it.
  /* eslint-disable @typescript-eslint/no-empty-object-type */
  interface HTMLElementEventMap extends RerankEventMap {}
  interface DocumentEventMap extends RerankEventMap {}
  interface WindowEventMap extends RerankEventMap {}
  /* eslint-enable @typescript-eslint/no-empty-object-type */
}
