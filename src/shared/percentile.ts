import { RerankError } from './errors.ts';

/**
 * The least of the values that at least this part of them does not exceed: the nearest-rank percentile.
 *
 * @param part 0 to 1: .5 is the median, .95 the 95th percentile.
 * @throws RerankError `invalid-input` for an empty list.
 */
export function computePercentile(values: ArrayLike<number>, part: number): number {
  const sorted = Float64Array.from(values).sort();
  const value = sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)];
  if (value !== undefined) return value;
  throw new RerankError('invalid-input', 'No values have no percentile.');
}
