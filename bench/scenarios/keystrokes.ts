import { median } from '../median.ts';
import type { RunRecord } from '../page/page-api.ts';
import type { KeystrokeRow } from '../results.ts';
import { compareRounds, pause } from '../rounds.ts';
import type { Findings, Workbench } from '../workbench.ts';
import { openSubjects } from './open-subjects.ts';

const QUERY = 'how do I see which queries are slow';

/** The query as the reader types it, word by word, and at last once more. */
const TYPED = [4, 5, 6, 7, 8, 8].map((words) => QUERY.split(' ').slice(0, words).join(' '));

/** A query that grows over the same candidates: what was read once is not read again. */
export async function measureKeystrokes(bench: Workbench): Promise<Findings<KeystrokeRow>> {
  const { model, defaultThreads: threads, settings } = bench;
  const pairs = bench.count(50, 6);
  await using opened = await openSubjects(
    bench,
    [
      { subject: 'kernels', threads },
      { subject: 'onnxruntime-web', threads },
    ],
    { model, maxTokens: 512 },
  );
  const runs = opened.subjects.map(() => TYPED.map(() => [] as RunRecord[]));
  // The first round warms up.
  for (let round = 0; round <= settings.rounds; round++) {
    const { documents } = await bench.workloads.take(pairs, QUERY);
    for (const [index, subject] of opened.subjects.entries()) {
      for (const [keystroke, query] of TYPED.entries()) {
        await pause();
        const record = await subject.run({ query, documents });
        if (round > 0) runs[index]?.[keystroke]?.push(record);
      }
    }
  }
  return {
    rows: opened.subjects.flatMap(({ facts }, index) =>
      TYPED.map((query, keystroke) => {
        const own = runs[index]?.[keystroke] ?? [];
        const ownMs = own.map(({ runMs }) => runMs);
        const firstMs = (runs[index]?.[0] ?? []).map(({ runMs }) => runMs);
        return {
          ...facts,
          query,
          isRepeated: TYPED.indexOf(query) < keystroke,
          runMs: median(ownMs),
          cachedPairs: Math.min(...own.map(({ cachedPairs }) => cachedPairs)),
          pairs,
          againstFirst: compareRounds(ownMs, firstMs) ?? Number.NaN,
        };
      }),
    ),
    notes: [
      `${pairs} candidates, the same for every keystroke of a round, as they are (at most 512 tokens in a pair).`,
      'A cached pair cost no inference: its score for this query was kept.',
    ],
  };
}
