import { medianOrZero } from '../median.ts';
import type { CandidatesRow } from '../results.ts';
import { runInRounds } from '../rounds.ts';
import type { Findings, Workbench } from '../workbench.ts';
import { takeWorkloads } from './engines.ts';
import { openSubjects } from './open-subjects.ts';

const MAX_TOKENS = 128;

/** How long a reader waits for a first useful order and for the last one, by the number of candidates. */
export async function measureCandidates(bench: Workbench): Promise<Findings<CandidatesRow>> {
  const { model, defaultThreads: threads, settings } = bench;
  await using opened = await openSubjects(
    bench,
    [
      { subject: 'kernels', threads },
      { subject: 'transformers.js', threads },
    ],
    { model, maxTokens: MAX_TOKENS },
  );
  const rows: CandidatesRow[] = [];
  for (const candidates of settings.quick ? [10, 20] : [10, 50, 100, 200]) {
    const workloads = await takeWorkloads(bench, candidates);
    for (const { subject, runs, failure } of await runInRounds(opened.subjects, workloads)) {
      rows.push({
        ...subject.facts,
        candidates,
        firstTenMs: medianOrZero(runs.map(({ firstTenMs }) => firstTenMs)),
        runMs: medianOrZero(runs.map(({ runMs }) => runMs)),
        ...(failure !== undefined && { failure }),
      });
    }
  }
  return {
    rows,
    notes: [
      `At most ${MAX_TOKENS} tokens in a pair.`,
      'The first useful order is there when ten candidates have a score. The search’s best are scored first; a padded batch has all scores at its end.',
    ],
  };
}
