import type { BenchResults, EngineRow, Subject } from '../bench/results.ts';
import { formatNumber } from '../bench/tables.ts';
import type { Bar, BarChart, BarGroup } from './bar-chart.ts';
import { formatMs } from './format-numbers.ts';

const NAMES: Readonly<Record<Subject, string>> = {
  kernels: 'rerank-results (kernels)',
  'onnxruntime-web': 'onnxruntime-web',
  'transformers.js': 'transformers.js',
  native: 'onnxruntime, native (no browser)',
};

/** Pairs a second of every engine. */
export function chartEngines({ engines }: BenchResults): BarChart {
  return {
    title: 'Pairs a second, by engine',
    subtitle: 'Real candidates that no cache has seen. More is better.',
    groups: groupBy(
      engines?.rows ?? [],
      ({ model, maxTokens, threads }) =>
        `${model}, at most ${maxTokens} tokens, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
      toSpeedBar,
    ),
  };
}

/** Pairs a second by the length of the pairs. */
export function chartLengths({ lengths }: BenchResults): BarChart {
  return {
    title: 'Pairs a second, by length',
    subtitle: 'Pairs of one length each, so that nothing is padded. More is better.',
    groups: groupBy(
      lengths?.rows ?? [],
      ({ maxTokens }) => `${maxTokens} tokens in a pair`,
      toSpeedBar,
    ),
  };
}

/** How long each keystroke's run takes. */
export function chartKeystrokes({ keystrokes }: BenchResults): BarChart {
  return {
    title: 'Time of a run, keystroke by keystroke',
    subtitle: 'A query that grows over the same candidates. Less is better.',
    groups: groupBy(
      keystrokes?.rows ?? [],
      ({ subject }) => NAMES[subject],
      ({ query, isRepeated, runMs, subject }) => ({
        label: isRepeated ? `${query} (again)` : query,
        value: runMs,
        text: formatMs(runMs),
        isOwn: subject === 'kernels',
      }),
    ),
  };
}

function toSpeedBar({ subject, pairsPerSecond, failure }: EngineRow): Bar {
  return {
    label: NAMES[subject],
    value: pairsPerSecond,
    text: failure === undefined ? formatNumber(pairsPerSecond) : 'failed',
    isOwn: subject === 'kernels',
  };
}

/** Rows with one title form a group; groups and bars keep the rows' order. */
function groupBy<TRow>(
  rows: readonly TRow[],
  titleOf: (row: TRow) => string,
  toBar: (row: TRow) => Bar,
): BarGroup[] {
  const groups = new Map<string, Bar[]>();
  for (const row of rows) {
    const title = titleOf(row);
    groups.set(title, [...(groups.get(title) ?? []), toBar(row)]);
  }
  return [...groups].map(([title, bars]) => ({ title, bars }));
}
