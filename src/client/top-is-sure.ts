import type { Scores } from '../shared/rank.ts';

/** Fewer documents say nothing about how far two models differ. */
const FEWEST_READ = 5;

/** What a tier knows while it reads what the tier before it left. */
export interface TierProgress {
  /** The tier before's logits, one for each of its survivors. */
  readonly earlierLogits: readonly number[];
  /** This tier's logits of the same documents; `NaN` where it has not read one yet. */
  readonly logits: readonly number[];
  /** As in the order; the priors are those of the survivors. */
  readonly blend?: Scores['blend'];
  /** How many of the best are asked for, 1 or more. */
  readonly topN: number;
  /** How many standard deviations of the models' disagreement a document is given the benefit of; above 0. */
  readonly spreads: number;
}

/**
 * Whether no document that is unread in this tier can be expected among the best `topN` any more.
 *
 * From the documents that both tiers have read, a line is fitted (least squares) from the earlier logit to this tier's, both
 * in standard deviations. An unread document is expected on that line, and given the benefit of `spreads` standard deviations
 * of the fit's residuals. Where the tiers hardly agree, the line is flat and the residuals are wide, so nothing is sure.
 * It is a judgment from few values, no proof: a document on which the two models disagree more than on all others
 * is missed.
 *
 * False where too little was read to say: fewer than `topN` or 5 documents, or logits that are all equal or no numbers.
 */
export function isTopSure(progress: TierProgress): boolean {
  const { earlierLogits, logits, topN, spreads, blend } = progress;
  const indices = [...logits.keys()];
  const read = indices.filter((index) => !Number.isNaN(logits[index]));
  const unread = indices.filter((index) => Number.isNaN(logits[index]));
  if (unread.length === 0) return true;
  if (read.length < Math.max(topN, FEWEST_READ)) return false;

  const own = createStandardizer(read.map((index) => logits[index]));
  const earlier = createStandardizer(read.map((index) => earlierLogits[index]));
  const valueOf = (index: number): number => own(logits[index]);
  const earlierOf = (index: number): number => earlier(earlierLogits[index]);
  const sum = (term: (index: number) => number): number =>
    read.reduce((total, index) => total + term(index), 0);
  // Between standardized values the slope of the line is the correlation, and it goes through 0.
  const slope = sum((index) => valueOf(index) * earlierOf(index)) / read.length;
  const squares = sum((index) => (valueOf(index) - slope * earlierOf(index)) ** 2);
  const margin = spreads * Math.sqrt(squares / (read.length - 2));

  const blended = (value: number, index: number): number =>
    blend ? (1 - blend.weight) * value + blend.weight * (blend.priors[index] ?? 0) : value;
  const best = read.map((index) => blended(valueOf(index), index)).sort((a, b) => b - a);
  const needed = best[topN - 1] ?? Number.NaN;
  // What is no number compares as false: then nothing is sure.
  return unread.every((index) => blended(slope * earlierOf(index) + margin, index) < needed);
}

/** A function to the unit of standard deviations from the values' mean. It gives NaN where they are all equal. */
function createStandardizer(
  values: readonly (number | undefined)[],
): (value: number | undefined) => number {
  const sum = (term: (value: number) => number): number =>
    values.reduce<number>((total, value = Number.NaN) => total + term(value), 0);
  const mean = sum((value) => value) / values.length;
  const deviation = Math.sqrt(sum((value) => (value - mean) ** 2) / values.length);
  return (value = Number.NaN) => (deviation > 0 ? (value - mean) / deviation : Number.NaN);
}
