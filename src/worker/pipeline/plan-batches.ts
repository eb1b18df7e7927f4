/** How many pairs one call of the model may hold. A property of the backend. */
export interface BatchLimits {
  readonly maxPairs: number;
  /** Most tokens in a batch, padding included. It bounds how long an abort waits. */
  readonly maxTokens: number;
  /** Lengths are padded up to a multiple of this. */
  readonly lengthMultiple: number;
}

/** Positions of the pairs in one call of the model, and the length that they are padded to. */
export interface BatchPlan {
  readonly positions: readonly number[];
  readonly length: number;
}

/**
 * How many candidates from the top are planned together. Within a window pairs are sorted by length,
 * so a wider one pads less and a narrower one scores the best places sooner.
 */
const WINDOW = 32;

/**
 * Groups pairs into batches. The first stage's best come first, because a reader looks at the top and a
 * run may be ended early; within a window, pairs of like length share a batch, so that little is padded.
 *
 * @param lengths Tokens of each pair, in the first stage's order.
 * @param firstCount So many from the top share no batch with the others, which may go unread.
 * @returns Every position exactly once.
 */
export function planBatches(
  lengths: readonly number[],
  limits: BatchLimits,
  firstCount = lengths.length,
): BatchPlan[] {
  const plans: BatchPlan[] = [];
  let from = 0;
  while (from < lengths.length) {
    const to = Math.min(from + WINDOW, from < firstCount ? firstCount : lengths.length);
    const window = lengths
      .slice(from, to)
      .map((length, offset) => ({ position: from + offset, length: roundUp(length, limits) }));
    // One pair a batch pads nothing: then the first stage's order is the better one.
    if (limits.maxPairs > 1) window.sort((a, b) => a.length - b.length);

    let positions: number[] = [];
    let length = 0;
    for (const pair of window) {
      const longest = Math.max(length, pair.length);
      const full =
        positions.length === limits.maxPairs || longest * (positions.length + 1) > limits.maxTokens;
      if (full && positions.length > 0) {
        plans.push({ positions, length });
        positions = [];
      }
      positions.push(pair.position);
      length = positions.length === 1 ? pair.length : longest;
    }
    plans.push({ positions, length });
    from = to;
  }
  return plans;
}

function roundUp(length: number, { lengthMultiple }: BatchLimits): number {
  return Math.ceil(length / lengthMultiple) * lengthMultiple;
}
