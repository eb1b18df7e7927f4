import { describe, expect, it } from 'vitest';
import { planBudget } from '../../src/worker/pipeline/plan-budget.ts';

const QUERY_TOKENS = 12;
const whole = Number.POSITIVE_INFINITY;
const fill = (count: number, length: number): number[] => new Array<number>(count).fill(length);
const sumCut = (lengths: readonly number[], cap: number): number =>
  lengths.reduce((sum, length) => sum + Math.min(length, cap), 0);

describe('planBudget', () => {
  it('cuts nothing where all fits', () => {
    expect(planBudget(fill(10, 200), 2000, QUERY_TOKENS)).toEqual({ count: 10, maxTokens: whole });
    expect(planBudget([], 0, QUERY_TOKENS)).toEqual({ count: 0, maxTokens: whole });
  });

  it('cuts the longest before it leaves any out, as little as it must', () => {
    const lengths = [40, 500, 60, 300, 130];
    const plan = planBudget(lengths, 700, QUERY_TOKENS);
    expect(plan.count).toBe(5);
    expect(sumCut(lengths, plan.maxTokens)).toBeLessThanOrEqual(700);
    expect(sumCut(lengths, plan.maxTokens + 16)).toBeGreaterThan(700);
  });

  it('reads fewer from the top once all are cut to 96 tokens', () => {
    expect(planBudget(fill(50, 256), 96 * 50, QUERY_TOKENS)).toEqual({ count: 50, maxTokens: 96 });
    expect(planBudget(fill(50, 256), 96 * 20 + 95, QUERY_TOKENS)).toEqual({
      count: 20,
      maxTokens: 96,
    });
  });

  it('counts short documents as short', () => {
    expect(planBudget([30, 30, 500, 30], 170, QUERY_TOKENS)).toEqual({ count: 3, maxTokens: 96 });
  });

  it('reads one where nothing fits', () => {
    expect(planBudget(fill(5, 256), 10, QUERY_TOKENS)).toEqual({ count: 1, maxTokens: 96 });
    expect(planBudget(fill(5, 256), -50, QUERY_TOKENS)).toEqual({ count: 1, maxTokens: 96 });
  });

  it('leaves as much of a document as the query is long', () => {
    expect(planBudget(fill(5, 512), 0, 100).maxTokens).toBe(208);
  });

  it('never reads more tokens than fit, and more time never reads less', () => {
    const lengths = Array.from({ length: 60 }, (_, index) => 20 + ((index * 97) % 400));
    let before = 0;
    for (let tokens = 200; tokens < 20_000; tokens += 100) {
      const { count, maxTokens } = planBudget(lengths, tokens, QUERY_TOKENS);
      const read = sumCut(lengths.slice(0, count), maxTokens);
      expect(read).toBeLessThanOrEqual(tokens);
      expect(read).toBeGreaterThanOrEqual(before);
      before = read;
    }
  });
});
