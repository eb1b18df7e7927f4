import { describe, expect, it } from 'vitest';
import { bootstrapMean, comparePaired } from '../../src/evaluate/paired-comparison.ts';

describe('bootstrapMean', () => {
  it('has the interval of the normal distribution for many values', () => {
    // 200 values of 1 and 200 of −1: standard deviation 1, so the mean's is 1/√400.
    const values = Array.from({ length: 400 }, (_, index) => (index % 2 === 0 ? 1 : -1));
    const { mean, low, high } = bootstrapMean(values);
    expect(mean).toBe(0);
    expect(low).toBeCloseTo(-1.96 / 20, 2);
    expect(high).toBeCloseTo(1.96 / 20, 2);
  });

  it('has the percentiles of the binomial distribution for two values', () => {
    // A resample's mean is 0, ½ or 1, with the probabilities ¼, ½ and ¼.
    expect(bootstrapMean([0, 1])).toEqual({ mean: 0.5, low: 0, high: 1 });
    expect(bootstrapMean([0, 1], { level: 0.4 })).toEqual({ mean: 0.5, low: 0.5, high: 0.5 });
  });

  it('has no width where all values are equal', () => {
    expect(bootstrapMean([0.25, 0.25, 0.25])).toEqual({ mean: 0.25, low: 0.25, high: 0.25 });
  });

  it('is the same for the same seed and not for another', () => {
    const values = Array.from({ length: 50 }, (_, index) => Math.sin(index));
    expect(bootstrapMean(values, { seed: 7 })).toEqual(bootstrapMean(values, { seed: 7 }));
    expect(bootstrapMean(values, { seed: 8 })).not.toEqual(bootstrapMean(values, { seed: 7 }));
  });

  it('is wider where less is known', () => {
    const width = (count: number): number => {
      const { low, high } = bootstrapMean(Array.from({ length: count }, (_, index) => index % 2));
      return high - low;
    };
    // Four times the values halve it.
    expect(width(100) / width(400)).toBeCloseTo(2, 0);
  });

  it.each([{ level: 0 }, { level: 1 }, { resamples: 0 }, { resamples: 1.5 }])(
    'refuses %o',
    (options) => {
      const invalid = expect.objectContaining({ code: 'invalid-input' }) as Error;
      expect(() => bootstrapMean([1], options)).toThrow(invalid);
    },
  );

  it('refuses no values', () => {
    expect(() => bootstrapMean([])).toThrow(/no values/);
  });
});

describe('comparePaired', () => {
  it('compares a query’s two values with each other', () => {
    // The queries differ by far more than the systems do.
    const first = Array.from({ length: 40 }, (_, index) => index / 40);
    const second = first.map((value) => value + 0.01);
    const { difference, wins, ties, losses } = comparePaired(first, second);
    expect(difference.mean).toBeCloseTo(0.01, 12);
    expect(difference.low).toBeCloseTo(0.01, 12);
    expect({ wins, ties, losses }).toEqual({ wins: 40, ties: 0, losses: 0 });
  });

  it('calls it a tie where only the rounding differs', () => {
    const { wins, ties, losses } = comparePaired([0.1 + 0.2, 0.5, 0.5], [0.3, 0.6, 0.4]);
    expect({ wins, ties, losses }).toEqual({ wins: 1, ties: 1, losses: 1 });
  });

  it('refuses lists of different queries', () => {
    expect(() => comparePaired([1], [1, 2])).toThrow(/1 and 2/);
  });
});
