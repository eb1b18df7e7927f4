import { describe, expect, it } from 'vitest';
import { calibrate, type JudgedPair } from '../../src/evaluate/calibrate.ts';
import { measureCalibration } from '../../src/evaluate/calibration-quality.ts';
import { fitCalibration, poolAdjacentViolators } from '../../src/evaluate/fit-calibration.ts';
import { sigmoid, toRelevanceScore } from '../../src/shared/calibration.ts';

/** Numbers of 0 to 1 that look random and are the same each time: the golden ratio's multiples. */
const spread = (index: number): number => (0.5 + index * 0.618_033_988_749_895) % 1;

/** Pairs whose chance to be relevant is exactly a known sigmoid of their logit. */
function drawPairs(count: number, slope: number, intercept: number): JudgedPair[] {
  return Array.from({ length: count }, (_, index) => {
    // Both run evenly over their ranges, and over each other.
    const logit = ((index % 100) / 100) * 12 - 6;
    const relevant = spread(Math.floor(index / 100)) < sigmoid(slope * logit + intercept);
    return { queryId: `q${index % 37}`, logit, relevant };
  });
}

describe('fitCalibration with platt', () => {
  it('recovers the slope and intercept of the sigmoid that the data was drawn from', () => {
    const calibration = fitCalibration('platt', drawPairs(100_000, 0.7, -1.5));
    expect(calibration.method).toBe('platt');
    if (calibration.method !== 'platt') return;
    expect(calibration.slope).toBeCloseTo(0.7, 2);
    expect(calibration.intercept).toBeCloseTo(-1.5, 2);
  });

  it('gives smoothed targets where logits part the classes, so that nothing is certain', () => {
    // Two logits only: the best curve goes through (3 + 1) / (3 + 2) and 1 / (2 + 2).
    const calibration = fitCalibration('platt', [
      ...[1, 1, 1].map((logit) => ({ logit, relevant: true })),
      ...[-1, -1].map((logit) => ({ logit, relevant: false })),
    ]);
    expect(toRelevanceScore(1, calibration)).toBeCloseTo(4 / 5, 6);
    expect(toRelevanceScore(-1, calibration)).toBeCloseTo(1 / 4, 6);
  });

  it('copes with logits that are far from 0', () => {
    const calibration = fitCalibration(
      'platt',
      drawPairs(20_000, 0.7, -1.5).map((pair) => ({ ...pair, logit: pair.logit * 50 + 1000 })),
    );
    if (calibration.method !== 'platt') return;
    expect(calibration.slope * 50).toBeCloseTo(0.7, 1);
    expect(calibration.intercept + calibration.slope * 1000).toBeCloseTo(-1.5, 1);
  });

  it.each(['platt', 'isotonic'] as const)(
    'refuses scores that fall where relevance rises (%s)',
    (method) => {
      const falling = drawPairs(2000, -0.7, 0);
      expect(() => fitCalibration(method, falling)).toThrow(
        expect.objectContaining({ code: 'invalid-input' }),
      );
    },
  );
});

describe('poolAdjacentViolators', () => {
  it('gives the means of blocks that were computed by hand', () => {
    const columns = [1, 3, 2, 4, 3, 3, 6].map((value) => ({ value, weight: 1 }));
    // 3 2 → 2.5; 4 3 → 3.5, then 4 3 3 → 10/3.
    expect(poolAdjacentViolators(columns)).toEqual([1, 2.5, 2.5, 10 / 3, 10 / 3, 10 / 3, 6]);
  });

  it('weighs its columns', () => {
    const columns = [
      { value: 4, weight: 1 },
      { value: 1, weight: 3 },
    ];
    expect(poolAdjacentViolators(columns)).toEqual([1.75, 1.75]);
  });
});

describe('fitCalibration with isotonic', () => {
  it('goes through the observed shares and never falls', () => {
    const pairs = drawPairs(20_000, 0.7, -1.5);
    const calibration = fitCalibration('isotonic', pairs);
    if (calibration.method !== 'isotonic') throw new Error(calibration.method);
    for (const logit of [-4, -1, 0, 2, 5]) {
      expect(toRelevanceScore(logit, calibration)).toBeCloseTo(sigmoid(0.7 * logit - 1.5), 1);
    }
    let former = 0;
    for (let logit = -8; logit < 8; logit += 0.013) {
      const probability = toRelevanceScore(logit, calibration);
      expect(probability).toBeGreaterThanOrEqual(former);
      former = probability;
    }
    expect(former).toBeLessThan(1);
  });
});

