import { RerankError } from '../shared/errors.ts';

/**
 * How far two scorings order the same things alike: Kendall's tau-b, which allows for ties.
 *
 * Of all pairs of things, those in the same order minus those in opposite orders, divided by the root of
 * the product of the pairs that each scoring does not tie. Source: Kendall, Biometrika 33(3), 1945.
 *
 * @param first One score for each thing; higher is better.
 * @param second Scores of the same things, in the same order.
 * @returns −1 (opposite) to 1 (the same); undefined where either scoring ties everything, or there are
 * fewer than two things.
 * @throws RerankError `invalid-input` where the lists differ in length.
 */
export function computeKendallTau(
  first: readonly number[],
  second: readonly number[],
): number | undefined {
  if (first.length !== second.length) {
    throw new RerankError(
      'invalid-input',
      `Both scorings must be of the same things, but there are ${first.length} and ${second.length}.`,
    );
  }
  let agreement = 0;
  let apartInFirst = 0;
  let apartInSecond = 0;
  for (let left = 0; left < first.length; left += 1) {
    for (let right = left + 1; right < first.length; right += 1) {
      const inFirst = Math.sign((first[left] ?? 0) - (first[right] ?? 0));
      const inSecond = Math.sign((second[left] ?? 0) - (second[right] ?? 0));
      agreement += inFirst * inSecond;
      apartInFirst += Math.abs(inFirst);
      apartInSecond += Math.abs(inSecond);
    }
  }
  if (apartInFirst === 0 || apartInSecond === 0) return undefined;
  return agreement / Math.sqrt(apartInFirst * apartInSecond);
}
