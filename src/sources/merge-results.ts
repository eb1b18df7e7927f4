import { normalizeAddress } from '../shared/page-address.ts';
import { readGivenId, type Candidate } from './candidate.ts';

/** What makes two results of different sources one. */
export type MergeKey = 'url' | 'id';

/** What one source answered. */
export interface SourceResults {
  readonly name: string;
  /** Above 0. */
  readonly weight: number;
  /** The best first. */
  readonly candidates: readonly Candidate[];
}

/** A result of several sources. */
interface Merged {
  /** The fields of the first source that has them. */
  readonly fields: Map<string, unknown>;
  score: number;
  /** Place in each source that found it, from 1. */
  readonly ranks: Map<string, number>;
}

/**
 * Makes one list of several: each result once, the best first. Of results with the same score, the one that an earlier
 * source found comes first.
 *
 * @param k Of reciprocal rank fusion; undefined for the mean of the scaled scores.
 */
export function mergeResults(
  sources: readonly SourceResults[],
  mergeBy: MergeKey,
  k: number | undefined,
): object[] {
  const totalWeight = sources.reduce((sum, { weight }) => sum + weight, 0);
  const merged = new Map<string, Merged>();
  for (const { name, weight, candidates } of sources) {
    const scaled = k === undefined ? scaleScores(candidates) : [];
    candidates.forEach((candidate, index) => {
      const key = keyOf(candidate, mergeBy);
      const entry = merged.get(key) ?? { fields: new Map(), score: 0, ranks: new Map() };
      // A source's second result for the same page does not count: it has its place already.
      if (entry.ranks.has(name)) return;
      const rank = index + 1;
      entry.ranks.set(name, rank);
      fillFields(entry.fields, candidate);
      entry.score +=
        k === undefined ? (weight / totalWeight) * (scaled[index] ?? 0) : weight / (k + rank);
      merged.set(key, entry);
    });
  }
  return [...merged.values()]
    .toSorted((a, b) => b.score - a.score)
    .map(({ fields, score, ranks }) => ({
      ...Object.fromEntries(fields),
      score,
      ranks: Object.fromEntries(ranks),
    }));
}

/** Min-max scaling: the best is 1, the last 0. By place where not every result has a score. */
function scaleScores(candidates: readonly Candidate[]): number[] {
  const scores = candidates.flatMap(({ score }) => score ?? []);
  const values =
    scores.length === candidates.length ? scores : candidates.map((_, index) => -index);
  // Not spread as arguments, of which there may be some 100,000 at most.
  const least = values.reduce((min, value) => Math.min(min, value), Number.POSITIVE_INFINITY);
  const most = values.reduce((max, value) => Math.max(max, value), Number.NEGATIVE_INFINITY);
  const range = most - least;
  return values.map((value) => (range > 0 ? (value - least) / range : 1));
}

function keyOf(candidate: Candidate, mergeBy: MergeKey): string {
  // A section of a page is a result of its own.
  const url = candidate.url && normalizeAddress(candidate.url, { keepsSection: true });
  const id = readGivenId(candidate);
  const key = mergeBy === 'url' ? (url ?? id) : (id ?? url);
  // A result with neither is like none but its own words.
  return key ?? `${candidate.title}\n${candidate.text}`;
}

/** Adds what is missing. A map, since a result may have fields named as those that every object has, such as `constructor`. */
function fillFields(fields: Map<string, unknown>, candidate: Candidate): void {
  const { title, text, url } = candidate;
  const id = readGivenId(candidate);
  for (const [name, value] of Object.entries({ ...candidate.document, id, title, text, url })) {
    if (isEmpty(fields.get(name)) && !isEmpty(value)) fields.set(name, value);
  }
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}
