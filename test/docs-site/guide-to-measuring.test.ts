import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as evaluate from '../../src/evaluate/index.ts';
import type { Reranker, RerankResult } from '../../src/shared/types.ts';
import { documents, openTinyReranker, query } from '../integrations/tiny-reranker.ts';
import { readCodeBlocks, runCode } from './code-blocks.ts';

const [compare = '', metrics = '', reorder = '', segments = '', collection = ''] = readCodeBlocks(
  'evaluate',
  'js',
);
const modules = { 'rerank-results/evaluate': evaluate };
const ids = documents.map((_, index) => `d${index}`);

let reranker: Reranker;
let expected: readonly RerankResult<string>[];
/** The document that the model puts first, and no other answers the query. */
let best = '';
beforeAll(async () => {
  reranker = await openTinyReranker();
  expected = (await reranker.rerank({ query, documents })).results;
  best = ids[expected[0]?.index ?? 0] ?? '';
  expect(expected[0]?.originalRank).toBeGreaterThan(1);
});
afterAll(() => reranker.dispose());

/** Runs a block, and gives what it reports. */
async function readReports(
  code: string,
  given: Readonly<Record<string, unknown>>,
): Promise<unknown[]> {
  const reports: unknown[] = [];
  await runCode(
    code,
    { ...given, report: (...facts: unknown[]) => reports.push(...facts) },
    { modules },
  );
  return reports;
}

describe('the guide to measuring', () => {
  it('has code that compares the orders before and after', async () => {
    const reports = await readReports(compare, {
      reranker,
      queries: new Map([['q', query]]),
      documents: new Map(ids.map((id, index) => [id, documents[index]])),
      runText: ids.map((id, index) => `q Q0 ${id} ${index + 1} ${9 - index} search\n`).join(''),
      qrelsText: `q 0 ${best} 1\n`,
    });
    expect(reports).toEqual([
      expect.stringMatching(/^nDCG@10 changes by \+0\.\d{4} \[\+0/),
      '1 queries are better, 0 worse',
      expect.stringMatching(/^This model makes this search better: /),
    ]);
  });

  it('has code that computes every metric', async () => {
    const run = evaluate.parseRun('q1 Q0 a 1 3 s\nq1 Q0 b 2 2 s\nq1 Q0 c 3 1 s\n');
    const qrels = evaluate.parseQrels('q1 0 b 2\nq1 0 c 1\n');
    const reports = await readReports(metrics, { run, qrels });
    const places = { second: 1 / Math.log2(3), third: 1 / 2 };
    const ndcg = (2 * places.second + places.third) / (2 + places.second);
    expect(reports).toEqual([
      `nDCG@10 is ${ndcg}`,
      { ndcg, reciprocalRank: 1 / 2, recall: 1, precision: 1 / 20, averagePrecision: 1 / 2 },
      { ndcg, firstAnswer: 1 / 2, found: 1, right: 2 / 5, averagePrecision: (1 / 2 + 2 / 3) / 2 },
      `nDCG@5 ${ndcg}`,
      `MAP ${(1 / 2 + 2 / 3) / 2}`,
    ]);
  });

  it('has code that makes the order at another weight from the logits of one run, and compares it', async () => {
    const saved: string[] = [];
    const given = {
      ...{ reranker, query, documents, ids },
      judgments: new Map([[best, 1]]),
      save: (...file: string[]) => saved.push(...file),
    };
    const [values, tau] = await readReports(reorder, given);
    const [firstStage = 1, reranked = 0, oracle = 0] = values as number[];
    expect(oracle).toBe(1);
    expect(reranked).toBeGreaterThan(firstStage);
    expect(tau).toBeGreaterThan(0);
    const blend = { prior: 'rank', weight: 0.2 } as const;
    const { results } = await reranker.rerank({ query, documents, blend });
    const [name, text = ''] = saved;
    expect(name).toBe('reranked.trec');
    expect(text.match(/d\d+/g)).toEqual(results.map(({ index }) => ids[index]));
  });

  it('has code that looks at parts of the queries', async () => {
    const measured = Array.from({ length: 20 }, (_, index) => ({
      text: index < 15 ? 'restore a backup' : 'wal',
      record: { metadata: { area: index < 5 ? 'logs' : 'backup' } },
      gain: index < 15 ? 0.25 : -0.5,
      durationMs: index + 1,
    }));
    const [long, short, backup, logs, slowest, some] = await readReports(segments, { measured });
    expect([long, short]).toEqual([
      '3 to 5 words: +0.2500, +0.2500, +0.2500',
      '1 or 2 words: −0.5000, −0.5000, −0.5000',
    ]);
    expect([backup, logs]).toEqual([
      expect.stringMatching(/^backup: −0\.0000, −0\.\d+, \+0\.\d+$|^backup: \+0\.0000, −/),
      'logs: +0.2500, +0.2500, +0.2500',
    ]);
    expect(slowest).toBe('95 % took 19 ms or less');
    expect(some).toHaveLength(10);
  });

  it('has code that reads a collection, and its files one by one', async () => {
    const saved: string[] = [];
    const texts = new Map([
      ['my-search/queries.jsonl', '{"_id": "q1", "text": "find slow queries"}\n'],
      ['my-search/corpus.jsonl', '{"_id": "log-slow", "title": "Logging", "text": "Slow ones."}\n'],
      ['my-search/qrels/test.tsv', 'query-id\tcorpus-id\tscore\nq1\tlog-slow\t2\n'],
      ['my-search/runs/search.trec', 'q1 Q0 log-slow 1 12.7 search\n'],
    ]);
    const save = (...file: string[]): number => saved.push(...file);
    const reports = await readReports(collection, { texts, save });
    const judgments = new Map([['log-slow', 2]]);
    expect(reports).toEqual([
      'find slow queries',
      [{ id: 'log-slow', score: 12.7, document: { title: 'Logging', text: 'Slow ones.' } }],
      judgments,
      'my-search/runs/search.trec',
      new Map([['q1', judgments]]),
      [{ id: 'q1', title: '', text: 'find slow queries' }],
      'logs',
    ]);
    expect(saved).toEqual(['qrels.trec', 'q1 0 log-slow 2\n']);
  });
});
