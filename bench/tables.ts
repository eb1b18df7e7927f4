/** The rows of each scenario as a table of words, for the terminal, the docs and the demo's page Speed. */
import type { BenchResults, RowOfScenario, ScenarioName, SubjectFacts } from './results.ts';

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A column's name and what stands in it. */
type Columns<TRow> = Readonly<Record<string, (row: TRow) => string>>;

type FailingRow = SubjectFacts & { readonly failure?: string };

const subject = {
  engine: ({ subject: name }: SubjectFacts) => name,
  threads: ({ threads }: SubjectFacts) => String(threads),
};

const speed: Columns<RowOfScenario['threads']> = {
  'pairs/s': (row) => orFailure(row, formatNumber(row.pairsPerSecond)),
  'tokens/s': ({ tokensPerSecond }) => tokensPerSecond.toFixed(0),
  padding: ({ paddingShare }) => formatShare(paddingShare),
};

const columnsOf: { readonly [TName in ScenarioName]: Columns<RowOfScenario[TName]> } = {
  engines: {
    model: ({ model }) => model,
    'tokens at most': ({ maxTokens }) => String(maxTokens),
    ...subject,
    ...speed,
    'against transformers.js': ({ againstTransformers }) => formatRatio(againstTransformers),
    'against onnxruntime-web': ({ againstOnnxRuntimeWeb }) => formatRatio(againstOnnxRuntimeWeb),
    'against native': ({ againstNative }) => formatRatio(againstNative),
    'against one thread': ({ againstOneThread }) => formatRatio(againstOneThread),
  },
  candidates: {
    candidates: ({ candidates }) => String(candidates),
    ...subject,
    'first useful order': (row) => orFailure(row, formatMs(row.firstTenMs)),
    'last order': ({ runMs }) => formatMs(runMs),
  },
  lengths: {
    'tokens in a pair': ({ maxTokens }) => String(maxTokens),
    ...subject,
    ...speed,
    'against transformers.js': ({ againstTransformers }) => formatRatio(againstTransformers),
  },
  keystrokes: {
    ...subject,
    query: ({ query, isRepeated }) => `${query}${isRepeated ? ' (again)' : ''}`,
    run: ({ runMs }) => formatMs(runMs),
    'pairs from the cache': ({ cachedPairs, pairs }) => `${cachedPairs} of ${pairs}`,
    'against the first': ({ againstFirst }) => formatRatio(againstFirst),
  },
  threads: {
    lanes: ({ threads }) => String(threads),
    'page isolated': ({ isolated }) => (isolated ? 'yes' : 'no'),
    ...speed,
  },
  abort: {
    ...subject,
    aborts: ({ aborts }) => String(aborts),
    'median delay': ({ medianDelayMs }) => formatMs(medianDelayMs),
    'worst delay': ({ worstDelayMs }) => formatMs(worstDelayMs),
    'of it the next run': ({ shortRunMs }) => formatMs(shortRunMs),
    'whole run': ({ runMs }) => formatMs(runMs),
    'worst share': ({ worstShare }) => formatShare(worstShare),
  },
  'main-thread': {
    page: ({ page }) => page,
    'longest task': ({ longestTaskMs }) => formatMs(longestTaskMs),
    'most of it': ({ longestTaskWas }) => longestTaskWas,
    'longest by processor time': ({ longestTaskCpuMs }) => formatMs(longestTaskCpuMs),
    'tasks over 16 ms': ({ longTasks }) => String(longTasks),
    'of tasks': ({ tasks }) => String(tasks),
    'frames over 50 ms': ({ longFrames }) => String(longFrames),
  },
  loading: {
    model: ({ model }) => model,
    visit: ({ visit }) => visit,
    bytes: ({ bytes }) => (bytes < 1e4 ? String(bytes) : formatMegabytes(bytes)),
    files: ({ files }) => String(files.filter(({ bytes }) => bytes > 0).length),
    largest: ({ files }) => {
      const largest = files.toSorted((a, b) => b.bytes - a.bytes).slice(0, 4);
      return largest
        .filter(({ bytes }) => bytes > 0)
        .map(
          ({ path, bytes }) => `${path.slice(path.lastIndexOf('/') + 1)} ${formatMegabytes(bytes)}`,
        )
        .join(', ');
    },
    'until ready': ({ readyMs }) => formatMs(readyMs),
    'peak memory': ({ peakMemoryBytes }) => formatMemory(peakMemoryBytes),
    'of an empty page': ({ emptyPageMemoryBytes }) => formatMemory(emptyPageMemoryBytes),
  },
  cascade: {
    ...subject,
    policy: ({ policy }) => policy,
    'first run': ({ firstRunMs }) => formatMs(firstRunMs),
    'against transformers.js': ({ firstAgainstTransformers }) =>
      formatRatio(firstAgainstTransformers),
    'next keystroke': ({ nextRunMs }) => formatMs(nextRunMs),
    'next against transformers.js': ({ nextAgainstTransformers }) =>
      formatRatio(nextAgainstTransformers),
    'nDCG@10': ({ ndcg }) => ndcg.toFixed(4),
    'against the good model alone': ({ ndcgDifference }) => ndcgDifference.toFixed(4),
  },
  webgpu: {
    adapter: ({ adapter, isSoftware }) =>
      `${adapter}${isSoftware ? ' (software: for correctness only)' : ''}`,
    ...subject,
    ...speed,
    'against onnxruntime-web': ({ againstOnnxRuntimeWeb }) => formatRatio(againstOnnxRuntimeWeb),
  },
};

/** A scenario's rows; undefined where it was not measured. */
export function tableOf(results: BenchResults, name: ScenarioName): Table | undefined {
  const result = results[name];
  if (!result) return undefined;
  // The table of columns says that a name's columns take that name's rows; here the name is any.
  const columns = columnsOf[name] as Columns<unknown>;
  return {
    columns: Object.keys(columns),
    rows: result.rows.map((row) => Object.values(columns).map((write) => write(row))),
  };
}

function orFailure({ failure }: FailingRow, value: string): string {
  return failure === undefined ? value : `failed: ${failure}`;
}

export function formatNumber(value: number): string {
  return value.toFixed(value < 100 ? 1 : 0);
}

function formatRatio(ratio: number | undefined): string {
  return ratio === undefined ? '–' : `${ratio.toFixed(2)} ×`;
}

function formatShare(share: number): string {
  return `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
}

function formatMs(milliseconds: number): string {
  return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
}

function formatMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e6 ? 2 : 1)} MB`;
}

function formatMemory(bytes: number | undefined): string {
  return bytes === undefined ? '–' : `${(bytes / 1e6).toFixed(0)} MB`;
}
