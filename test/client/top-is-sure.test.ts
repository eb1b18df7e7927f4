import { describe, expect, it } from 'vitest';
import { isTopSure } from '../../src/client/top-is-sure.ts';

const unread = Number.NaN;
const base = { topN: 2, spreads: 2 };
/** Ten documents on which the models agree nearly; the last five are unread. */
const earlierLogits = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1];
const agreeing = [20.1, 17.9, 16.1, 13.9, 12.1, unread, unread, unread, unread, unread];

describe('isTopSure', () => {
  it('is sure where the models agree and the rest is far behind', () => {
    expect(isTopSure({ ...base, earlierLogits, logits: agreeing })).toBe(true);
  });

  it('is not sure where the models differ widely on what both read', () => {
    const logits = [12, 20, 13, 19, 12, unread, unread, unread, unread, unread];
    expect(isTopSure({ ...base, earlierLogits, logits })).toBe(false);
  });

  it('is less easily sure with more spreads', () => {
    const logits = [20, 16, 17, 13, 14, unread, unread, unread, unread, unread];
    const ask = (spreads: number): boolean =>
      isTopSure({ earlierLogits, logits, topN: 1, spreads });
    expect(ask(0.5)).toBe(true);
    expect(ask(10)).toBe(false);
  });

  it('is not sure of more results than were read', () => {
    expect(isTopSure({ ...base, topN: 6, earlierLogits, logits: agreeing })).toBe(false);
  });

  it('is not sure after fewer than five documents', () => {
    const logits = agreeing.map((logit, index) => (index < 4 ? logit : unread));
    expect(isTopSure({ ...base, topN: 1, earlierLogits, logits })).toBe(false);
  });

  it('is sure where everything was read', () => {
    const logits = earlierLogits.map(() => 1);
    expect(isTopSure({ ...base, earlierLogits, logits })).toBe(true);
    expect(isTopSure({ ...base, topN: 5, earlierLogits: [1], logits: [3] })).toBe(true);
  });

  it('is not sure of a single document before it was read', () => {
    expect(isTopSure({ ...base, topN: 1, earlierLogits: [1], logits: [unread] })).toBe(false);
  });

  it.each([
    ['this tier', earlierLogits, agreeing.map((logit) => (Number.isNaN(logit) ? logit : 3))],
    ['the tier before', earlierLogits.map(() => 3), agreeing],
  ])('is not sure where all logits of %s are equal', (_tier, earlier, logits) => {
    expect(isTopSure({ ...base, earlierLogits: earlier, logits })).toBe(false);
  });

  it.each([0, 7])('is not sure where the earlier logit of document %i is no number', (index) => {
    const earlier = earlierLogits.with(index, Number.NaN);
    expect(isTopSure({ ...base, earlierLogits: earlier, logits: agreeing })).toBe(false);
  });

  it('counts the first stage’s opinion of an unread document where there is a blend', () => {
    const flat = earlierLogits.map(() => 0);
    const ask = (priors: readonly number[]): boolean =>
      isTopSure({ ...base, earlierLogits, logits: agreeing, blend: { weight: 0.5, priors } });
    expect(ask(flat)).toBe(true);
    expect(ask(flat.with(9, 10))).toBe(false);
  });

  it('does not depend on the units of the two models', () => {
    const logits = agreeing.map((logit) => 1000 * logit - 7);
    const earlier = earlierLogits.map((logit) => logit / 1000 + 3);
    expect(isTopSure({ ...base, earlierLogits: earlier, logits })).toBe(true);
  });
});
