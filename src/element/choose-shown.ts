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

/** What was chosen last of each list, by its first result: an element asks again with each key and each event. */
const lastChoices = new WeakMap<
  Candidate,
  {
    readonly placed: readonly PlacedCandidate<Candidate>[];
    readonly choice: ShownChoice;
    readonly shown: readonly PlacedCandidate<Candidate>[];
  }
>();

/** The results that are listed, in their order. */
export function chooseShown(
  placed: readonly PlacedCandidate<Candidate>[],
  choice: ShownChoice,
): readonly PlacedCandidate<Candidate>[] {
  const [first] = placed;
  if (!first) return [];
  const last = lastChoices.get(first.candidate);
  if (last && isSameChoice(last.choice, choice) && isSamePlaces(last.placed, placed)) {
    return last.shown;
  }
  const shown = choose(placed, choice);
  lastChoices.set(first.candidate, { placed, choice, shown });
  return shown;
}

function isSameChoice(a: ShownChoice, b: ShownChoice): boolean {
  return a.limit === b.limit && a.minScore === b.minScore && a.mergeSimilar === b.mergeSimilar;
}

function isSamePlaces(
  a: readonly PlacedCandidate<Candidate>[],
  b: readonly PlacedCandidate<Candidate>[],
): boolean {
  return (
    a.length === b.length &&
    a.every(
      ({ candidate, relevanceScore }, index) =>
        candidate === b[index]?.candidate && relevanceScore === b[index].relevanceScore,
    )
  );
}

function choose(
  placed: readonly PlacedCandidate<Candidate>[],
  { limit, minScore, mergeSimilar }: ShownChoice,
): readonly PlacedCandidate<Candidate>[] {
  const good = placed.filter(
    ({ relevanceScore }) => relevanceScore === undefined || relevanceScore >= minScore,
  );
  const enough = good.length > 0 ? good : placed;
  return mergeSimilar ? leaveOutSimilar(enough, limit) : enough.slice(0, limit);
}

/** The best of each page, and of near-identical results; so many at most. */
function leaveOutSimilar(
  placed: readonly PlacedCandidate<Candidate>[],
  limit: number,
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
  // A template may set any number.
  const most = Number.isInteger(limit) && limit > 0 ? { limit } : {};
  return mergeNearDuplicates(ofPages, most)
    .slice(0, limit)
    .map(({ result }) => result);
}
