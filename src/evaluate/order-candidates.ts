import { priorsOfRanks, priorsOfScores, type Blend } from '../shared/blend.ts';
import { rankDocuments } from '../shared/rank.ts';

/** A reranker's scores of one query's candidates, in the first stage's order. */
export interface CandidateScores {
  readonly logits: readonly number[];
  /** Positions of candidates in a language that the model does not read: they keep their place. */
  readonly unknownLanguage: readonly number[];
  /** Where the reranker has tiers: the tier that each candidate's logit is of, from 1. */
  readonly tiers?: readonly number[] | undefined;
}

/**
 * Positions of a query's first `depth` candidates, best first, as the library orders them: a pair's logit
 * does not depend on the others, so the scores of one run serve for every depth and weight.
 *
 * @param candidates In the first stage's order, with its scores, which only the prior `score` reads.
 */
export function orderCandidates(
  candidates: readonly { readonly score: number }[],
  { logits, unknownLanguage, tiers }: CandidateScores,
  { depth, prior, weight }: Blend & { readonly depth: number },
): number[] {
  const top = candidates.slice(0, Math.min(depth, logits.length));
  const results = rankDocuments(top, {
    logits: Float64Array.from(logits.slice(0, top.length)),
    truncated: new Uint8Array(top.length),
    unknownLanguage: Uint8Array.from(top, (_, index) => Number(unknownLanguage.includes(index))),
    // Which order they make depends on no calibration, and on no kind of score.
    tiers: tiers && {
      ofDocument: Uint8Array.from(tiers.slice(0, top.length)),
      calibrations: [],
      bySimilarity: [],
    },
    blend: {
      weight,
      priors:
        prior === 'rank'
          ? priorsOfRanks(top.length)
          : priorsOfScores(top.map(({ score }) => score)),
    },
  });
  return results.map(({ index }) => index);
}
