import { blendScores } from './blend.ts';
import { toRelevanceScore, type Calibration } from './calibration.ts';
import type { RerankPartial, RerankResult } from './types.ts';

/** Scores of a run so far: one entry for each document; `NaN` where there is none yet. */
export interface Scores {
  readonly logits: Float64Array;
  readonly truncated: Uint8Array;
  /** 1 where the document is surely in a language that the model does not read: it keeps its place. */
  readonly unknownLanguage: Uint8Array;
  /** What turns a logit into its relevance score; the sigmoid where absent. */
  readonly calibration?: Calibration | undefined;
  /** The first stage's opinion, one prior for each document; the model alone decides where absent. */
  readonly blend?: { readonly priors: readonly number[]; readonly weight: number } | undefined;
}

/** Softmax: positive shares that sum to 1. An empty list gives an empty list. */
export function softmax(logits: readonly number[]): number[] {
  const greatest = logits.reduce((max, logit) => Math.max(max, logit), Number.NEGATIVE_INFINITY);
  const weights = logits.map((logit) => Math.exp(logit - greatest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** The order of fully scored documents: best first, equals in the request's order. */
export function rankDocuments<TDocument>(
  documents: readonly TDocument[],
  scores: Scores,
): RerankResult<TDocument>[] {
  const partial = rankScoredSoFar(documents, scores);
  return partial.results
    .filter((result) => result.scored)
    .map(({ scored: _, ...result }) => result);
}

/**
 * Scored documents best first, then the others in the request's order. Documents in an unknown language stand at
 * the place that they had.
 */
export function rankScoredSoFar<TDocument>(
  documents: readonly TDocument[],
  scores: Scores,
): RerankPartial<TDocument> {
  const indices = documents.map((_document, index) => index);
  const logitOf = (index: number): number => scores.logits[index] ?? Number.NaN;
  const isScored = (index: number): boolean => !Number.isNaN(logitOf(index));
  const scored = indices.filter(isScored);
  const shares = softmax(scored.map(logitOf));
  const shareOf = new Map(scored.map((index, position) => [index, shares[position] ?? 0]));

  const results = orderIndices(indices, isScored, scores).map((index, position) => {
    const place = { index, rank: position + 1, originalRank: index + 1 };
    const document = documents[index] as TDocument;
    if (!isScored(index)) return { ...place, document, scored: false as const };
    const logit = logitOf(index);
    return {
      ...place,
      document,
      scored: true as const,
      relevanceScore: toRelevanceScore(logit, scores.calibration),
      logit,
      share: shareOf.get(index) ?? 0,
      truncated: scores.truncated[index] === 1,
      unknownLanguage: scores.unknownLanguage[index] === 1,
    };
  });
  return { results, scoredCount: scored.length, totalCount: documents.length };
}

/** The documents' positions in their new order. */
function orderIndices(
  indices: readonly number[],
  isScored: (index: number) => boolean,
  { logits, unknownLanguage, blend }: Scores,
): number[] {
  const stays = (index: number): boolean => unknownLanguage[index] === 1;
  const movable = indices.filter((index) => !stays(index));
  const scored = movable.filter(isScored);
  const own = scored.map((index) => logits[index] ?? 0);
  const keys = blend
    ? blendScores(
        own,
        scored.map((index) => blend.priors[index] ?? 0),
        blend.weight,
      )
    : own;
  const keyOf = new Map(scored.map((index, position) => [index, keys[position] ?? 0]));
  // Array.prototype.toSorted is stable, so ties stay in the request's order.
  const best = scored.toSorted((a, b) => (keyOf.get(b) ?? 0) - (keyOf.get(a) ?? 0));
  const queue = [...best, ...movable.filter((index) => !isScored(index))].values();
  return indices.map((index) => (stays(index) ? index : (queue.next().value ?? index)));
}
