import { formatInterval, formatSigned } from '../../evaluate/verdict.ts';
import { chooseLosers, describeSetting, formatFewInterval } from './report-words.ts';
import type { EvalReport, SegmentReport, VersusReport } from './report.ts';

/** The report for a terminal. */
export function formatText(report: EvalReport): string {
  const { collection, setting, metrics, verdict, timing, truncatedShare, segments } = report;
  const { queries, judgedQueries, missingQueries } = collection;
  const picked = queries === judgedQueries ? '' : ` of ${judgedQueries}`;
  const missing = missingQueries === 0 ? '' : ` (judged but not in the run: ${missingQueries})`;
  return [
    ...describeSetting(setting),
    `${collection.run}: ${queries}${picked} queries${missing}; the top ${setting.depth} reranked`,
    '',
    ...formatTable([
      [
        '',
        'first stage',
        'reranked',
        `oracle@${setting.depth}`,
        'difference (95 %)',
        'win/tie/loss',
      ],
      ...metrics.map(({ metric, firstStage, reranked, oracle, difference, wins, ties, losses }) => [
        metric,
        ...[firstStage, reranked, oracle].map(formatMetric),
        formatInterval(difference),
        `${wins}/${ties}/${losses}`,
      ]),
    ]),
    '',
    verdict.text,
    ...verdict.notes,
    '',
    'nDCG@10 by how many candidates are reranked:',
    ...formatTable([
      ['depth', ...report.depths.map(({ depth }) => String(depth))],
      ['reranked', ...report.depths.map(({ reranked }) => formatMetric(reranked))],
      ['oracle', ...report.depths.map(({ oracle }) => formatMetric(oracle))],
    ]),
    '',
    `nDCG@10 by the weight of the first stage's ${setting.blend.prior} (0: the model alone):`,
    ...formatTable([
      ['weight', ...report.weights.map(({ weight }) => String(weight))],
      ['reranked', ...report.weights.map(({ reranked }) => formatMetric(reranked))],
    ]),
    ...(segments ? ['', `nDCG@10 by ${segments.by}:`, ...formatSegments(segments.rows)] : []),
    ...formatLosers(report),
    '',
    `A query takes ${formatMs(timing.p50Ms)} (p50), ${formatMs(timing.p95Ms)} (p95), ${formatMs(timing.p99Ms)} (p99); ${timing.pairsPerSecond.toFixed(1)} pairs/s over ${timing.pairs} pairs`,
    `${(truncatedShare * 100).toFixed(1)} % of the documents were longer than the model reads, and were cut`,
    ...(report.versus ? ['', ...formatVersus(report.versus, report)] : []),
    '',
  ].join('\n');
}

function formatSegments(rows: readonly SegmentReport[]): string[] {
  return formatTable([
    ['', 'queries', 'first stage', 'reranked', 'oracle', 'difference (95 %)'],
    ...rows.map(({ name, queries, firstStage, reranked, oracle, difference }) => [
      // A field's value may be long.
      shorten(name, 40),
      String(queries),
      ...[firstStage, reranked, oracle].map(formatMetric),
      formatFewInterval(difference, queries),
    ]),
  ]);
}

function formatLosers(report: EvalReport): string[] {
  const losers = chooseLosers(report.queries, 5);
  if (losers.length === 0) return [];
  return [
    '',
    'Queries that lost most nDCG@10:',
    ...losers.map(
      ({ queryId, text, firstStage, reranked, difference }) =>
        `  ${formatSigned(difference)}  ${formatMetric(firstStage)} → ${formatMetric(reranked)}  ${shorten(queryId, 24)}  ${shorten(text, 100)}`,
    ),
  ];
}

function formatVersus(versus: VersusReport, report: EvalReport): string[] {
  const { metrics, sharedPairs, maxLogitDifference, meanLogitDifference, timing } = versus;
  return [
    `Compared with ${versus.changes}:`,
    ...describeSetting(versus.setting),
    ...formatTable([
      ['', 'this', 'other', 'other − this (95 %)', 'win/tie/loss'],
      ...metrics.map((row) => [
        row.metric,
        formatMetric(row.this),
        formatMetric(row.other),
        formatInterval(row.difference),
        `${row.wins}/${row.ties}/${row.losses}`,
      ]),
    ]),
    `Logits of ${sharedPairs} shared pairs differ by at most ${maxLogitDifference.toFixed(4)}, ${meanLogitDifference.toFixed(4)} on average`,
    `Kendall's tau of the two orders: ${versus.meanKendallTau?.toFixed(4) ?? 'none'} on average over queries`,
    `The other takes ${versus.timeRatio.toFixed(2)} times as long: ${formatMs(timing.p50Ms)} against ${formatMs(report.timing.p50Ms)} (p50)`,
  ];
}

/** Columns as wide as their widest cell; all but the first stand to the right. */
function formatTable(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('   ')
      .trimEnd(),
  );
}

function formatMetric(value: number): string {
  return value.toFixed(4);
}

function formatMs(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

/** One line of at most `most` characters, without what would move a terminal's cursor. */
function shorten(text: string, most: number): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`;
}
