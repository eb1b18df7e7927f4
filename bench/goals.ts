import type { BenchResults, EngineRow, ScenarioName } from './results.ts';

/** What the library is meant to reach, and what it reached. */
export interface Goal {
  readonly name: string;
  readonly target: string;
  /** What was measured; empty where nothing was. */
  readonly value: string;
  readonly state: 'reached' | 'not reached' | 'not measured';
  /** Where the number comes from. */
  readonly scenario: ScenarioName;
}

/** What a goal's number is, and whether it is enough. */
interface Reading {
  readonly value: string;
  readonly isReached: boolean;
}

/** Judges the results; of several settings the worst one counts. */
export function judgeGoals(results: BenchResults): Goal[] {
  const goal = (
    scenario: ScenarioName,
    name: string,
    target: string,
    read: () => Reading | undefined,
  ): Goal => {
    const reading = read();
    if (!reading) return { name, target, value: '', state: 'not measured', scenario };
    const state = reading.isReached ? 'reached' : 'not reached';
    return { name, target, value: reading.value, state, scenario };
  };

  return [
    goal(
      'engines',
      'Pairs a second on WASM, 50 real candidates, same weights, no cascade',
      '≥ 3 × transformers.js',
      () => readWorstRatio(results, ({ againstTransformers }) => againstTransformers, 3),
    ),
    goal('engines', 'Pairs a second with one thread', '≥ 3 × onnxruntime-web, int8', () =>
      readWorstRatio(
        results,
        ({ threads, againstOnnxRuntimeWeb }) => (threads === 1 ? againstOnnxRuntimeWeb : undefined),
        3,
      ),
    ),
    goal('engines', 'Pairs a second with two threads', '≥ 1.7 × one thread', () =>
      readWorstRatio(
        results,
        ({ threads, againstOneThread }) => (threads === 2 ? againstOneThread : undefined),
        1.7,
      ),
    ),
    goal(
      'engines',
      'Pairs a second against native code, same threads',
      '≥ 0.6 × onnxruntime-node, int8',
      () => readWorstRatio(results, ({ againstNative }) => againstNative, 0.6),
    ),
    goal('webgpu', 'Pairs a second on a GPU', '≥ 3 × onnxruntime-web', () => {
      const row = results.webgpu?.rows.find(({ subject }) => subject === 'kernels');
      if (!row || row.isSoftware || row.againstOnnxRuntimeWeb === undefined) return undefined;
      return atLeast(row.againstOnnxRuntimeWeb, 3);
    }),
    goal('keystrokes', 'Second keystroke of a growing query', '≥ 3 × the first', () => {
      const second = results.keystrokes?.rows.filter(({ subject }) => subject === 'kernels')[1];
      return second && atLeast(second.againstFirst, 3);
    }),
    goal('keystrokes', 'The same query again', 'no inference, < 1 ms', () => {
      const again = results.keystrokes?.rows.find(
        ({ subject, isRepeated }) => subject === 'kernels' && isRepeated,
      );
      if (!again) return undefined;
      const { pairs, cachedPairs, runMs } = again;
      return {
        value: `${pairs - cachedPairs} pairs read, ${runMs.toFixed(1)} ms`,
        isReached: cachedPairs === pairs && runMs < 1,
      };
    }),
    goal(
      'cascade',
      'Cascade with the good model',
      '≥ 8 × transformers.js, nDCG@10 within .005',
      () => {
        const best = results.cascade?.rows
          .filter(({ policy, ndcgDifference }) => policy !== 'alone' && ndcgDifference >= -0.005)
          .toSorted((a, b) => b.firstAgainstTransformers - a.firstAgainstTransformers)[0];
        if (!best) return undefined;
        const { policy, ndcgDifference } = best;
        const [first, next] = [best.firstAgainstTransformers, best.nextAgainstTransformers];
        return {
          value: `${policy}: ${first.toFixed(1)} × at first, ${next.toFixed(1)} × from the next keystroke on, nDCG@10 ${ndcgDifference.toFixed(4)}`,
          isReached: first >= 8,
        };
      },
    ),
    goal('abort', 'Delay of an abort, worst of 20', '< 5 % of the run', () => {
      const row = results.abort?.rows.find(({ subject }) => subject === 'kernels');
      if (!row) return undefined;
      return {
        value: `${(100 * row.worstShare).toFixed(1)} %, ${row.worstDelayMs.toFixed(0)} ms`,
        isReached: row.worstShare < 0.05,
      };
    }),
    goal('main-thread', 'Longest task of the page’s main thread', '< 16 ms', () => {
      const row = results['main-thread']?.rows.find(({ page }) => page === 'element');
      if (!row) return undefined;
      return { value: `${row.longestTaskMs.toFixed(1)} ms`, isReached: row.longestTaskMs < 16 };
    }),
    goal('loading', 'First visit, all bytes on the wire', '≤ 10 MB', () => {
      const row = results.loading?.rows.find(({ visit }) => visit === 'first');
      return row && { value: formatMegabytes(row.bytes), isReached: row.bytes <= 10e6 };
    }),
    goal('loading', 'First visit, scripts and WASM', '≤ 0.15 MB', () => {
      const row = results.loading?.rows.find(({ visit }) => visit === 'first');
      if (!row) return undefined;
      const bytes = row.files
        .filter(({ path }) => /\.(js|mjs|wasm)$/.test(path))
        .reduce((sum, file) => sum + file.bytes, 0);
      return { value: `${(bytes / 1e6).toFixed(2)} MB`, isReached: bytes <= 150e3 };
    }),
    goal('loading', 'Second visit, all bytes on the wire', '0', () => {
      const row = results.loading?.rows.find(({ visit }) => visit === 'second');
      return row && { value: `${row.bytes} bytes`, isReached: row.bytes === 0 };
    }),
  ];
}

function readWorstRatio(
  { engines }: BenchResults,
  ratioOf: (row: EngineRow) => number | undefined,
  least: number,
): Reading | undefined {
  const rows = engines?.rows.filter(({ subject }) => subject === 'kernels') ?? [];
  const rated = rows.flatMap((row) => {
    const ratio = ratioOf(row);
    return ratio === undefined ? [] : [{ row, ratio }];
  });
  const worst = rated.toSorted((a, b) => a.ratio - b.ratio)[0];
  if (!worst) return undefined;
  const { model, maxTokens, threads } = worst.row;
  const setting = `${model}, ${maxTokens} tokens, threads: ${threads}`;
  return {
    value: `${worst.ratio.toFixed(2)} × (the worst setting: ${setting})`,
    isReached: worst.ratio >= least,
  };
}

function atLeast(ratio: number, least: number): Reading {
  return { value: `${ratio.toFixed(1)} ×`, isReached: ratio >= least };
}

function formatMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
