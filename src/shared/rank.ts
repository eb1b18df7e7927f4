import type { PartialResult, RerankPartial, RerankResult } from './types.ts';

/** Scores of a run so far: one entry for each document; `NaN` where there is none yet. */
export interface Scores {
  readonly logits: Float64Array;
  readonly truncated: Uint8Array;
}

/** 1 / (1 + e⁻ˣ), without overflow at either end. */
export function sigmoid(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

/** Softmax: positive shares that sum to 1. An empty list gives an empty list. */
export function softmax(logits: readonly number[]): number[] {
  const greatest = logits.reduce((max, logit) => Math.max(max, logit), Number.NEGATIVE_INFINITY);
  const weights = logits.map((logit) => Math.exp(logit - greatest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** The order of fully scored documents: best first, equal logits in the request's order. */
export function rankDocuments<TDocument>(
  documents: readonly TDocument[],
  scores: Scores,
): RerankResult<TDocument>[] {
  const partial = rankScoredSoFar(documents, scores);
  return partial.results
    .filter((result) => result.scored)
    .map(({ scored: _, ...result }) => result);
}

/** Scored documents best first, then the others in the request's order. */
export function rankScoredSoFar<TDocument>(
  documents: readonly TDocument[],
  { logits, truncated }: Scores,
): RerankPartial<TDocument> {
  const entries = documents.map((document, index) => ({
    document,
    index,
    logit: logits[index] ?? Number.NaN,
  }));
  const scored = entries.filter(({ logit }) => !Number.isNaN(logit));
  // Array.prototype.sort is stable, so ties stay in the request's order.
  scored.sort((a, b) => b.logit - a.logit);
  const shares = softmax(scored.map(({ logit }) => logit));
  const unscored = entries.filter(({ logit }) => Number.isNaN(logit));

  const results: PartialResult<TDocument>[] = [
    ...scored.map(({ document, index, logit }, position) => ({
      scored: true as const,
      index,
      rank: position + 1,
      originalRank: index + 1,
      relevanceScore: sigmoid(logit),
      logit,
      share: shares[position] ?? 0,
      document,
      truncated: truncated[index] === 1,
    })),
    ...unscored.map(({ document, index }, position) => ({
      scored: false as const,
      index,
      rank: scored.length + position + 1,
      originalRank: index + 1,
      document,
    })),
  ];
  return { results, scoredCount: scored.length, totalCount: documents.length };
}
