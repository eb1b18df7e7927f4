import { describe, expect, it } from 'vitest';
import { judgeByClicks, parseClicks, type Click } from '../../src/evaluate/clicks.ts';

const shown = ['a', 'b', 'c', 'd'];
const click = (id: string, more: Partial<Click> = {}): Click => ({
  query: 'disk full',
  id,
  rank: (more.shown ?? shown).indexOf(id) + 1,
  shown,
  ...more,
});
const grades = (clicks: readonly Click[], minImpressions?: number): unknown =>
  Object.fromEntries(
    [...judgeByClicks(clicks, minImpressions).qrels].map(([query, ofQuery]) => [
      query,
      Object.fromEntries(ofQuery),
    ]),
  );

describe('judgeByClicks', () => {
  it('prefers what was chosen to what was passed over above it, and says nothing of what is below', () => {
    expect(grades([click('c'), click('c')])).toEqual({ 'disk full': { c: 1, a: 0, b: 0 } });
  });

  it('says nothing of results that stood below the choice, however often they were shown', () => {
    expect(grades(Array.from({ length: 9 }, () => click('a')))).toEqual({ 'disk full': { a: 1 } });
  });

  it('wants as many looks as it is told, two by default', () => {
    expect(grades([click('b')])).toEqual({});
    expect(grades([click('b')], 1)).toEqual({ 'disk full': { b: 1, a: 0 } });
    expect(judgeByClicks([click('b'), click('b')], 3).undecided).toBe(2);
  });

  it('takes several clicks on one list as one look from the top to the lowest', () => {
    const clicks = [
      click('a', { run: '1' }),
      click('c', { run: '1' }),
      click('c', { run: '2' }),
      click('a', { run: '2' }),
    ];
    expect(grades(clicks)).toEqual({ 'disk full': { a: 1, c: 1, b: 0 } });
    expect(judgeByClicks(clicks).impressions).toBe(2);
  });

  it('decides by the majority of looks, and leaves a tie undecided', () => {
    // a is chosen twice and passed over once; b is chosen once and passed over never.
    expect(grades([click('a'), click('a'), click('b')])).toEqual({ 'disk full': { a: 1 } });
    const tied = judgeByClicks([click('a'), click('b')]);
    expect(tied.qrels.size).toBe(0);
    expect(tied.undecided).toBe(2);
  });

  it('reads the order that the reader saw, which may be another each time', () => {
    const turned = ['d', 'c', 'b', 'a'];
    expect(grades([click('b', { shown: turned }), click('b')])).toEqual({ 'disk full': { b: 1 } });
  });

  it('takes queries that differ in case and white space as one', () => {
    const clicks = [click('b', { query: ' Disk  full' }), click('b', { query: 'disk FULL' })];
    expect(grades(clicks)).toEqual({ 'Disk  full': { b: 1, a: 0 } });
  });

  it('leaves out clicks whose id was not shown at their rank', () => {
    const clicks = [click('b', { rank: 1 }), click('b', { rank: 9 }), click('c'), click('c')];
    expect(judgeByClicks(clicks).inconsistent).toBe(2);
    expect(grades(clicks)).toEqual({ 'disk full': { c: 1, a: 0, b: 0 } });
  });
});

describe('parseClicks', () => {
  it('reads id or url, and no more than it needs', () => {
    const lines = [
      { query: 'q', id: 'a', rank: 1, originalRank: 3, shown: ['a'], time: 1, run: 'x' },
      { query: 'q', url: '/b', rank: 2, shown: ['/a', '/b'] },
    ];
    expect(parseClicks(lines.map((line) => JSON.stringify(line)).join('\n'))).toEqual([
      { query: 'q', id: 'a', rank: 1, shown: ['a'], run: 'x' },
      { query: 'q', id: '/b', rank: 2, shown: ['/a', '/b'] },
    ]);
  });

  it.each([
    '{',
    'null',
    '[]',
    '{"query":"q","id":"a","rank":1}',
    '{"query":"q","rank":1,"shown":[]}',
  ])('refuses the line %s, and names it', (line) => {
    const good = JSON.stringify(click('a'));
    expect(() => parseClicks(`${good}\n${line}`)).toThrow(/^Line 2 of the click log/);
  });
});