describe('measureCalibration', () => {
  it('gives numbers that were computed by hand', () => {
    const quality = measureCalibration([
      { probability: 0.8, relevant: true },
      { probability: 0.82, relevant: false },
      { probability: 0.3, relevant: false },
      { probability: 1, relevant: true },
    ]);
    expect(quality.logLoss).toBeCloseTo(-Math.log(0.8 * 0.18 * 0.7) / 4, 12);
    expect(quality.brier).toBeCloseTo((0.04 + 0.6724 + 0.09) / 4, 12);
    // Bins: 0.3 (1 pair, 0 relevant), 0.8 (2, 1, stated 0.81), 0.9–1 (1, 1).
    expect(quality.expectedCalibrationError).toBeCloseTo((0.3 + 2 * 0.31) / 4, 12);
    expect(quality.bins.map(({ count }) => count)).toEqual([1, 2, 1]);
  });

  it('charges a finite loss for a certain and wrong forecast', () => {
    const { logLoss } = measureCalibration([{ probability: 1, relevant: false }]);
    expect(logLoss).toBeCloseTo(-Math.log(1e-12), 6);
  });
});

describe('calibrate', () => {
  it('takes platt for few pairs, and shows that it is nearer to the judgments', () => {
    const fitted = calibrate(drawPairs(900, 0.4, -2));
    expect(fitted.calibration.method).toBe('platt');
    expect(fitted).toMatchObject({ queries: 37, pairs: 900 });
    expect(fitted.after.expectedCalibrationError).toBeLessThan(0.06);
    expect(fitted.before.expectedCalibrationError).toBeGreaterThan(0.2);
    expect(fitted.after.logLoss).toBeLessThan(fitted.withoutScores.logLoss);
    expect(fitted.after.logLoss).toBeLessThan(fitted.before.logLoss);
  });

  it('takes the method with the lower loss on unseen queries where there are many pairs', () => {
    expect(calibrate(drawPairs(4000, 0.7, -1)).calibration.method).toBe('platt');
    // A step, which no sigmoid is.
    const steps = drawPairs(4000, 0.7, -1).map((pair, index) => ({
      ...pair,
      relevant: spread(index) < (pair.logit > 0 ? 0.6 : 0.3),
    }));
    expect(calibrate(steps).calibration.method).toBe('isotonic');
  });

  it('judges each query by curves that were fitted on other queries', () => {
    // Logits say which query it is, and each query is all relevant or all not: in-sample isotonic would
    // be perfect, a curve from other queries knows nothing.
    const pairs = Array.from({ length: 4000 }, (_, index) => {
      const query = index % 400;
      return { queryId: `q${query}`, logit: query / 100, relevant: spread(query) < 0.5 };
    });
    const { after } = calibrate(pairs, { method: 'isotonic' });
    expect(after.logLoss).toBeGreaterThan(0.6);
  });

  it('gives the same numbers whatever order the pairs come in, and others for another seed', () => {
    const pairs = drawPairs(900, 0.4, -2);
    const fitted = calibrate(pairs);
    const turned = calibrate(pairs.toReversed());
    expect(turned.after.logLoss).toBeCloseTo(fitted.after.logLoss, 9);
    expect(calibrate(pairs, { seed: 2 }).after.logLoss).not.toBe(fitted.after.logLoss);
  });

  it.each([
    ['few relevant pairs', drawPairs(900, 0.4, -6), {}, /at least 20 relevant/],
    ['few pairs for isotonic', drawPairs(900, 0.4, 0), { method: 'isotonic' as const }, /1000/],
    ['more folds than queries', drawPairs(900, 0.4, 0), { folds: 38 }, /folds/],
    ['no pairs', [], {}, /at least 20 relevant/],
  ])('refuses %s', (_, pairs, options, message) => {
    expect(() => calibrate(pairs, options)).toThrow(message);
  });
});

describe('toRelevanceScore', () => {
  const points = [
    { logit: -1, probability: 0.1 },
    { logit: 1, probability: 0.5 },
    { logit: 2, probability: 0.5 },
    { logit: 4, probability: 0.9 },
  ];

  it.each([
    [-9, 0.1],
    [-1, 0.1],
    [0, 0.3],
    [1.5, 0.5],
    [3, 0.7],
    [4, 0.9],
    [99, 0.9],
  ])('reads logit %d from an isotonic curve as %d', (logit, expected) => {
    expect(toRelevanceScore(logit, { method: 'isotonic', points })).toBeCloseTo(expected, 12);
  });

  it('is the sigmoid without a calibration', () => {
    expect(toRelevanceScore(2, undefined)).toBe(sigmoid(2));
  });
});
