import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeClicks, type ClickOptions } from '../../src/cli/judge/judge-clicks.ts';
import { openEndpoint } from '../../src/cli/judge/first-stage.ts';
import { parseBeirQrels, parseBeirRecords } from '../../src/evaluate/beir.ts';
import { parseRun } from '../../src/evaluate/trec.ts';
import { makeFolder, sections, startSiteSearch, type SiteSearch } from './judge-stage.ts';

let site: SiteSearch;
beforeAll(async () => {
  site = await startSiteSearch();
});
afterAll(() => site[Symbol.asyncDispose]());

const shown = sections.map(({ id }) => id);
const click = (query: string, place: number) => ({
  query,
  id: shown[place] ?? '',
  rank: place + 1,
  shown,
});
const clicks = [
  click('Vacuum', 2),
  click('vacuum', 2),
  click('gone', 9),
  click('gone', 9),
  click('nothing', 1),
  click('nothing', 1),
];
const judge = (folder: string, more: Partial<ClickOptions> = {}): Promise<string> =>
  judgeClicks({ clicks, firstStage: openEndpoint(site.template), folder, candidates: 5, ...more });

describe('judgments from clicks', () => {
  it('make a folder of the queries whose results the search still finds', async () => {
    using folder = makeFolder();
    const report = await judge(folder.path);
    const read = (name: string): string => readFileSync(join(folder.path, name), 'utf8');
    const [query, gone, ...others] = parseBeirRecords(read('queries.jsonl'));
    expect([query?.text, gone?.text, others]).toEqual(['Vacuum', 'gone', []]);
    const qrels = parseBeirQrels(read('qrels/test.tsv'));
    expect(Object.fromEntries(qrels.get(query?.id ?? '') ?? [])).toEqual({
      'section%202': 1,
      'section%200': 0,
      'section%201': 0,
    });
    // What was chosen is deeper than the search goes now; what stood above it is still there.
    expect([...(qrels.get(gone?.id ?? '')?.values() ?? [])]).toEqual([0, 0, 0, 0, 0]);
    expect(parseRun(read('runs/first-stage.trec')).get(query?.id ?? '')?.size).toBe(5);
    expect(parseBeirRecords(read('corpus.jsonl'))).toHaveLength(5);
    expect(report).toContain('6 clicks on 6 lists\n');
    expect(report).toContain('7 judgments left out: not among the search’s first 5 any more');
    expect(report).toContain('8 judgments of 2 queries, 1 of them relevant');
    // A newer log takes the older one's place.
    await judge(folder.path, { clicks: clicks.slice(0, 2) });
    expect(parseBeirRecords(read('queries.jsonl'))).toHaveLength(1);
  });

  it('are refused where they judge nothing, and nothing is written', async () => {
    using folder = makeFolder();
    await expect(judge(join(folder.path, 'new'), { minImpressions: 3 })).rejects.toThrow(
      /judges nothing:\n6 clicks/,
    );
    expect(() => readFileSync(join(folder.path, 'new', 'qrels', 'test.tsv'))).toThrow();
  });
});
