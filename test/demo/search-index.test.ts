import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseCorpus } from '../../demo/corpus/corpus-record.ts';
import type { CorpusRecord } from '../../demo/corpus/corpus-record.ts';
import { createSearchIndex } from '../../demo/server/search-index.ts';
import type { SearchIndex } from '../../demo/server/search-index.ts';
import queries from '../../demo/queries.json' with { type: 'json' };

function record(id: string, title: string, text: string): CorpusRecord {
  return { id, title, text, url: `https://example.org/${id}`, path: ['Manual'] };
}

const SMALL = [
  record('vacuum', 'Routine vacuuming', 'Dead rows leave space behind until it is reclaimed.'),
  record('copy', 'COPY', 'Moves data between a file and a table. Run it with a file name.'),
  record('activity', 'Activity', 'The view pg_stat_activity has one row for each session.'),
  record('with', 'Common table expressions', 'The clause WITH names a subquery.'),
];

const idsOf = (index: SearchIndex, query: string, limit = 10): string[] =>
  index.search(query, limit).results.map((hit) => hit.id);

describe('a search index over a few records', () => {
  const index = createSearchIndex(SMALL);

  it('returns the whole record with a positive score', () => {
    const [hit] = index.search('dead rows', 1).results;
    expect(hit).toEqual({ ...SMALL[0], score: expect.any(Number) as number });
    expect(hit?.score).toBeGreaterThan(0);
  });

  it('counts all matches even where the limit cuts them', () => {
    const found = index.search('file row', 1);
    expect(found.results).toHaveLength(1);
    expect(found.total).toBe(3);
  });

  it('returns scores that never rise', () => {
    const scores = index.search('table row file', 10).results.map((hit) => hit.score);
    expect(scores.length).toBeGreaterThan(1);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
  });

  it('finds a singular by its plural', () => {
    expect(idsOf(index, 'subqueries')).toEqual(['with']);
  });

  it('finds an identifier whole and by its parts', () => {
    expect(idsOf(index, 'pg_stat_activity')[0]).toBe('activity');
    expect(idsOf(index, 'stat')).toEqual(['activity']);
  });

  it('leaves function words out of a question', () => {
    expect(idsOf(index, 'what is it with the dead rows')).not.toContain('with');
  });

  it('searches function words where nothing else is asked', () => {
    expect(idsOf(index, 'WITH')).toContain('with');
  });

  it('completes the last word while it is typed', () => {
    expect(idsOf(index, 'zebra reclai')).toEqual(['vacuum']);
    expect(idsOf(index, 'reclai zebra')).toEqual([]);
  });

  it('forgives one wrong letter', () => {
    expect(idsOf(index, 'vacuming')).toEqual(['vacuum']);
  });

  it('finds nothing for words that no record has', () => {
    expect(index.search('zebra', 10)).toEqual({ total: 0, results: [] });
    expect(index.search('???', 10)).toEqual({ total: 0, results: [] });
  });
});

describe('the corpus and its example queries', () => {
  let records: CorpusRecord[] = [];
  let index: SearchIndex;

  beforeAll(async () => {
    const corpus = new URL('../../demo/corpus/postgresql-15.jsonl', import.meta.url);
    records = parseCorpus(await readFile(corpus, 'utf8'));
    index = createSearchIndex(records);
  });

  it('has records of a readable length, each with a title and a public address', () => {
    expect(index.size).toBeGreaterThan(3000);
    const odd = records.filter(
      ({ title, text, url }) =>
        title === '' ||
        text.split(/\s+/).length > 220 ||
        !/^https:\/\/www\.postgresql\.org\/docs\/15\/[\w-]+\.html#\S+$/.test(url),
    );
    expect(odd.map(({ id }) => id)).toEqual([]);
  });

  it('gives every record an id of its own', () => {
    expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
  });

  it('has at least 25 example queries, each with two expected records that exist', () => {
    expect(queries.length).toBeGreaterThanOrEqual(25);
    const known = new Set(records.map(({ id }) => id));
    for (const { label, query, expect: expected } of queries) {
      expect(label.length, query).toBeGreaterThan(0);
      expect(expected.length, query).toBeGreaterThanOrEqual(2);
      expect(
        expected.filter((id) => !known.has(id)),
        query,
      ).toEqual([]);
    }
  });

  it('hands a reranker at least one expected record among the first 50 of each query', () => {
    const missed = queries.filter(
      ({ query, expect: expected }) => !idsOf(index, query, 50).some((id) => expected.includes(id)),
    );
    expect(missed.map(({ query }) => query)).toEqual([]);
  });

  it('puts a parameter first when its name is typed', () => {
    expect(idsOf(index, 'work_mem')[0]).toBe('runtime-config-resource#GUC-WORK-MEM');
  });
});

describe('reading a corpus', () => {
  it('names the line that is not a record', () => {
    const good = JSON.stringify(SMALL[0]);
    expect(() => parseCorpus(`${good}\n{"id":"x"}\n`)).toThrow(/line 2 is not a record/);
    expect(() => parseCorpus(`${good}\nnot json\n`)).toThrow(/line 2 is not JSON/);
  });

  it('skips empty lines', () => {
    expect(parseCorpus(`\n${JSON.stringify(SMALL[0])}\n\n`)).toEqual([SMALL[0]]);
  });
});
