import { median } from '../median.ts';
import type { AbortRow } from '../results.ts';
import type { AbortableSubject } from '../subjects.ts';
import type { Findings, Workbench } from '../workbench.ts';
import { openAbortable } from './open-subjects.ts';

/** How soon the engine is free for the next run after an abort, at any moment of a run. */
export async function measureAbort(bench: Workbench): Promise<Findings<AbortRow>> {
  const { model, defaultThreads: threads } = bench;
  const pairs = bench.count(50, 6);
  await using opened = await openAbortable(
    bench,
    [
      { subject: 'kernels', threads },
      { subject: 'onnxruntime-web', threads },
    ],
    { model, maxTokens: 512 },
  );
  const rows: AbortRow[] = [];
  for (const subject of opened.subjects) rows.push(await measureSubject(bench, subject, pairs));
  return {
    rows,
    notes: [
      `Runs of ${pairs} candidates, aborted at random moments between 5 % and 80 % of a run. The next run, of one document of two words, is asked for at once; the delay ends with its score.`,
    ],
  };
}

async function measureSubject(
  bench: Workbench,
  subject: AbortableSubject,
  pairs: number,
): Promise<AbortRow> {
  const { workloads, settings } = bench;
  let shortRuns = 0;
  const takeShort = (): { query: string; documents: string[] } => ({
    query: 'next',
    documents: [`document ${(shortRuns += 1)}`],
  });
  const fullMs: number[] = [];
  const shortMs: number[] = [];
  for (let round = 0; round <= settings.rounds; round++) {
    const full = await subject.run(await workloads.take(pairs));
    const short = await subject.run(takeShort());
    if (round === 0) continue;
    fullMs.push(full.runMs);
    shortMs.push(short.runMs);
  }
  const runMs = median(fullMs);
  const random = createRandom(1);
  const delaysMs: number[] = [];
  const wanted = bench.count(20, 3);
  for (let attempt = 0; delaysMs.length < wanted && attempt < 3 * wanted; attempt++) {
    const afterMs = runMs * (0.05 + 0.75 * random());
    const workload = await workloads.take(pairs);
    const { wasAborted, delayMs } = await subject.abortRun(workload, afterMs, takeShort());
    if (wasAborted) delaysMs.push(delayMs);
  }
  if (delaysMs.length === 0) throw new Error('Every run had ended before its abort.');
  const worstDelayMs = Math.max(...delaysMs);
  return {
    ...subject.facts,
    aborts: delaysMs.length,
    runMs,
    medianDelayMs: median(delaysMs),
    worstDelayMs,
    shortRunMs: median(shortMs),
    worstShare: worstDelayMs / runMs,
  };
}

/** Numbers from 0 to 1, the same in every run (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
