import { describe, expect, it } from 'vitest';
import { planBatches } from '../../src/worker/pipeline/plan-batches.ts';

const gpu = { maxPairs: 8, maxTokens: 256, lengthMultiple: 8 };
const single = { maxPairs: 1, maxTokens: Number.POSITIVE_INFINITY, lengthMultiple: 1 };
const lengths = Array.from({ length: 50 }, (_, index) => 10 + ((index * 37) % 90));

describe('planBatches', () => {
  it.each([gpu, single])('plans every pair exactly once', (limits) => {
    const positions = planBatches(lengths, limits).flatMap((plan) => plan.positions);
    expect(positions.toSorted((a, b) => a - b)).toEqual(lengths.map((_, index) => index));
  });

  it('stays within the token budget, padding included', () => {
    for (const { positions, length } of planBatches(lengths, gpu)) {
      expect(positions.length * length).toBeLessThanOrEqual(gpu.maxTokens);
      expect(positions.length).toBeLessThanOrEqual(gpu.maxPairs);
    }
  });

  it('pads each pair to its batch’s longest, rounded up', () => {
    for (const { positions, length } of planBatches(lengths, gpu)) {
      const longest = Math.max(...positions.map((position) => lengths[position] ?? 0));
      expect(length).toBe(Math.ceil(longest / 8) * 8);
    }
  });

  it('gives a pair that is longer than the budget a batch of its own', () => {
    const plans = planBatches([400, 10], gpu);
    expect(plans).toEqual([
      { positions: [1], length: 16 },
      { positions: [0], length: 400 },
    ]);
  });

  it('serves the first stage’s best first', () => {
    const positions = planBatches(lengths, gpu).flatMap((plan) => plan.positions);
    expect(positions.slice(0, 32).every((position) => position < 32)).toBe(true);
  });

  it('keeps those that are expected to be read apart from the others', () => {
    const plans = planBatches(lengths, gpu, 11);
    const positions = plans.flatMap((plan) => plan.positions);
    expect(positions.toSorted((a, b) => a - b)).toEqual(lengths.map((_, index) => index));
    expect(positions.slice(0, 11).every((position) => position < 11)).toBe(true);
    const isFirst = plans.map((plan) => plan.positions.map((position) => position < 11));
    expect(isFirst.every((firsts) => new Set(firsts).size === 1)).toBe(true);
  });

  it('keeps the first stage’s order where each pair runs alone', () => {
    const positions = planBatches(lengths, single).flatMap((plan) => plan.positions);
    expect(positions).toEqual(lengths.map((_, index) => index));
  });

  it('pads less than batches in the given order would', () => {
    const padded = planBatches(lengths, gpu).reduce(
      (sum, { positions, length }) => sum + positions.length * length,
      0,
    );
    const unsorted = Array.from({ length: Math.ceil(lengths.length / 8) }, (_, batch) => {
      const part = lengths.slice(batch * 8, batch * 8 + 8);
      return part.length * Math.max(...part);
    }).reduce((sum, tokens) => sum + tokens, 0);
    expect(padded).toBeLessThan(unsorted);
  });

  it('plans nothing for nothing', () => {
    expect(planBatches([], gpu)).toEqual([]);
  });
});
