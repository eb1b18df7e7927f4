/** What is read of a job whose time is limited. */
export interface BudgetPlan {
  /** How many pairs are read, from the top. */
  readonly count: number;
  /** The most tokens that a pair may have; infinite where none need be cut. */
  readonly maxTokens: number;
}

/**
 * Pairs are not cut below so many tokens for a budget: a query, and the first sentences of a document. What the
 * cut costs is measured in docs/performance.md.
 */
const LEAST_TOKENS = 96;

/** Cuts are at multiples of this, so that runs of like speed cut alike and find each other's scores in the cache. */
const CUT_MULTIPLE = 16;

/**
 * Chooses what to read with a limited number of tokens. Many documents read shortly are worth more than few read
 * whole: a relevant one that is not read stays where it was. So pairs are cut first, the longest first; at the least
 * length, candidates are left out from the end.
 *
 * @param lengths Tokens of each pair, in the first stage's order.
 * @param tokens How many the model can read in the time.
 * @param queryTokens Tokens of a pair before its document. A pair is at least twice as long: a cut one still holds
 * as much of the document as of the query.
 */
export function planBudget(
  lengths: readonly number[],
  tokens: number,
  queryTokens: number,
): BudgetPlan {
  const sumCutAt = (cap: number): number =>
    lengths.reduce((sum, length) => sum + Math.min(length, cap), 0);
  const longest = lengths.reduce((max, length) => Math.max(max, length), 0);
  if (sumCutAt(longest) <= tokens) {
    return { count: lengths.length, maxTokens: Number.POSITIVE_INFINITY };
  }

  const least = Math.max(LEAST_TOKENS, roundUp(2 * queryTokens));
  for (let cap = roundUp(longest); cap > least; cap -= CUT_MULTIPLE) {
    if (sumCutAt(cap) <= tokens) return { count: lengths.length, maxTokens: cap };
  }
  return { count: countFitting(lengths, tokens, least), maxTokens: least };
}

/** How many pairs from the top fit when cut; one at least. */
function countFitting(lengths: readonly number[], tokens: number, cap: number): number {
  let sum = 0;
  const firstTooMany = lengths.findIndex((length) => {
    sum += Math.min(length, cap);
    return sum > tokens;
  });
  return firstTooMany === -1 ? lengths.length : Math.max(1, firstTooMany);
}

function roundUp(length: number): number {
  return Math.ceil(length / CUT_MULTIPLE) * CUT_MULTIPLE;
}
