import { describe, expect, it } from 'vitest';
import { rankDocuments, rankScoredSoFar, sigmoid, softmax } from '../../src/shared/rank.ts';

const scores = (...logits: number[]) => ({
  logits: Float64Array.from(logits),
  truncated: new Uint8Array(logits.length),
});

describe('rankDocuments', () => {
  it('puts the best first and says where each came from', () => {
    const results = rankDocuments(['a', 'b', 'c'], scores(0, 2, -1));
    expect(results.map(({ document }) => document)).toEqual(['b', 'a', 'c']);
    expect(results[0]).toMatchObject({ index: 1, rank: 1, originalRank: 2, logit: 2 });
  });

  it('keeps the order of ties', () => {
    const results = rankDocuments(['a', 'b', 'c', 'd'], scores(1, 3, 1, 3));
    expect(results.map(({ document }) => document)).toEqual(['b', 'd', 'a', 'c']);
  });

  it('gives shares that sum to 1 and scores between 0 and 1', () => {
    const results = rankDocuments(['a', 'b', 'c'], scores(800, -800, 3));
    const total = results.reduce((sum, { share }) => sum + share, 0);
    expect(total).toBeCloseTo(1, 12);
    for (const { relevanceScore } of results) {
      expect(relevanceScore).toBeGreaterThanOrEqual(0);
      expect(relevanceScore).toBeLessThanOrEqual(1);
    }
  });
});

describe('rankScoredSoFar', () => {
  it('puts scored documents before the others, which keep their order', () => {
    const { results, scoredCount } = rankScoredSoFar(
      ['a', 'b', 'c', 'd'],
      scores(Number.NaN, 1, Number.NaN, 2),
    );
    expect(results.map(({ document }) => document)).toEqual(['d', 'b', 'a', 'c']);
    expect(results.map(({ scored }) => scored)).toEqual([true, true, false, false]);
    expect(results.map(({ rank }) => rank)).toEqual([1, 2, 3, 4]);
    expect(scoredCount).toBe(2);
  });
});

describe('sigmoid and softmax', () => {
  it('agree with their definitions and do not overflow', () => {
    expect(sigmoid(0)).toBe(0.5);
    expect(sigmoid(2)).toBeCloseTo(1 / (1 + Math.exp(-2)), 12);
    expect(sigmoid(-1000)).toBe(0);
    expect(softmax([1, 1])).toEqual([0.5, 0.5]);
    expect(softmax([])).toEqual([]);
    expect(softmax([1000, 0])[0]).toBeCloseTo(1, 12);
  });
});
