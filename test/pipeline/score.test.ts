import { describe, expect, it } from 'vitest';
import { sigmoid } from '../../src/shared/calibration.ts';
import { relevanceLogits } from '../../src/worker/pipeline/score.ts';

describe('relevanceLogits', () => {
  it('takes the only logit of a one-label model as it is', () => {
    const raw = Float32Array.of(1.5, -2);
    expect([...relevanceLogits(raw, { labels: ['relevant'], positiveLabel: 'relevant' })]).toEqual([
      1.5, -2,
    ]);
  });

  it.each([
    [['no', 'yes'], 'yes', [1, 3]],
    [['yes', 'no'], 'yes', [1, 3]],
    [['none', 'some', 'full'], 'full', [0.5, -1, 2]],
  ])('gives log-odds whose sigmoid is the softmax over %j', (labels, positiveLabel, raw) => {
    const [logit] = relevanceLogits(Float32Array.from(raw), { labels, positiveLabel });
    const total = raw.reduce((sum, value) => sum + Math.exp(value), 0);
    const expected = Math.exp(raw[labels.indexOf(positiveLabel)] ?? 0) / total;
    expect(sigmoid(logit ?? 0)).toBeCloseTo(expected, 6);
  });

  it('survives logits whose exponential overflows', () => {
    const [logit] = relevanceLogits(Float32Array.of(900, -900), {
      labels: ['no', 'yes'],
      positiveLabel: 'yes',
    });
    expect(logit).toBe(-1800);
  });
});
