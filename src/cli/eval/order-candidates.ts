import { priorsOfRanks, priorsOfScores, type Blend } from '../../shared/blend.ts';
import { rankDocuments } from '../../shared/rank.ts';
import type { EvalCandidate } from './collection.ts';
import type { Answer } from './subject.ts';

/**
 * Positions of a query's first `depth` candidates, best first, as the library orders them: a pair's logit
 * does not depend on the others, so the scores of one run serve for every depth and weight.
 */
export function orderCandidates(
  candidates: readonly EvalCandidate[],
  { logits, unknownLanguage, tiers }: Pick<Answer, 'logits' | 'unknownLanguage' | 'tiers'>,
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
