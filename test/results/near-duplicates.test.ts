import { describe, expect, it } from 'vitest';
import { RerankError } from '../../src/shared/errors.ts';
import { mergeNearDuplicates } from '../../src/results/index.ts';
import { hostileDocuments, randomDocuments, rank, stopAfter } from './ranked.ts';

/** How many of the texts are left after merging. */
const left = (threshold: number | undefined, ...texts: string[]): number =>
  mergeNearDuplicates(rank(...texts), { threshold }).length;

const words = (count: number): string[] => Array.from({ length: count }, (_, at) => `w${at}`);

describe('mergeNearDuplicates', () => {
  it('keeps the best of near-identical results and lists the others on it', () => {
    const page = 'The disk is full when no space is left on the device for new rows.';
    const results = rank(
      { title: 'Disk full', text: page },
      { title: 'Locks', text: 'A lock is held until the end of the transaction.' },
      { title: 'DISK FULL', text: page.replaceAll(' ', '\n  ').toUpperCase() },
    );
    const merged = mergeNearDuplicates(results);
    expect(merged.map(({ rank: place }) => place)).toEqual([1, 2]);
    expect(merged[0]?.duplicates).toEqual([results[2]]);
    expect(merged[1]?.duplicates).toEqual([]);
    expect(merged[0]).toMatchObject(results[0] as object);
  });

  it('divides the shingles in both by the shingles in either', () => {
    // a b c d e f g: abcd bcde cdef defg. a b c d e f h: abcd bcde cdef defh. 3 in both, 5 in either: .6
    expect(left(0.6, 'a b c d e f g', 'a b c d e f h')).toBe(1);
    expect(left(0.61, 'a b c d e f g', 'a b c d e f h')).toBe(2);
    // The first is wholly contained in the second, but 4 of 8 shingles are only .5.
    expect(left(0.5, 'a b c d e f g', 'a b c d e f g h i j k')).toBe(1);
    expect(left(0.51, 'a b c d e f g', 'a b c d e f g h i j k')).toBe(2);
  });

  it('by default lets a text of 60 words have one other word, and one of 45 none', () => {
    // A word in the middle is in 4 shingles: 53 of 61 stay, .87; and 38 of 46, .83.
    expect(left(undefined, words(60).join(' '), words(60).with(30, 'other').join(' '))).toBe(1);
    expect(left(undefined, words(45).join(' '), words(45).with(20, 'other').join(' '))).toBe(2);
  });

  it('estimates long texts well on either side of the threshold', () => {
    const long = words(4000);
    const changedEvery = (distance: number): string =>
      long.map((word, at) => (at % distance === 0 ? 'other' : word)).join(' ');
    // A changed word is in 4 shingles: of each 40, 36 stay, 36 / 44 = .82; of each 80, 76 / 84 = .90.
    expect(left(undefined, long.join(' '), changedEvery(40))).toBe(2);
    expect(left(undefined, long.join(' '), changedEvery(80))).toBe(1);
  });

  it('takes texts shorter than a shingle for the same only where they are', () => {
    expect(left(undefined, 'Full disk', 'full  disk!', 'Full disks', 'disk full')).toBe(3);
    expect(left(undefined, 'Full', 'Full')).toBe(1);
  });

  it('takes texts without words for different ones', () => {
    expect(left(undefined, '', '', '…', '!!!')).toBe(4);
  });

  it('reads scripts without spaces by the character', () => {
    const chinese = '数据库的磁盘已满时不会丢失任何数据但是服务器可能会停止运行直到释放空间为止';
    const japanese =
      'ディスクがいっぱいになってもデータは失われませんがサーバーは停止することがあります';
    // One character is in 4 of 34 shingles: 30 / 38 = .79.
    expect(left(0.75, chinese, `${chinese}。`, japanese, chinese.replace('任', '一'))).toBe(2);
    expect(left(undefined, chinese, chinese.slice(0, 20))).toBe(2);
  });

  it('does not tell composed characters, full-width letters and ligatures from plain ones', () => {
    expect(left(undefined, 'café file one two', 'cafe\u0301 ﬁle ｏｎｅ two')).toBe(1);
  });

  it('compares with the kept result only, not with its duplicates', () => {
    // Each is like its neighbour (.6), but the first and the last are not (2 of 6).
    const chain = ['a b c d e f g', 'x b c d e f g', 'x b c d e f y'];
    const [first, second] = mergeNearDuplicates(rank(...chain), { threshold: 0.6 });
    expect(first?.duplicates.map(({ document }) => document)).toEqual([chain[1]]);
    expect(second?.document).toBe(chain[2]);
  });

  it('compares what fields or toText say', () => {
    const results = rank(
      { name: 'a', text: 'one two three four' },
      { name: 'b', text: 'one two three four' },
    );
    expect(mergeNearDuplicates(results)).toHaveLength(1);
    expect(mergeNearDuplicates(results, { fields: ['name', 'text'] })).toHaveLength(2);
    const toText = ({ document }: (typeof results)[number]): string => document.name;
    expect(mergeNearDuplicates(results, { toText })).toHaveLength(2);
  });

  it.each([1, 2, 3, 4])('gives every result back once and in order (seed %i)', (seed) => {
    const results = stopAfter(40, rank(...randomDocuments(60, seed)));
    const merged = mergeNearDuplicates(results, { threshold: 0.7 });
    const ranks = merged.map(({ rank: place }) => place);
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    const all = merged.flatMap(({ rank: place, duplicates }) => {
      const below = duplicates.map((each) => each.rank);
      expect(below).toEqual(below.toSorted((a, b) => a - b));
      expect(below.every((each) => each > place)).toBe(true);
      return [place, ...below];
    });
    expect(all.toSorted((a, b) => a - b)).toEqual(results.map(({ rank: place }) => place));
    expect(merged.length).toBeLessThan(results.length);
  });

  it('lives with hostile documents and an empty list', () => {
    const merged = mergeNearDuplicates(rank(...hostileDocuments));
    expect(merged).toHaveLength(hostileDocuments.length - 1);
    expect(merged[1]?.duplicates).toHaveLength(1);
    expect(mergeNearDuplicates([])).toEqual([]);
  });

  it('merges 200 results of 2,000 words in a moment', () => {
    const many = words(4600);
    const results = rank(
      ...Array.from({ length: 200 }, (_, text) =>
        many.slice(text * 13, text * 13 + 2000).join(' '),
      ),
    );
    // The processor's time, because other work may hold up the clock's.
    const start = process.cpuUsage();
    mergeNearDuplicates(results);
    const { user } = process.cpuUsage(start);
    // Measured: 40 ms, 150 ms before it is compiled. Comparing whole sets of shingles takes seconds.
    expect(user / 1000).toBeLessThan(1000);
  });

  it.each([
    ['results', () => mergeNearDuplicates({ results: [] } as never)],
    ['results[0]', () => mergeNearDuplicates([null] as never)],
    ['threshold', () => mergeNearDuplicates([], { threshold: 0 })],
    ['threshold', () => mergeNearDuplicates([], { threshold: 85 })],
    ['threshold', () => mergeNearDuplicates([], { threshold: NaN })],
    ['fields', () => mergeNearDuplicates([], { fields: [] })],
    ['toText', () => mergeNearDuplicates([], { toText: 'title' as never })],
  ])('refuses wrong %s', (argument, call) => {
    expect(call).toThrow(RerankError);
    expect(call).toThrow(
      expect.objectContaining({ code: 'invalid-input', details: { argument } }) as Error,
    );
  });
});
