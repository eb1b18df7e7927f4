import { describe, expect, it } from 'vitest';
import { computeKendallTau } from '../../src/evaluate/kendall-tau.ts';

describe('computeKendallTau', () => {
  it.each([
    ['the same order', [1, 2, 3], [10, 20, 30], 1],
    ['the opposite order', [1, 2, 3], [3, 2, 1], -1],
    // Five pairs alike, one not, of six.
    ['two neighbours swapped', [1, 2, 3, 4], [1, 3, 2, 4], 4 / 6],
    // Four pairs alike, none not; each ties one pair of six: 4 / √(5 · 5).
    ['a tie in each', [1, 1, 2, 3], [1, 2, 2, 3], 4 / 5],
    // Three pairs alike; the first ties one pair of six, the second three: 3 / √(5 · 3).
    ['more ties in one', [1, 1, 2, 3], [2, 2, 2, 3], 3 / Math.sqrt(5 * 3)],
    // The example in SciPy's documentation of kendalltau.
    ['SciPy’s example', [12, 2, 1, 12, 2], [1, 4, 7, 1, 0], -0.47140452079103173],
  ])('gives %s its value', (_name, first, second, expected) => {
    expect(computeKendallTau(first, second)).toBeCloseTo(expected, 12);
    expect(computeKendallTau(second, first)).toBeCloseTo(expected, 12);
  });

  it('has no value where one scoring ties everything, or nothing can be compared', () => {
    expect(computeKendallTau([1, 1], [1, 2])).toBeUndefined();
    expect(computeKendallTau([1], [1])).toBeUndefined();
    expect(computeKendallTau([], [])).toBeUndefined();
  });

  it('refuses scorings of different things', () => {
    expect(() => computeKendallTau([1], [1, 2])).toThrow(/1 and 2/);
  });
});
