import { describe, expect, it } from 'vitest';
import {
  formatMetricName,
  measureRanking,
  parseMetricName,
} from '../../src/evaluate/metric-names.ts';

const ranking = ['x', 'good', 'fair', 'y'];
const judgments = new Map([
  ['good', 2],
  ['fair', 1],
]);

describe('parseMetricName', () => {
  it.each([
    ['ndcg@10', 'nDCG@10'],
    ['NDCG@5', 'nDCG@5'],
    [' map ', 'MAP'],
    ['map@10', 'MAP@10'],
    ['mrr', 'MRR'],
    ['mrr@10', 'MRR@10'],
    ['precision@3', 'precision@3'],
    ['recall@100', 'recall@100'],
  ])('reads %s', (name, formatted) => {
    expect(formatMetricName(parseMetricName(name))).toBe(formatted);
  });

  it.each(['', 'ndcg', 'recall', 'accuracy@10', 'ndcg@0', 'ndcg@', 'ndcg@1.5', 'ndcg@1@2'])(
    'refuses "%s"',
    (name) => {
      expect(() => parseMetricName(name)).toThrow(
        expect.objectContaining({ code: 'invalid-input' }) as Error,
      );
    },
  );
});

describe('measureRanking', () => {
  it.each([
    ['mrr', 1, 1 / 2],
    ['mrr@1', 1, 0],
    ['recall@2', 1, 1 / 2],
    ['recall@2', 2, 1],
    ['precision@3', 1, 2 / 3],
    ['map', 1, (1 / 2 + 2 / 3) / 2],
    ['map', 2, 1 / 2],
    ['map@2', 1, 1 / 4],
    ['ndcg@1', 1, 0],
  ])('computes %s from grade %i', (name, relevanceLevel, expected) => {
    const value = measureRanking(parseMetricName(name), ranking, judgments, relevanceLevel);
    expect(value).toBeCloseTo(expected, 12);
  });

  it('takes an empty ranking as one that found nothing', () => {
    expect(measureRanking(parseMetricName('map'), [], judgments)).toBe(0);
    expect(measureRanking(parseMetricName('mrr'), [], judgments)).toBe(0);
  });
});
