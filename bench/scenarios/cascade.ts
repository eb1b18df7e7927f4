import { computeNdcg } from '../../src/evaluate/metrics.ts';
import { median } from '../median.ts';
import type { CascadeRow, SubjectFacts } from '../results.ts';
import { compareRounds, pause } from '../rounds.ts';
import { openInPage, type OpenedSubject } from '../subjects.ts';
import type { Findings, Workbench } from '../workbench.ts';
import type { JudgedWorkload } from '../workload.ts';
import { openSubjects } from './open-subjects.ts';

const GOOD_MODEL = 'gte-small-split';

/** What the good model reads of a pair: it needs more than 128 where documents are long (docs/models.md). */
const MAX_TOKENS = 256;

/** What is compared: the good model over all, and policies that spare it some. */
const POLICIES = [
  'alone',
  `minilm-l6-split:12:128 ${GOOD_MODEL}::${MAX_TOKENS}`,
  `minilm-l6-split:20:128 ${GOOD_MODEL}::${MAX_TOKENS}`,
  `${GOOD_MODEL}::${MAX_TOKENS}:20`,
] as const;

/** What one policy did over the queries. */
interface PolicyRuns {
  readonly firstMs: number[];
  readonly nextMs: number[];
  readonly ndcg: number[];
}

/**
 * A small model, or late interaction, chooses what the good one reads: its speed against transformers.js that reads all
 * with the good one, and what the order loses. Each query is first asked without its last word, then whole.
 */
export async function measureCascade(bench: Workbench): Promise<Findings<CascadeRow>> {
  const { settings, defaultThreads: threads } = bench;
  const pairs = bench.count(50, 6);
  const queries = bench.count(40, 2);
  await using rivals = await openSubjects(bench, [{ subject: 'transformers.js', threads }], {
    model: GOOD_MODEL,
    maxTokens: MAX_TOKENS,
  });
  const page = await bench.openPage({ isolated: false });
  const subjects: OpenedSubject[] = [];
  for (const policy of POLICIES) {
    subjects.push(
      await openInPage(page, {
        subject: 'kernels',
        model: GOOD_MODEL,
        threads,
        maxTokens: MAX_TOKENS,
        ...(policy !== 'alone' && { tiers: policy }),
      }),
    );
  }

  const runs = POLICIES.map((): PolicyRuns => ({ firstMs: [], nextMs: [], ndcg: [] }));
  const rivalMs: number[] = [];
  let round = 0;
  for await (const workload of bench.workloads.takeJudged(pairs)) {
    if (round === queries) break;
    // Slow, and its spread is small: as many rounds as elsewhere, after one to warm up.
    const [rival] = rivals.subjects;
    if (rival && round <= settings.rounds) {
      await pause();
      const { runMs } = await rival.run(workload);
      if (round > 0) rivalMs.push(runMs);
    }
    for (const [index, subject] of subjects.entries()) {
      const own = runs[index];
      if (own) await runPolicy(subject, workload, own);
    }
    round += 1;
  }
  for (const subject of subjects) await subject.close();
  await page.close();

  const facts: SubjectFacts = { subject: 'kernels', model: GOOD_MODEL, threads, isolated: false };
  const meanNdcg = runs.map(({ ndcg }) => mean(ndcg));
  return {
    rows: POLICIES.map((policy, index) => {
      const { firstMs = [], nextMs = [] } = runs[index] ?? {};
      // Those of the queries that transformers.js ran too; the first one warmed up.
      const compared = (ms: readonly number[]): number[] => ms.slice(1, 1 + rivalMs.length);
      const ndcg = meanNdcg[index] ?? Number.NaN;
      return {
        ...facts,
        policy,
        firstRunMs: median(firstMs.slice(1)),
        nextRunMs: median(nextMs.slice(1)),
        firstAgainstTransformers: compareRounds(compared(firstMs), rivalMs) ?? Number.NaN,
        nextAgainstTransformers: compareRounds(compared(nextMs), rivalMs) ?? Number.NaN,
        queries: round,
        ndcg,
        ndcgDifference: ndcg - (meanNdcg[0] ?? Number.NaN),
      };
    }),
    notes: [
      `${pairs} candidates of each of the demo's ${round} judged queries, at most ${MAX_TOKENS} tokens in a pair of the good model, no blend. transformers.js: ${GOOD_MODEL} over all, ${median(rivalMs).toFixed(0)} ms.`,
      'First run: the query without its last word, over documents that were never read. Next keystroke: the whole query over the same documents.',
      'The queries and their answers were chosen by us. docs/models.md has the same policies on TREC DL 2019.',
    ],
  };
}

async function runPolicy(
  subject: OpenedSubject,
  { query, documents, ids, judgments }: JudgedWorkload,
  { firstMs, nextMs, ndcg }: PolicyRuns,
): Promise<void> {
  await pause();
  const beginning = query.split(' ').slice(0, -1).join(' ') || query;
  firstMs.push((await subject.run({ query: beginning, documents })).runMs);
  await pause();
  const { runMs, order = [] } = await subject.run({ query, documents });
  nextMs.push(runMs);
  const ranking = order.map((index) => ids[index] ?? '');
  ndcg.push(computeNdcg(ranking, judgments));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
