import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEndpoint, type Found } from '../../src/cli/judge/first-stage.ts';
import { judgeClicks } from '../../src/cli/judge/judge-clicks.ts';
import { parseBeirQrels } from '../../src/evaluate/beir.ts';
import { parseRun } from '../../src/evaluate/trec.ts';
import type { Reranker } from '../../src/shared/types.ts';
import { makeFolder, openSession, openTinyReranker, startSiteSearch } from './judge-stage.ts';

const one = { url: '/p', title: 'Page', text: 'the first passage' };
const two = { url: '/p', title: 'Page', text: 'the second passage' };
const other = { url: '/q', title: 'Other', text: 'another page' };
const answers: Record<string, readonly object[]> = {
  both: [{}, one, two, two, other],
  second: [two],
  texts: [{ text: 'said first' }, { text: 'said then' }],
  then: [{ text: 'said then' }],
  named: [
    { ...two, _id: 'given' },
    { ...one, objectID: 7 },
  ],
  scored: [one, two, other].map((each, index) => ({ ...each, score: 4.5 - index })),
  partly: [{ ...one, score: 4.5 }, two],
  unordered: [one, two].map((each, index) => ({ ...each, score: index })),
};

let reranker: Reranker;
let site: Awaited<ReturnType<typeof startSiteSearch>>;
beforeAll(async () => {
  reranker = await openTinyReranker();
  site = await startSiteSearch((query) => answers[query] ?? []);
});
afterAll(async () => {
  await reranker.dispose();
  await site[Symbol.asyncDispose]();
});
const find = (text: string): Promise<Found> =>
  openEndpoint(site.template).find({ id: text, text }, 9);
const idsOf = async (text: string): Promise<string[]> =>
  (await find(text)).documents.map(({ id }) => id);

describe('a document that a search finds', () => {
  it('has the same id for each query, whatever else is found, and stands once', async () => {
    const both = await idsOf('both');
    expect(both).toHaveLength(3);
    expect(new Set(both).size).toBe(3);
    expect(both[1]).toMatch(/^\/p~[0-9a-f]{10}$/);
    expect(await idsOf('second')).toEqual([both[1]]);
    const [, then] = await idsOf('texts');
    expect(await idsOf('then')).toEqual([then]);
  });

  it('keeps the id that the search gives it', async () => {
    expect(await idsOf('named')).toEqual(['given', '7']);
  });

  it('is known by its URL in a click log, unless another has the same', async () => {
    using folder = makeFolder();
    const [first, second, third] = ['/p', '/q', new URL('/q', site.template).href];
    const shown = [first, second, third];
    const click = { query: 'both', id: third, rank: 3, shown };
    const report = await judgeClicks({
      clicks: [click, click, { query: 'both', id: second, rank: 2, shown: [first, second] }],
      firstStage: openEndpoint(site.template),
      folder: folder.path,
      candidates: 9,
      minImpressions: 1,
    });
    const [grades] = parseBeirQrels(
      readFileSync(join(folder.path, 'qrels', 'test.tsv'), 'utf8'),
    ).values();
    const [, , known] = await idsOf('both');
    expect([...(grades?.keys() ?? [])]).toEqual([known]);
    expect(report).toContain('judgments left out: not among');
  });
});

describe('the run that judging writes', () => {
  it('has the search’s scores where all results have one, in the search’s order', async () => {
    using folder = makeFolder();
    const names = ['scored', 'partly', 'unordered'];
    const { session } = openSession(folder.path, names.join('\n'), site, reranker);
    await session.prepareAll(() => undefined);
    const read = (): string => readFileSync(join(folder.path, 'runs', 'first-stage.trec'), 'utf8');
    const scores = [...parseRun(read()).values()].map((ofQuery) => [...ofQuery.values()]);
    expect(scores).toEqual([[4.5, 3.5, 2.5], [2, 1], [2, 1]]); // prettier-ignore
    // As it is written anew when judging goes on.
    const before = read();
    openSession(folder.path, names.join('\n'), site, reranker);
    expect(read()).toBe(before);
  });
});
