import { describe, expect, it } from 'vitest';
import { RerankError } from '../../src/shared/errors.ts';
import { groupResults } from '../../src/results/index.ts';
import { hostileDocuments, randomDocuments, rank, stopAfter } from './ranked.ts';

/** The groups of these addresses, as places from 1. */
const groupUrls = (...urls: string[]): number[][] =>
  groupResults(rank(...urls.map((url) => ({ url })))).map(({ results }) =>
    results.map(({ rank: place }) => place),
  );

describe('groupResults', () => {
  it('puts sections of a page together, pages in the order of their best', () => {
    const results = rank(
      { url: '/disk#full' },
      { link: '/locks' },
      { href: '/disk' },
      { title: 'no page' },
      { permalink: '/locks#why' },
    );
    expect(groupResults(results)).toEqual([
      { key: '/disk', results: [results[0], results[2]], leftOut: [] },
      { key: '/locks', results: [results[1], results[4]], leftOut: [] },
      { results: [results[3]], leftOut: [] },
    ]);
  });

  it('takes a query string for part of the page, and a route in the hash', () => {
    expect(groupUrls('/a?v=1#x', '/a?v=2#x', '/a?v=1')).toEqual([[1, 3], [2]]);
    expect(groupUrls('/#/guide', '/#/api', '/#/guide#intro', '/#!api')).toEqual([[1, 3], [2], [4]]);
    expect(groupUrls('#one', '#two', '')).toEqual([[1, 2], [3]]);
  });

  it('knows a page by its other addresses', () => {
    expect(groupUrls('/a', '/a/', '/a/index.html', '/a/b', '/a/#x')).toEqual([[1, 2, 3, 5], [4]]);
  });

  it('shows no more of a group than its limit, and says what it left out', () => {
    const results = rank({ url: '/a#1' }, { url: '/a#2' }, { url: '/b' }, { url: '/a#3' });
    expect(groupResults(results, { limitPerGroup: 2 })).toEqual([
      { key: '/a', results: [results[0], results[1]], leftOut: [results[3]] },
      { key: '/b', results: [results[2]], leftOut: [] },
    ]);
  });

  it('groups by what it is told, and leaves alone what has no name', () => {
    const results = rank(
      { version: '15' },
      { version: undefined },
      { version: '14' },
      { version: '15' },
      { version: undefined },
    );
    const groups = groupResults(results, { by: ({ version }) => version });
    expect(groups.map(({ key, results: { length } }) => [key, length])).toEqual([
      ['15', 2],
      [undefined, 1],
      ['14', 1],
      [undefined, 1],
    ]);
  });

  it('does not confuse names with those of every object', () => {
    const results = rank({ url: '__proto__' }, { url: 'constructor' }, { url: '__proto__#a' });
    expect(groupResults(results).map(({ key }) => key)).toEqual(['/__proto__', '/constructor']);
  });

  it.each([1, 2, 3, 4])('gives every result back once and in order (seed %i)', (seed) => {
    const results = stopAfter(40, rank(...randomDocuments(60, seed)));
    const groups = groupResults(results, { limitPerGroup: seed });
    const members = groups.flatMap((group) => {
      const all = [...group.results, ...group.leftOut];
      expect(all).toEqual(all.toSorted((a, b) => a.rank - b.rank));
      expect(group.results.length).toBeLessThanOrEqual(seed);
      return all;
    });
    expect(members.toSorted((a, b) => a.rank - b.rank)).toEqual(results);
    const best = groups.map(({ results: [first] }) => first?.rank ?? 0);
    expect(best).toEqual(best.toSorted((a, b) => a - b));
  });

  it('lives with hostile documents and an empty list', () => {
    const groups = groupResults(rank(...hostileDocuments));
    expect(groups.flatMap(({ results }) => results)).toHaveLength(hostileDocuments.length);
    expect(groups.map(({ key }) => key).filter((key) => key !== undefined)).toEqual([
      '/a',
      'javascript:void(0)',
      '/',
      'https://[bad',
    ]);
    expect(groupResults([])).toEqual([]);
    const hashes = '#'.repeat(1_000_000);
    expect(groupResults(rank({ url: `${hashes}\n` }))[0]?.key).toBe('/');
  });

  it.each([
    ['results', () => groupResults('results' as never)],
    ['by', () => groupResults([], { by: 'url' as never })],
    ['limitPerGroup', () => groupResults([], { limitPerGroup: 0 })],
    ['limitPerGroup', () => groupResults([], { limitPerGroup: 1.5 })],
    ['limitPerGroup', () => groupResults([], { limitPerGroup: NaN })],
  ])('refuses wrong %s', (argument, call) => {
    expect(call).toThrow(RerankError);
    expect(call).toThrow(
      expect.objectContaining({ code: 'invalid-input', details: { argument } }) as Error,
    );
  });
});
