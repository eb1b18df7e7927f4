import { RerankError } from '../shared/errors.ts';
import { computePercentile } from '../shared/percentile.ts';

export interface BootstrapOptions {
  /** How often the queries are drawn anew, 1 or more. Default 10,000. */
  readonly resamples?: number | undefined;
  /** Part of the means that the interval holds, 0 to 1. Default .95. */
  readonly level?: number | undefined;
  /** A whole number; the same one gives the same interval. Default 1. */
  readonly seed?: number | undefined;
}

/** A mean, and the interval in which it lies. */
export interface MeanInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Two systems on the same queries. */
export interface PairedComparison {
  /** Mean of `second − first`, with its interval. */
  readonly difference: MeanInterval;
  /** Queries where the second is higher. */
  readonly wins: number;
  readonly ties: number;
  /** Queries where the second is lower. */
  readonly losses: number;
}

/** Two values closer than this are a tie: they differ by the rounding of the sums that made them. */
const TIE = 1e-9;

/**
 * The mean of the values with its bootstrap interval: as many values as there are, drawn with
 * replacement, give one mean; the interval is between the percentiles (1 − level) / 2 and (1 + level) / 2
 * of many such means. For differences by query this is the paired bootstrap: a query's two values are
 * drawn together, so what is hard for both does not widen the interval.
 *
 * Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13 (percentile interval);
 * for retrieval: Sakai, SIGIR 2006. It is rough below 30 values.
 *
 * @throws RerankError `invalid-input` for an empty list or an option out of its range.
 */
export function bootstrapMean(
  values: readonly number[],
  { resamples = 10_000, level = 0.95, seed = 1 }: BootstrapOptions = {},
): MeanInterval {
  const count = values.length;
  if (count === 0) throw new RerankError('invalid-input', 'There are no values to average.');
  if (!Number.isInteger(resamples) || resamples < 1 || !(level > 0 && level < 1)) {
    throw new RerankError(
      'invalid-input',
      `A bootstrap needs 1 or more resamples and a level between 0 and 1, but has ${resamples} and ${level}.`,
    );
  }
  const all = Float64Array.from(values);
  const draw = createRandom(seed);
  const means = Float64Array.from({ length: resamples }, () => {
    let total = 0;
    for (let drawn = 0; drawn < count; drawn += 1) total += all[Math.floor(draw() * count)] ?? 0;
    return total / count;
  });
  return {
    mean: all.reduce((total, value) => total + value, 0) / count,
    low: computePercentile(means, (1 - level) / 2),
    high: computePercentile(means, (1 + level) / 2),
  };
}

/**
 * Compares two systems by their values for the same queries, in the same order.
 *
 * @throws RerankError `invalid-input` where the lists differ in length, or as {@link bootstrapMean} does.
 */
export function comparePaired(
  first: readonly number[],
  second: readonly number[],
  options?: BootstrapOptions,
): PairedComparison {
  if (first.length !== second.length) {
    throw new RerankError(
      'invalid-input',
      `Paired values belong to the same queries, but there are ${first.length} and ${second.length}.`,
    );
  }
  const differences = first.map((value, index) => (second[index] ?? 0) - value);
  const wins = differences.filter((difference) => difference > TIE).length;
  const losses = differences.filter((difference) => difference < -TIE).length;
  return {
    difference: bootstrapMean(differences, options),
    wins,
    ties: differences.length - wins - losses,
    losses,
  };
}

/**
 * Random numbers from 0 up to 1, the same for the same seed: `Math.random` takes no seed, and a report
 * must come out the same twice.
 *
 * Source: sfc32 of Chris Doty-Humphrey's PractRand, a counter and three words of state.
 */
function createRandom(seed: number): () => number {
  let [a, b, c, counter] = [0, seed, seed ^ 0x9e3779b9, 1];
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  // The first numbers still show the seed.
  for (let round = 0; round < 12; round += 1) next();
  return next;
}
