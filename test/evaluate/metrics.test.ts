import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import {
  computeAveragePrecision,
  computeMetrics,
  computeNdcg,
  computePrecision,
  computeRecall,
  computeReciprocalRank,
  evaluateRun,
  meanMetrics,
  orderByScore,
  type Metrics,
} from '../../src/evaluate/metrics.ts';
import { parseQrels, parseRun } from '../../src/evaluate/trec.ts';

interface GoldenCase {
  readonly cutoff: number;
  readonly relevanceLevel: number;
  readonly queries: Readonly<Record<string, Metrics>>;
  readonly mean: Metrics;
}

const readGolden = (name: string): Promise<string> =>
  readFile(new URL(`golden/${name}`, import.meta.url), 'utf8');
const run = parseRun(await readGolden('tiny.run'));
const qrels = parseQrels(await readGolden('tiny.qrels'));
// Computed apart from this code, by NIST's definitions.
const cases = JSON.parse(await readGolden('tiny.expected.json')) as GoldenCase[];

const METRICS = ['ndcg', 'reciprocalRank', 'recall', 'precision', 'averagePrecision'] as const;

const expectClose = (actual: Metrics | undefined, expected: Metrics | undefined): void => {
  for (const name of METRICS) {
    expect(actual?.[name], name).toBeCloseTo(expected?.[name] ?? Number.NaN, 5);
  }
};

describe.each(cases)(
  'at cutoff $cutoff and relevance level $relevanceLevel',
  ({ cutoff, relevanceLevel, queries, mean }) => {
    const metrics = evaluateRun(run, qrels, { cutoff, relevanceLevel });

    it('evaluates the judged queries of the run and no others', () => {
      expect([...metrics.keys()]).toEqual(Object.keys(queries));
    });

    it.each(Object.keys(queries))('gives %s the values of trec_eval', (queryId) => {
      expectClose(metrics.get(queryId), queries[queryId]);
    });

    it('averages over those queries', () => {
      expectClose(meanMetrics([...metrics.values()]), mean);
    });
  },
);

describe('orderByScore', () => {
  it('breaks ties by descending document id, whatever order they came in', () => {
    const ids = ['d10', 'd2', 'd1', 'd3'];
    const expected = ['d3', 'd2', 'd10', 'd1'];
    expect(orderByScore(new Map(ids.map((id) => [id, 1])))).toEqual(expected);
    expect(orderByScore(new Map(ids.toReversed().map((id) => [id, 1])))).toEqual(expected);
  });

  it('compares ids by their UTF-8 bytes, as C does', () => {
    // As UTF-16 units the second would be the greater one.
    const ids = ['\u{1F600}', '\uFFFD', 'é', 'z'];
    expect(orderByScore(new Map(ids.map((id) => [id, 0])))).toEqual(ids);
  });
});

describe('relevanceLevel', () => {
  const judgments = new Map([
    ['fair', 1],
    ['good', 2],
  ]);
  const ranking = ['fair', 'other', 'good'];

  it('moves reciprocal rank and recall but not nDCG', () => {
    const anyGrade = computeMetrics(ranking, judgments, { cutoff: 2 });
    const goodOnly = computeMetrics(ranking, judgments, { cutoff: 2, relevanceLevel: 2 });
    expect(anyGrade).toMatchObject({ reciprocalRank: 1, recall: 0.5 });
    expect(goodOnly).toMatchObject({ reciprocalRank: 0, recall: 0 });
    expect(goodOnly.ndcg).toBe(anyGrade.ndcg);
  });

  it('uses the grade itself as the gain', () => {
    // (1 + 2 / log2(4)) / (2 + 1 / log2(3))
    expect(computeNdcg(ranking, judgments)).toBeCloseTo(2 / (2 + 1 / Math.log2(3)), 12);
  });
});

describe('precision', () => {
  it('divides by the cutoff where the ranking is shorter', () => {
    expect(computePrecision(['a'], new Map([['a', 1]]), { cutoff: 5 })).toBe(0.2);
  });
});

describe('average precision', () => {
  const judgments = new Map([
    ['a', 1],
    ['b', 2],
    ['never found', 1],
  ]);

  it('counts relevant documents that were not retrieved', () => {
    // Precision 1/1 at a and 2/3 at b, of three relevant ones.
    expect(computeAveragePrecision(['a', 'x', 'b'], judgments)).toBeCloseTo((1 + 2 / 3) / 3, 12);
  });

  it('reads the whole ranking but for a cutoff of its own', () => {
    const ranking = [...Array.from({ length: 20 }, (_, index) => `x${index}`), 'a'];
    expect(computeAveragePrecision(ranking, judgments)).toBeCloseTo(1 / 21 / 3, 12);
    expect(computeAveragePrecision(ranking, judgments, { cutoff: 10 })).toBe(0);
    expect(computeMetrics(ranking, judgments, { cutoff: 10 }).averagePrecision).toBeGreaterThan(0);
  });
});

describe('a query without a relevant document', () => {
  it('gets 0 for every metric', () => {
    const zero = { ndcg: 0, reciprocalRank: 0, recall: 0, precision: 0, averagePrecision: 0 };
    expect(computeMetrics(['d1'], new Map([['d1', 0]]))).toEqual(zero);
    expect(computeMetrics([], new Map([['d1', 1]]))).toEqual(zero);
  });
});

describe('a wrong cutoff', () => {
  it.each([0, -1, 1.5, Number.NaN])('is refused: %s', (cutoff) => {
    const judgments = new Map([['d1', 1]]);
    const invalid = expect.objectContaining({ code: 'invalid-input' }) as Error;
    expect(() => computeNdcg(['d1'], judgments, cutoff)).toThrow(invalid);
    expect(() => computeRecall(['d1'], judgments, { cutoff })).toThrow(invalid);
    expect(() => computePrecision(['d1'], judgments, { cutoff })).toThrow(invalid);
    expect(() => computeAveragePrecision(['d1'], judgments, { cutoff })).toThrow(invalid);
    expect(() => computeReciprocalRank(['d1'], judgments, { cutoff })).toThrow(invalid);
  });
});

describe('meanMetrics', () => {
  it('refuses an empty list, which has no mean', () => {
    expect(() => meanMetrics([])).toThrow(/judgments/);
  });
});
