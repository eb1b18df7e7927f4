import type { BarChart } from '../bar-chart.ts';
import { formatMs, formatOrdinal } from '../format-numbers.ts';
import { nameEngine } from './engines.ts';
import type { Finish } from './run-race.ts';

/** Who was fastest, how much longer the others took, and whether they agree. */
export function describeResult(finishes: readonly Finish[]): string {
  const [fastest, ...others] = finishes.toSorted((a, b) => a.runMs - b.runMs);
  if (!fastest) return 'No engine finished.';
  const first = `${nameEngine(fastest.engine)} read the ${fastest.results.length} results in ${formatMs(fastest.runMs)}.`;
  const rest = others.map(
    ({ engine, runMs }) =>
      `${nameEngine(engine)} took ${formatRatio(runMs / fastest.runMs)} times as long`,
  );
  return [first, rest.length === 0 ? '' : `${joinClauses(rest)}.`, describeAgreement(finishes)]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

/** The times as bars. */
export function chartTimes(finishes: readonly Finish[]): BarChart {
  const [first] = finishes;
  return {
    title: 'Time of the race',
    subtitle: 'One run, in this browser, just now. Less is better.',
    groups: first
      ? [
          {
            title: `${first.results.length} results, ${first.model.id}, ${first.model.dtype}, WASM`,
            bars: finishes.map(({ engine, runMs, model: { threads } }) => ({
              label: `${nameEngine(engine)}, ${threads === 1 ? '1 thread' : `${threads} threads`}`,
              value: runMs,
              text: formatMs(runMs),
              isOwn: engine === 'kernels',
            })),
          },
        ]
      : [],
  };
}

/** Whether they put the same result first, and where the search had it. */
function describeAgreement(finishes: readonly Finish[]): string {
  const [best, ...others] = finishes.map(({ results }) => results[0]);
  if (!best || others.length === 0) return '';
  if (others.some((other) => other?.index !== best.index)) {
    return 'They do not agree on the first result: 8-bit sums round differently.';
  }
  const place =
    best.originalRank === 1
      ? 'as the search did'
      : `the search’s ${formatOrdinal(best.originalRank)}`;
  return `All put “${best.document.title}” first, ${place}.`;
}

/** `3.9`, and `12` from ten on. */
function formatRatio(ratio: number): string {
  return ratio.toFixed(ratio < 10 ? 1 : 0);
}

function joinClauses(clauses: readonly string[]): string {
  return new Intl.ListFormat('en').format(clauses);
}
