import { isJudged, type Scores } from '../shared/rank.ts';
import type { RankedResult, RerankRequest } from '../shared/types.ts';
import { readMinScore, type DocumentText } from './read-request.ts';

/** Of ranked results those that a request asks for. */
export type ResultChoice = <TResult extends RankedResult<unknown>>(
  results: readonly TResult[],
  scores: Scores,
) => TResult[];

/**
 * What a request returns of all results: no lower than `minScore`, at most `topN`, each with its passage.
 *
 * @throws RerankError `invalid-input` for a `minScore` that is none.
 */
export function createChoice(
  request: Pick<RerankRequest<unknown>, 'minScore' | 'topN'>,
  texts: readonly DocumentText[],
): ResultChoice {
  const { topN = texts.length } = request;
  const minScore = readMinScore(request);
  return (results, { passages }) =>
    results
      // What the model has not judged stays.
      .filter((result) => !isJudged(result) || result.relevanceScore >= (minScore ?? 0))
      .slice(0, topN)
      .map((result) => {
        const text = texts[result.index];
        if (!passages || !text || !result.scored) return result;
        const [start = 0, end = 0] = passages.subarray(2 * result.index);
        const { field, headLength } = text;
        const passage = {
          ...(field !== undefined && { field }),
          start: start - headLength,
          end: end - headLength,
          text: text.text.slice(start, end),
        };
        return { ...result, passage };
      });
}
