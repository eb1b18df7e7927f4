import type { Workload } from '../page/page-api.ts';
import type { EngineRow } from '../results.ts';
import { compareSubjects, runInRounds, toSpeedRow } from '../rounds.ts';
import type { Findings, Workbench } from '../workbench.ts';
import { openSubjects, type WantedSubject } from './open-subjects.ts';

/** Texts as most sites send them, and as they are: the shipped models read at most 512 tokens. */
const MAX_TOKENS = [128, 512];

/** All engines on the same fresh candidates, with one thread and with as many as they take. */
export async function measureEngines(bench: Workbench): Promise<Findings<EngineRow>> {
  const { models } = bench.settings;
  const pairs = bench.count(50, 6);
  const wanted = bench.threadCounts.flatMap((threads): WantedSubject[] => [
    { subject: 'kernels', threads },
    { subject: 'onnxruntime-web', threads },
    { subject: 'transformers.js', threads },
    { subject: 'native', threads },
  ]);
  const rows: EngineRow[] = [];
  for (const model of models) {
    for (const maxTokens of MAX_TOKENS) {
      await using opened = await openSubjects(bench, wanted, { model, maxTokens });
      const workloads = await takeWorkloads(bench, pairs);
      const measured = await runInRounds(opened.subjects, workloads);
      rows.push(...compareSubjects(measured.map((one) => toSpeedRow(one, { maxTokens, pairs }))));
    }
  }
  return {
    rows,
    notes: [
      `Each round: another query of the demo, its best ${pairs} candidates, and documents that no cache has seen.`,
      'Threads of onnxruntime-web and transformers.js need a cross-origin isolated page and have one here; kernels with any number of lanes ran on a page without isolation.',
      'transformers.js pads all candidates to the longest and runs them as one batch, as its documentation shows; the others read one pair at a time. "native" is onnxruntime-node with the same graph.',
    ],
  };
}

/** One to warm up, and one for each round. */
export async function takeWorkloads(bench: Workbench, count: number): Promise<Workload[]> {
  const workloads: Workload[] = [];
  for (let round = 0; round <= bench.settings.rounds; round++) {
    workloads.push(await bench.workloads.take(count));
  }
  return workloads;
}
