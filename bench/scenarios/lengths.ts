import type { Workload } from '../page/page-api.ts';
import type { EngineRow } from '../results.ts';
import { compareSubjects, runInRounds, toSpeedRow } from '../rounds.ts';
import type { Findings, Workbench } from '../workbench.ts';
import { readEncoder } from '../workload.ts';
import { openSubjects } from './open-subjects.ts';

/** Speed by the length of the pairs, which here are all of one length: nothing to pad. */
export async function measureLengths(bench: Workbench): Promise<Findings<EngineRow>> {
  const { model, defaultThreads: threads, settings } = bench;
  const encoder = readEncoder(model);
  const pairs = bench.count(20, 2);
  await using opened = await openSubjects(
    bench,
    [
      { subject: 'kernels', threads },
      { subject: 'onnxruntime-web', threads },
      { subject: 'transformers.js', threads },
    ],
    { model, maxTokens: 512 },
  );
  const rows: EngineRow[] = [];
  for (const maxTokens of settings.quick ? [32, 512] : [32, 64, 128, 256, 512]) {
    const workloads: Workload[] = [];
    for (let round = 0; round <= settings.rounds; round++) {
      workloads.push(await bench.workloads.takeOfLength(pairs, maxTokens, encoder));
    }
    const measured = await runInRounds(opened.subjects, workloads);
    rows.push(...compareSubjects(measured.map((one) => toSpeedRow(one, { maxTokens, pairs }))));
  }
  return {
    rows,
    notes: [
      `${pairs} pairs a round. A length counts the query and the special tokens; the demo’s sections are joined and cut between words to fill it.`,
    ],
  };
}
