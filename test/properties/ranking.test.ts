import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blendScores, priorsOfRanks, priorsOfScores } from '../../src/shared/blend.ts';
import { toRelevanceScore, type Calibration } from '../../src/shared/calibration.ts';
import { rankScoredSoFar, softmax, type Scores } from '../../src/shared/rank.ts';
import { planBatches } from '../../src/worker/pipeline/plan-batches.ts';
import { planBudget } from '../../src/worker/pipeline/plan-budget.ts';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
/** Logits as models give them, with many ties, and any finite number. */
const logit = fc.oneof(
  fc.integer({ min: -2, max: 2 }),
  fc.float({ noNaN: true, noDefaultInfinity: true }),
  finite,
);
const logits = fc.array(logit, { maxLength: 60 });

const scoresOf = (values: readonly number[], more: Partial<Scores> = {}): Scores => ({
  logits: Float64Array.from(values),
  truncated: new Uint8Array(values.length),
  unknownLanguage: new Uint8Array(values.length),
  ...more,
});
const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);
const isShare = (value: number): boolean => value >= 0 && value <= 1;

describe('a plan of batches', () => {
  it('has each pair once, in batches within the limits, and those wanted first by themselves', () => {
    const limits = fc.record({
      maxPairs: fc.integer({ min: 1, max: 40 }),
      maxTokens: fc.integer({ min: 1, max: 5000 }),
      lengthMultiple: fc.integer({ min: 1, max: 64 }),
    });
    const lengths = fc.array(fc.integer({ min: 1, max: 600 }), { maxLength: 150 });
    fc.assert(
      fc.property(lengths, limits, fc.nat(200), (pairs, limit, firstCount) => {
        const plans = planBatches(pairs, limit, firstCount);
        const positions = plans.flatMap((plan) => plan.positions);
        expect(positions.toSorted((a, b) => a - b)).toEqual([...pairs.keys()]);
        for (const { positions: own, length } of plans) {
          expect(own.length).toBeLessThanOrEqual(limit.maxPairs);
          expect(own.length === 1 || own.length * length <= limit.maxTokens).toBe(true);
          expect(length % limit.lengthMultiple).toBe(0);
          for (const position of own) expect(pairs[position]).toBeLessThanOrEqual(length);
          const isFirst = own.map((position) => position < firstCount);
          expect(new Set(isFirst).size).toBe(1);
        }
      }),
    );
  });
});

describe('a plan for a budget', () => {
  it('is within it, or reads one pair, and leaves a document as much room as the query has', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 1, maxLength: 60 });
    const anyTokens = fc.double({ min: -1e4, max: 1e5, noNaN: true });
    fc.assert(
      fc.property(lengths, anyTokens, fc.nat(256), (pairs, tokens, queryTokens) => {
        const { count, maxTokens } = planBudget(pairs, tokens, queryTokens);
        expect(count).toBeGreaterThanOrEqual(1);
        expect(count).toBeLessThanOrEqual(pairs.length);
        expect(maxTokens).toBeGreaterThanOrEqual(2 * queryTokens);
        const planned = sum(pairs.slice(0, count).map((length) => Math.min(length, maxTokens)));
        expect(count === 1 || planned <= tokens).toBe(true);
      }),
    );
  });
});

