import { describe, expect, it } from 'vitest';
import { computePercentile } from '../../src/shared/percentile.ts';
import { compareOrders } from '../../src/evaluate/rankings.ts';
import {
  groupBySegment,
  nameFieldSegment,
  nameLengthSegment,
} from '../../src/evaluate/segments.ts';

describe('segments', () => {
  it.each([
    ['', '1 or 2 words'],
    ['  vacuum\tfull ', '1 or 2 words'],
    ['find slow queries', '3 to 5 words'],
    ['a b c d e f', '6 to 9 words'],
    ['a b c d e f g h i j', '10 words and more'],
  ])('put "%s" among queries of its length', (query, segment) => {
    expect(nameLengthSegment(query)).toBe(segment);
  });

  it('come from a field of the record, nested ones too', () => {
    const record = { kind: 'howto', metadata: { area: 3, tags: ['a'] }, empty: '' };
    expect(nameFieldSegment(record, 'kind')).toBe('howto');
    expect(nameFieldSegment(record, 'metadata.area')).toBe('3');
    expect(nameFieldSegment(record, 'metadata.tags')).toBe('["a"]');
    for (const field of ['empty', 'missing', 'kind.missing', 'toString', 'metadata.constructor']) {
      expect(nameFieldSegment(record, field), field).toBe('(none)');
    }
  });

  it('come the largest first, equal ones by name', () => {
    const groups = groupBySegment(['b1', 'a1', 'c1', 'c2'], (thing) => thing.charAt(0));
    expect([...groups]).toEqual([
      ['c', ['c1', 'c2']],
      ['a', ['a1']],
      ['b', ['b1']],
    ]);
  });
});

describe('computePercentile', () => {
  const values = [5, 1, 4, 2, 3];

  it.each([
    [0, 1],
    [0.2, 1],
    [0.21, 2],
    [0.5, 3],
    [0.95, 5],
    [1, 5],
  ])('takes the nearest rank: %d', (part, expected) => {
    expect(computePercentile(values, part)).toBe(expected);
  });

  it('leaves the list as it is and refuses an empty one', () => {
    computePercentile(values, 0.5);
    expect(values).toEqual([5, 1, 4, 2, 3]);
    expect(() => computePercentile([], 0.5)).toThrow(/no percentile/);
  });
});

describe('compareOrders', () => {
  it('moves only what was reranked', () => {
    const judgments = new Map([
      ['b', 1],
      ['c', 2],
      ['d', 3],
    ]);
    expect(compareOrders(['a', 'b', 'c', 'd'], [1, 2, 0], judgments)).toEqual({
      firstStage: ['a', 'b', 'c', 'd'],
      reranked: ['b', 'c', 'a', 'd'],
      oracle: ['c', 'b', 'a', 'd'],
    });
  });
});
