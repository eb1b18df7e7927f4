import { describe, expect, it } from 'vitest';
import { priorsOfRanks, priorsOfScores } from '../../src/shared/blend.ts';
import { sigmoid } from '../../src/shared/calibration.ts';
import { rankDocuments, rankScoredSoFar, softmax } from '../../src/shared/rank.ts';

const scores = (...logits: number[]) => ({
  logits: Float64Array.from(logits),
  truncated: new Uint8Array(logits.length),
  unknownLanguage: new Uint8Array(logits.length),
});

describe('rankDocuments', () => {
  it('puts the best first and says where each came from', () => {
    const results = rankDocuments(['a', 'b', 'c'], scores(0, 2, -1));
    expect(results.map(({ document }) => document)).toEqual(['b', 'a', 'c']);
    expect(results[0]).toMatchObject({
      index: 1,
      rank: 1,
      originalRank: 2,
      scored: true,
      logit: 2,
    });
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

describe('a blend', () => {
  const documents = ['a', 'b', 'c', 'd'];
  const order = (weight: number, priors: number[], ...logits: number[]): string =>
    rankDocuments(documents, { ...scores(...logits), blend: { weight, priors } })
      .map(({ document }) => document)
      .join('');

  it('is the model alone at weight 0 and the first stage alone at weight 1', () => {
    expect(order(0, [4, 3, 2, 1], 1, 2, 3, 4)).toBe('dcba');
    expect(order(1, [4, 3, 2, 1], 1, 2, 3, 4)).toBe('abcd');
  });

  it('does not depend on the unit of the logits', () => {
    const priors = priorsOfRanks(4);
    const small = order(0.4, priors, 1, 4, 2, 3);
    expect(order(0.4, priors, 10.1, 10.4, 10.2, 10.3)).toBe(small);
    expect(order(0.4, priors, -3000, 3000, -1000, 1000)).toBe(small);
  });

  it('has priors that fall with the rank, and scores in standard deviations', () => {
    expect(priorsOfRanks(3)).toEqual([-0, -Math.log(2), -Math.log(3)]);
    expect(priorsOfScores([10, 20, 30])).toEqual([-Math.sqrt(1.5), 0, Math.sqrt(1.5)]);
    expect(priorsOfScores([7, 7])).toEqual([0, 0]);
  });

  it('lets the first stage decide between results that the model finds alike', () => {
    expect(order(0.2, [1, 2, 3, 4], 5, 5, 5, 5)).toBe('dcba');
    expect(order(0.2, [1, 1, 1, 1], 1, 3, 2, 4)).toBe('dbca');
  });

  it('leaves the scores as the model gave them', () => {
    const [first] = rankDocuments(documents, {
      ...scores(1, 2, 3, 4),
      blend: { weight: 1, priors: [4, 3, 2, 1] },
    });
    expect(first).toMatchObject({ document: 'a', logit: 1, relevanceScore: sigmoid(1) });
  });
});

describe('a document in an unknown language', () => {
  it('keeps its place, and the others are ordered around it', () => {
    const results = rankDocuments(['a', 'b', 'c', 'd'], {
      ...scores(1, 9, 2, 3),
      unknownLanguage: Uint8Array.of(0, 1, 0, 0),
    });
    expect(results.map(({ document }) => document)).toEqual(['d', 'b', 'c', 'a']);
    expect(results.map(({ unknownLanguage }) => unknownLanguage)).toEqual([
      false,
      true,
      false,
      false,
    ]);
  });

  it('keeps its place while others have no score yet', () => {
    const { results } = rankScoredSoFar(['a', 'b', 'c', 'd'], {
      ...scores(Number.NaN, 9, Number.NaN, 3),
      unknownLanguage: Uint8Array.of(0, 1, 0, 0),
    });
    expect(results.map(({ document }) => document)).toEqual(['d', 'b', 'a', 'c']);
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

describe('scores of several models', () => {
  const documents = ['a', 'b', 'c', 'd'];
  const tiered = (logits: number[], tiers: number[]) => ({
    ...scores(...logits),
    tiers: {
      ofDocument: Uint8Array.from(tiers),
      calibrations: [undefined, undefined],
      bySimilarity: [false, false],
    },
  });

  it('are ordered within each tier, the higher one first', () => {
    const results = rankDocuments(documents, tiered([9, -5, 8, -4], [1, 2, 1, 2]));
    expect(results.map(({ document }) => document)).toEqual(['d', 'b', 'a', 'c']);
    expect(results.map(({ tier }) => tier)).toEqual([2, 2, 1, 1]);
  });

  it('are blended within each tier: one model’s logits do not move the other’s documents', () => {
    const blend = { weight: 0.5, priors: priorsOfRanks(4) };
    const order = (...logits: number[]): string =>
      rankDocuments(documents, { ...tiered(logits, [2, 2, 1, 1]), blend })
        .map(({ document }) => document)
        .join('');
    expect(order(1, 4, 1, 4)).toBe('badc');
    expect(order(1, 4, 1000, 4000)).toBe('badc');
  });

  it('leave unscored documents behind both tiers', () => {
    const { results } = rankScoredSoFar(documents, tiered([Number.NaN, 1, 2, 3], [0, 2, 1, 1]));
    expect(results.map(({ document }) => document)).toEqual(['b', 'd', 'c', 'a']);
  });

  it('have shares of the highest tier only, and no tier is told where there is one model', () => {
    const results = rankDocuments(documents, tiered([0, 0, 50, 60], [2, 2, 1, 1]));
    expect(results.map(({ share }) => share)).toEqual([0.5, 0.5, 0, 0]);
    expect(rankDocuments(['a'], scores(1))[0]).not.toHaveProperty('tier');
  });
});
