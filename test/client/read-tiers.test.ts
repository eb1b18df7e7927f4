import { describe, expect, it } from 'vitest';
import { readTiers, type RerankerTier } from '../../src/client/read-tiers.ts';

describe('readTiers', () => {
  it('reads the compact form', () => {
    expect(readTiers(' small:12:128\n good ')).toEqual([
      { model: 'small', keep: 12, maxTokens: 128 },
      { model: 'good', keep: 0 },
    ]);
  });

  it('keeps 10 where a tier does not say', () => {
    expect(readTiers('small good::256')).toEqual([
      { model: 'small', keep: 10 },
      { model: 'good', keep: 0, maxTokens: 256 },
    ]);
  });

  it('reads a list', () => {
    const tiers = [{ model: 'small', keep: 5, device: 'wasm' }, { model: 'good' }] as const;
    expect(readTiers(tiers)).toEqual([
      { model: 'small', keep: 5, device: 'wasm' },
      { model: 'good', keep: 0 },
    ]);
  });

  it.each<[string | readonly RerankerTier[], string]>([
    ['', 'tiers'],
    [[], 'tiers'],
    [7 as unknown as string, 'tiers'],
    ['a:1:20:3:4 b', 'tiers[0]'],
    ['a:0 b', 'tiers[0].keep'],
    ['a:many b', 'tiers[0].keep'],
    ['a:1.5 b', 'tiers[0].keep'],
    ['a:5 b:5', 'tiers[1].keep'],
    [[{ model: 'a', keep: -1 }, { model: 'b' }], 'tiers[0].keep'],
    [[{ model: 'a' }, {} as RerankerTier], 'tiers[1]'],
    [[{ model: 'a', integrity: 'sha256-short' }, { model: 'b' }], 'tiers[0].integrity'],
  ])('refuses %j', (tiers, argument) => {
    expect(() => readTiers(tiers)).toThrow(
      expect.objectContaining({ code: 'invalid-input', details: { argument } }),
    );
  });
});
