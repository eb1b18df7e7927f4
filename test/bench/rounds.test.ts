import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../bench/page/page-api.ts';
import type { SpeedRow } from '../../bench/results.ts';
import { compareSubjects, runInRounds, toSpeedRow } from '../../bench/rounds.ts';
import type { OpenedSubject } from '../../bench/subjects.ts';

const workloads = ['warm up', 'first', 'second'].map((query) => ({ query, documents: ['a', 'b'] }));

const record: RunRecord = {
  runMs: 500,
  firstTenMs: 500,
  pairs: 2,
  cachedPairs: 0,
  tokens: 30,
  paddedTokens: 40,
};

function makeSubject(
  subject: SpeedRow['subject'],
  run: (query: string) => RunRecord,
): OpenedSubject {
  return {
    facts: { subject, model: 'a-model', threads: 1, isolated: false },
    run: ({ query }) => Promise.resolve().then(() => run(query)),
    close: () => Promise.resolve(),
  };
}

describe('rounds of the benchmark', () => {
  it('give every subject a workload before the next, and do not count the first', async () => {
    const order: string[] = [];
    const [a, b] = (['kernels', 'native'] as const).map((name) =>
      makeSubject(name, (query) => {
        order.push(`${name} ${query}`);
        return record;
      }),
    );
    const measured = await runInRounds([a, b] as OpenedSubject[], workloads);
    expect(order).toEqual(
      ['warm up', 'first', 'second'].flatMap((query) => [`kernels ${query}`, `native ${query}`]),
    );
    expect(measured.map(({ runs }) => runs.length)).toEqual([2, 2]);
  });

  it('refuse a run that a cache answered', async () => {
    const cached = makeSubject('kernels', () => ({ ...record, cachedPairs: 1 }));
    const [measured] = await runInRounds([cached], workloads);
    expect(measured?.failure).toMatch(/1 from a cache/);
  });

  it('go on without a subject that fails, and say why', async () => {
    const broken = makeSubject('transformers.js', () => {
      throw new Error('out of memory\nat some place');
    });
    const measured = await runInRounds([broken, makeSubject('kernels', () => record)], workloads);
    const rows = measured.map((one) => toSpeedRow(one, { maxTokens: 128, pairs: 2 }));
    expect(rows[0]).toMatchObject({ failure: 'out of memory', pairsPerSecond: 0 });
    expect(rows[1]?.failure).toBeUndefined();
    expect(compareSubjects(rows)[1]?.againstTransformers).toBeUndefined();
  });

  it('count real tokens apart from padding', async () => {
    const [measured] = await runInRounds([makeSubject('kernels', () => record)], workloads);
    const row = measured && toSpeedRow(measured, { maxTokens: 128, pairs: 2 });
    expect(row).toMatchObject({ pairsPerSecond: 4, tokensPerSecond: 60, paddingShare: 0.25 });
  });

  it('compare each round with the same round of the same threads', async () => {
    const slow = makeSubject('transformers.js', (query) => ({
      ...record,
      runMs: query === 'first' ? 1000 : 3000,
    }));
    const fast = makeSubject('kernels', (query) => ({
      ...record,
      runMs: query === 'first' ? 500 : 1000,
    }));
    const measured = await runInRounds([slow, fast], workloads);
    const rows = measured.map((one) => toSpeedRow(one, { maxTokens: 128, pairs: 2 }));
    // The median of 2 and 3; the ratio of medians would be 2.67.
    expect(compareSubjects(rows)[1]?.againstTransformers).toBe(2.5);
    const otherThreads = rows.map((row) =>
      row.subject === 'kernels' ? { ...row, threads: 2 } : row,
    );
    expect(compareSubjects(otherThreads)[1]?.againstTransformers).toBeUndefined();
  });
});
