import { blendScores } from './blend.ts';
import { toRelevanceScore, type Calibration } from './calibration.ts';
import type { RankedResult, RerankPartial, RerankResult } from './types.ts';

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
  /** Of a run by passages, for each document: where its passage begins, and before which character it ends. */
  readonly passages?: Uint32Array | undefined;
  /** Where several models score, each on its own scale. One model where absent. */
  readonly tiers?: TierScores | undefined;
}

/** Which tier's model each score is of. */
export interface TierScores {
  /** From 1, one entry for each document; 0 where it has no score. */
  readonly ofDocument: Uint8Array;
  /** Of each tier, from the first on, in place of `Scores.calibration`. */
  readonly calibrations: readonly (Calibration | undefined)[];
  /** Of each tier: whether its scores are of late interaction, which are no opinion of the model. */
  readonly bySimilarity: readonly boolean[];
}

/** Whether the model read a document with all its layers, in a language that it reads: only then its score means anything. */
export function isJudged<TDocument>(
  result: RankedResult<TDocument>,
): result is RerankResult<TDocument> {
  return result.scored && result.similarityOnly !== true && !result.unknownLanguage;
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
  return rankScoredSoFar(documents, scores).results.filter((result) => result.scored);
}

/**
 * Scored documents best first, those of a higher tier before the others, then the unscored in the request's order.
 * Documents in an unknown language stand at the place that they had.
 */
export function rankScoredSoFar<TDocument>(
  documents: readonly TDocument[],
  scores: Scores,
): RerankPartial<TDocument> {
  const { logits, tiers, truncated, unknownLanguage } = scores;
  const shareOf = computeShares(scores);
  const results = orderIndices(scores).map((index, position): RankedResult<TDocument> => {
    const place = { index, rank: position + 1, originalRank: index + 1 };
    const document = documents[index] as TDocument;
    if (!isScored(scores, index)) return { ...place, document, scored: false };
    const logit = logits[index] ?? Number.NaN;
    const tier = tierOf(scores, index);
    const calibration = tiers ? tiers.calibrations[tier - 1] : scores.calibration;
    const similarityOnly = tiers?.bySimilarity[tier - 1] === true;
    return {
      ...place,
      document,
      scored: true,
      relevanceScore: similarityOnly ? 0 : toRelevanceScore(logit, calibration),
      logit,
      share: shareOf.get(index) ?? 0,
      ...(tiers && { tier }),
      ...(similarityOnly && { similarityOnly }),
      truncated: truncated[index] === 1,
      unknownLanguage: unknownLanguage[index] === 1,
    };
  });
  const scoredCount = results.filter(({ scored }) => scored).length;
  return { results, scoredCount, totalCount: documents.length };
}

/** Positions of the scored documents that may move, best first; those of a higher tier before the others. */
export function listBestFirst(scores: Scores): number[] {
  const movable = listIndices(scores).filter(
    (index) => isScored(scores, index) && !staysInPlace(scores, index),
  );
  const tiersDown = [...new Set(movable.map((index) => tierOf(scores, index)))].sort(
    (a, b) => b - a,
  );
  return tiersDown.flatMap((tier) =>
    sortGroup(
      movable.filter((index) => tierOf(scores, index) === tier),
      scores,
    ),
  );
}

/** Best first, by scores of one model. */
function sortGroup(group: readonly number[], { logits, blend }: Scores): number[] {
  const own = group.map((index) => logits[index] ?? 0);
  const keys = blend
    ? blendScores(
        own,
        group.map((index) => blend.priors[index] ?? 0),
        blend.weight,
      )
    : own;
  const keyOf = new Map(group.map((index, position) => [index, keys[position] ?? 0]));
  // Array.prototype.toSorted is stable, so ties stay in the request's order.
  return group.toSorted((a, b) => (keyOf.get(b) ?? 0) - (keyOf.get(a) ?? 0));
}

/** The documents' positions in their new order. */
function orderIndices(scores: Scores): number[] {
  const indices = listIndices(scores);
  const stays = (index: number): boolean => staysInPlace(scores, index);
  const unscored = indices.filter((index) => !stays(index) && !isScored(scores, index));
  const queue = [...listBestFirst(scores), ...unscored].values();
  return indices.map((index) => (stays(index) ? index : (queue.next().value ?? index)));
}

/** The share of each document of the highest tier that scored any. */
function computeShares(scores: Scores): ReadonlyMap<number, number> {
  const scored = listIndices(scores).filter((index) => isScored(scores, index));
  const highest = scored.reduce((max, index) => Math.max(max, tierOf(scores, index)), 0);
  const group = scored.filter((index) => tierOf(scores, index) === highest);
  const shares = softmax(group.map((index) => scores.logits[index] ?? 0));
  return new Map(group.map((index, position) => [index, shares[position] ?? 0]));
}

function listIndices({ logits }: Scores): number[] {
  return Array.from(logits, (_, index) => index);
}

function isScored({ logits }: Scores, index: number): boolean {
  return !Number.isNaN(logits[index] ?? Number.NaN);
}

function staysInPlace({ unknownLanguage }: Scores, index: number): boolean {
  return unknownLanguage[index] === 1;
}

function tierOf({ tiers }: Scores, index: number): number {
  return tiers?.ofDocument[index] ?? 1;
}
