import type { RunRecord, Workload } from './page/page-api.ts';
import { median, medianOrZero } from './median.ts';
import type { EngineRow, SpeedRow } from './results.ts';
import type { OpenedSubject } from './subjects.ts';

/** Between two runs: threads of onnxruntime go on looking for work for a while, on cores that the next one needs. */
const PAUSE_MS = 250;

/** A subject's runs, one for each round. */
export interface Measured {
  readonly subject: OpenedSubject;
  readonly runs: readonly RunRecord[];
  /** Why it has no runs. */
  readonly failure?: string;
}

/**
 * Runs every subject on every workload, all subjects on one workload before the next (A B C A B C …): what else the
 * machine does falls on all of them. The first workload warms up and is not counted.
 */
export async function runInRounds(
  subjects: readonly OpenedSubject[],
  workloads: readonly Workload[],
): Promise<Measured[]> {
  const runs = new Map(subjects.map((subject) => [subject, [] as RunRecord[]]));
  const failures = new Map<OpenedSubject, string>();
  for (const [round, workload] of workloads.entries()) {
    for (const subject of subjects) {
      if (failures.has(subject)) continue;
      await pause();
      try {
        const record = await subject.run(workload);
        requireFirstRun(record, workload);
        if (round > 0) runs.get(subject)?.push(record);
      } catch (error) {
        failures.set(subject, error instanceof Error ? firstLine(error.message) : String(error));
      }
    }
  }
  return subjects.map((subject) => {
    const failure = failures.get(subject);
    return failure === undefined
      ? { subject, runs: runs.get(subject) ?? [] }
      : { subject, runs: [], failure };
  });
}

/** Lets the machine come to rest. */
export function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}

/** A score that was kept would be no measurement. */
function requireFirstRun({ pairs, cachedPairs }: RunRecord, { documents }: Workload): void {
  if (pairs !== documents.length || cachedPairs > 0) {
    throw new Error(
      `${pairs} of ${documents.length} pairs have a score, ${cachedPairs} from a cache.`,
    );
  }
}

export function toSpeedRow(
  { subject, runs, failure }: Measured,
  facts: Pick<SpeedRow, 'maxTokens' | 'pairs'>,
): SpeedRow {
  const sum = (count: (run: RunRecord) => number): number =>
    runs.reduce((total, run) => total + count(run), 0);
  return {
    ...subject.facts,
    ...facts,
    runMs: runs.map(({ runMs }) => runMs),
    pairsPerSecond: medianOrZero(runs.map(({ pairs, runMs }) => (1000 * pairs) / runMs)),
    tokensPerSecond: medianOrZero(runs.map(({ tokens, runMs }) => (1000 * tokens) / runMs)),
    paddingShare:
      1 -
      sum(({ tokens }) => tokens) /
        Math.max(
          1,
          sum((run) => run.paddedTokens),
        ),
    ...(failure !== undefined && { failure }),
  };
}

/** Rows with each subject's speed against the others with the same threads, and against itself with one. */
export function compareSubjects(rows: readonly SpeedRow[]): EngineRow[] {
  return rows.map((row) => {
    const { subject, threads } = row;
    const against = (
      name: keyof EngineRow,
      rival: Pick<SpeedRow, 'subject' | 'threads'>,
    ): Partial<EngineRow> => {
      const other = rows.find(
        (one) =>
          one !== row &&
          one.subject === rival.subject &&
          one.threads === rival.threads &&
          one.model === row.model &&
          one.maxTokens === row.maxTokens,
      );
      const ratio = compareRounds(row.runMs, other?.runMs);
      return ratio === undefined ? {} : { [name]: ratio };
    };
    return {
      ...row,
      ...against('againstTransformers', { subject: 'transformers.js', threads }),
      ...against('againstNative', { subject: 'native', threads }),
      ...against('againstOnnxRuntimeWeb', { subject: 'onnxruntime-web', threads }),
      ...against('againstOneThread', { subject, threads: 1 }),
    };
  });
}

/** How many times as fast: the median over rounds, each of which had the same workload for both. */
export function compareRounds(
  ownMs: readonly number[],
  otherMs: readonly number[] | undefined,
): number | undefined {
  if (!otherMs || otherMs.length === 0 || ownMs.length === 0) return undefined;
  return median(ownMs.map((ms, round) => (otherMs[round] ?? Number.NaN) / ms));
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? message;
}
