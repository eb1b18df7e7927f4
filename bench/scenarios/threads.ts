import type { SpeedRow } from '../results.ts';
import { runInRounds, toSpeedRow } from '../rounds.ts';
import type { Findings, Workbench } from '../workbench.ts';
import { takeWorkloads } from './engines.ts';
import { openSubjects } from './open-subjects.ts';

const MAX_TOKENS = 128;

/** How our kernels scale with lanes, on pages with and without isolation. */
export async function measureThreads(bench: Workbench): Promise<Findings<SpeedRow>> {
  const pairs = bench.count(50, 6);
  const lanes = [1, 2, 4].filter((count) => count <= bench.defaultThreads);
  const wanted = [false, true].flatMap((isolated) =>
    lanes.map((threads) => ({ subject: 'kernels' as const, threads, isolated })),
  );
  const options = { model: bench.model, maxTokens: MAX_TOKENS };
  await using opened = await openSubjects(bench, wanted, options);
  const measured = await runInRounds(opened.subjects, await takeWorkloads(bench, pairs));
  return {
    rows: measured.map((one) => toSpeedRow(one, { maxTokens: MAX_TOKENS, pairs })),
    notes: ['A lane is a worker that scores one pair at a time; lanes share no memory.'],
  };
}
