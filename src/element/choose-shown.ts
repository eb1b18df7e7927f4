import { groupResults, mergeNearDuplicates } from '../results/index.ts';
import type { Candidate } from '../sources/candidate.ts';
import type { PlacedCandidate } from './run-state.ts';

/** Which results are listed before the reader asks for all. */
export interface ShownChoice {
  /** The most results. */
  readonly limit: number;
  /** See the element's attributes. */
  readonly minScore: number;
  readonly mergeSimilar: boolean;
}

/** The results that are listed, in their order. */
export function chooseShown(
  placed: readonly PlacedCandidate<Candidate>[],
  { limit, minScore, mergeSimilar }: ShownChoice,
): readonly PlacedCandidate<Candidate>[] {
  const good = placed.filter(
    ({ relevanceScore }) => relevanceScore === undefined || relevanceScore >= minScore,
  );
  const enough = good.length > 0 ? good : placed;
  return (mergeSimilar ? leaveOutSimilar(enough) : enough).slice(0, limit);
}

/** The best of each page, and of near-identical results. */
function leaveOutSimilar(
  placed: readonly PlacedCandidate<Candidate>[],
): readonly PlacedCandidate<Candidate>[] {
  const results = placed.map((result) => ({
    result,
    index: result.originalRank - 1,
    rank: result.rank,
    originalRank: result.originalRank,
    document: result.candidate,
    scored: false as const,
  }));
  const ofPages = groupResults(results, { limitPerGroup: 1 }).flatMap((group) => group.results);
  return mergeNearDuplicates(ofPages).map(({ result }) => result);
}
