import { describe, expect, it } from 'vitest';
import { readIntegrity } from '../../src/client/read-integrity.ts';

const sha256 = `sha256-${'a'.repeat(43)}=`;
const sha384 = `sha384-${'+/aZ09aZ'.repeat(8)}`;
const sha512 = `sha512-${'b'.repeat(86)}==`;

describe('readIntegrity', () => {
  it('takes one hash for each model, in their order', () => {
    expect(readIntegrity(sha256, [undefined])).toEqual([sha256]);
    expect(readIntegrity(` ${sha384}\n ${sha512} `, [undefined, undefined])).toEqual([
      sha384,
      sha512,
    ]);
  });

  it('leaves tiers their own', () => {
    expect(readIntegrity(undefined, [undefined, sha256])).toEqual([undefined, sha256]);
  });

  // What a browser would overlook is refused, lest a slip leave the model unpinned.
  it.each<[unknown, number]>([
    ['', 1],
    [7, 1],
    [null, 1],
    ['sha256', 1],
    [sha256.slice(0, -1), 1],
    [sha256.replace('sha256', 'sha384'), 1],
    [sha256.replace('sha256', 'md5'), 1],
    [sha256.replace('sha256', 'SHA256'), 1],
    [`${sha256}?option`, 1],
    [`${sha256} ${sha256}`, 1],
    [sha256, 2],
    [`${sha256} - ${sha256}`, 3],
  ])('refuses %j for %i models', (integrity, models) => {
    const none = Array.from({ length: models }, () => undefined);
    expect(() => readIntegrity(integrity as string, none)).toThrow(
      expect.objectContaining({ code: 'invalid-input', details: { argument: 'integrity' } }),
    );
  });

  it('refuses hashes for all where a tier has its own', () => {
    expect(() => readIntegrity(`${sha256} ${sha256}`, [undefined, sha256])).toThrow(/left out/);
  });
});