describe('a ranking', () => {
  it('has every document once, the best first, and equals in the order that they had', () => {
    fc.assert(
      fc.property(logits, (values) => {
        const documents = values.map((_, index) => `document ${index}`);
        const { results } = rankScoredSoFar(documents, scoresOf(values));
        const expected = [...values.keys()].sort(
          (a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b,
        );
        expect(results.map(({ index }) => index)).toEqual(expected);
        expect(results.map(({ document }) => document)).toEqual(
          expected.map((index) => documents[index]),
        );
        expect(results.map(({ rank }) => rank)).toEqual([...values.keys()].map((at) => at + 1));
      }),
    );
  });

  it('has every document once whatever was read, in which language, tier and blend', () => {
    const document = fc.record({
      logit: fc.oneof(logit, fc.constant(Number.NaN)),
      unknownLanguage: fc.boolean(),
      tier: fc.integer({ min: 1, max: 3 }),
      prior: finite,
    });
    const runs = fc.tuple(fc.array(document, { maxLength: 40 }), fc.double({ min: 0, max: 1 }));
    fc.assert(
      fc.property(runs, fc.boolean(), fc.boolean(), ([documents, weight], inTiers, blended) => {
        const share = Number.isNaN(weight) ? 0 : weight;
        const scores = scoresOf(
          documents.map((each) => each.logit),
          {
            unknownLanguage: Uint8Array.from(documents, (each) => Number(each.unknownLanguage)),
            ...(blended && {
              blend: { weight: share, priors: priorsOfScores(documents.map(({ prior }) => prior)) },
            }),
            ...(inTiers && {
              tiers: {
                ofDocument: Uint8Array.from(documents, ({ tier }) => tier),
                calibrations: [undefined, undefined, undefined],
                bySimilarity: [true, false, false],
              },
            }),
          },
        );
        const { results, scoredCount } = rankScoredSoFar(documents, scores);
        const indices = results.map(({ index }) => index);
        expect(indices.toSorted((a, b) => a - b)).toEqual([...documents.keys()]);
        expect(scoredCount).toBe(documents.filter((each) => !Number.isNaN(each.logit)).length);
        const scored = results.filter((result) => result.scored);
        expect(scored.every((result) => isShare(result.relevanceScore))).toBe(true);
        if (scored.length > 0) expect(sum(scored.map((one) => one.share))).toBeCloseTo(1, 9);
        for (const [place, { index }] of results.entries()) {
          if (documents[place]?.unknownLanguage) expect(index).toBe(place);
        }
      }),
    );
  });

  it('takes more documents than a call takes arguments', () => {
    const values = Array.from({ length: 150_000 }, (_, index) => index);
    const { results } = rankScoredSoFar(values, scoresOf(values));
    expect(results[0]?.index).toBe(149_999);
  });
});

describe('scores', () => {
  it('have finite keys to sort by, which turn no two logits of one prior around', () => {
    fc.assert(
      fc.property(logits, fc.integer({ min: 0, max: 10 }), (values, tenths) => {
        const keys = blendScores(
          values,
          values.map(() => 0),
          tenths / 10,
        );
        expect(keys.every(Number.isFinite)).toBe(true);
        for (const [index, key] of keys.entries()) {
          const [before, value] = [values[index - 1] ?? 0, values[index] ?? 0];
          if (index > 0 && before >= value) expect(keys[index - 1]).toBeGreaterThanOrEqual(key);
        }
        expect(priorsOfScores(values).every(Number.isFinite)).toBe(true);
        expect(priorsOfRanks(values.length).every(Number.isFinite)).toBe(true);
      }),
    );
  });

  it('have shares that sum to 1', () => {
    fc.assert(
      fc.property(fc.array(logit, { minLength: 1, maxLength: 60 }), (values) => {
        const shares = softmax(values);
        expect(shares.every(isShare)).toBe(true);
        expect(sum(shares)).toBeCloseTo(1, 9);
      }),
    );
  });

  it('are from 0 to 1 and never fall, whatever the calibration', () => {
    const platt = fc.record({
      method: fc.constant('platt' as const),
      slope: fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
      intercept: finite,
    });
    const isotonic = fc
      .tuple(
        fc.uniqueArray(finite, { minLength: 1, maxLength: 8 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 }),
      )
      .map(([places, heights]): Calibration => {
        const rising = heights.toSorted((a, b) => a - b);
        const points = places
          // 0 and −0 are one place.
          .map((place) => place + 0)
          .toSorted((a, b) => a - b)
          .map((place, index) => ({ logit: place, probability: rising[index] ?? 1 }))
          .filter((point, index, all) => point.logit !== all[index - 1]?.logit);
        return { method: 'isotonic', points };
      });
    const curve = fc.oneof<[fc.Arbitrary<Calibration | undefined>, ...fc.Arbitrary<Calibration>[]]>(
      fc.constant(undefined),
      platt,
      isotonic,
    );
    fc.assert(
      fc.property(curve, finite, finite, (calibration, a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)].map((each) =>
          toRelevanceScore(each, calibration),
        ) as [number, number];
        expect([low, high].every(isShare)).toBe(true);
        expect(low).toBeLessThanOrEqual(high);
      }),
      { numRuns: 500 },
    );
  });
});
