/**
 * How far the first stage's opinion counts in the new order. It saves what a reranker alone loses: exact names and
 * rare words, which a search by words finds and a model that never saw them does not know.
 */
export interface Blend {
  /**
   * `rank`: the place in the request's order, as `−ln(place)`, so that the first places differ most. `score`:
   * the first stage's own scores, from the request's `priorScores`.
   */
  readonly prior: 'rank' | 'score';
  /** 0 to 1. 0: the model alone decides the order. 1: the first stage alone. */
  readonly weight: number;
}

/**
 * One number for each document, to sort by: `(1 − weight) · z(logit) + weight · prior`, where z subtracts the
 * mean of the logits and divides by their standard deviation, so that a model's unit does not matter.
 *
 * @param priors One for each logit, in units of a standard deviation; greater is better.
 */
export function blendScores(
  logits: readonly number[],
  priors: readonly number[],
  weight: number,
): number[] {
  return standardize(logits).map(
    (logit, index) => (1 - weight) * logit + weight * (priors[index] ?? 0),
  );
}

/**
 * The priors of places in the first stage's order: `−ln(place)`. In a long list their standard deviation is 1;
 * in a short one they are not spread out to that, because a search that found little said little.
 */
export function priorsOfRanks(count: number): number[] {
  return Array.from({ length: count }, (_, index) => -Math.log(index + 1));
}

/** The priors of the first stage's scores: in standard deviations from their mean. */
export function priorsOfScores(scores: readonly number[]): number[] {
  return standardize(scores);
}

/** Far more than any logit; squares of greater numbers may be none any more. */
const MOST_MAGNITUDE = 1e100;

/** Values with mean 0 and standard deviation 1; all 0 where they are all equal. */
function standardize(values: readonly number[]): number[] {
  if (values.some((value) => Math.abs(value) > MOST_MAGNITUDE)) {
    return standardize(values.map((value) => value / Number.MAX_VALUE));
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return values.map((value) => (variance > 0 ? (value - mean) / Math.sqrt(variance) : 0));
}
