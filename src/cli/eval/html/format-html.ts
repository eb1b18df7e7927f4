import { formatInterval, formatSigned } from '../../../evaluate/verdict.ts';
import { chooseLosers, describeSetting, formatFewInterval } from '../report-words.ts';
import type { EvalReport, QueryReport, SegmentReport, VersusReport } from '../report.ts';
import { drawDepths, drawDifferences, drawLegend, drawMetrics } from './charts.ts';
import { html, nothing, type Html } from './escape.ts';
import { PAGE_STYLE } from './page-style.ts';

/** Rows of the table of all queries; a page of more would be slow, and report.json has them all. */
const MOST_QUERIES = 2000;

/** The report as one HTML file that needs no other and runs no script. */
export function formatHtml(report: EvalReport): string {
  const { collection, setting, verdict, metrics, segments, versus } = report;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="content-security-policy"
          content="default-src 'none'; style-src 'unsafe-inline'"
        />
        <title>${setting.model.id}: rerank evaluation</title>
        <style>
          ${{ html: PAGE_STYLE }}
        </style>
      </head>
      <body>
        <main>
          <h1>${setting.model.id}</h1>
          ${describeSetting(setting).map((line) => html`<p class="quiet">${line}</p>`)}
          <div class="verdict ${verdict.kind}">
            <p><strong>${verdict.text}</strong></p>
            ${verdict.notes.map((note) => html`<p>${note}</p>`)}
          </div>
          ${formatGates(report)}
          <h2>Metrics</h2>
          ${drawLegend(['firstStage', 'reranked', 'oracle'])} ${drawMetrics(metrics)}
          ${formatMetrics(report)}
          <h2>How many candidates to rerank</h2>
          <p>
            nDCG@10 where only the first stage's top is reranked. The dashed line is the first
            stage.
          </p>
          ${drawDepths(report.depths, metrics[0]?.firstStage ?? 0)}
          ${drawLegend(['firstStage', 'reranked', 'oracle'])} ${formatDepths(report)}
          <h2>How much the first stage counts</h2>
          ${formatWeights(report)}
          <h2>Queries</h2>
          ${formatCounts(report)} ${drawDifferences(report.queries)} ${formatLosers(report.queries)}
          ${segments ? formatSegments(segments.by, segments.rows) : nothing}
          ${versus ? formatVersus(versus) : nothing}
          <h2>Times and input</h2>
          ${formatFacts(report)} ${formatAllQueries(report.queries)}
          <p class="quiet">
            Made ${report.madeAt} from ${collection.run}. The oracle is the best order of the same
            candidates. Intervals: paired bootstrap over queries, 95 %, percentiles of 10,000
            resamples.
          </p>
        </main>
      </body>
    </html> `;
  return page.html;
}

function formatGates({ gates }: EvalReport): Html {
  if (gates.length === 0) return nothing;
  return table(
    ['Gate', 'at least', 'reached', ''],
    gates.map(({ metric, least, value, passed }) => [
      metric,
      least.toFixed(4),
      value.toFixed(4),
      html`<span class="${passed ? 'gain' : 'loss'}">${passed ? 'passed' : 'missed'}</span>`,
    ]),
  );
}

function formatMetrics({ metrics, setting }: EvalReport): Html {
  return table(
    [
      '',
      'first stage',
      'reranked',
      `oracle@${setting.depth}`,
      'difference (95 %)',
      'wins / ties / losses',
    ],
    metrics.map(({ metric, firstStage, reranked, oracle, difference, wins, ties, losses }) => [
      metric,
      ...[firstStage, reranked, oracle].map((value) => value.toFixed(4)),
      formatInterval(difference),
      `${wins} / ${ties} / ${losses}`,
    ]),
  );
}

function formatDepths({ depths }: EvalReport): Html {
  return table(
    ['Candidates', 'reranked', 'oracle'],
    depths.map(({ depth, reranked, oracle }) => [
      String(depth),
      reranked.toFixed(4),
      oracle.toFixed(4),
    ]),
  );
}

function formatWeights({ weights, setting }: EvalReport): Html {
  return html`<p>
      By the weight of the first stage’s ${setting.blend.prior} in the order; 0 is the model alone.
    </p>
    ${table(
      ['Weight', 'reranked'],
      weights.map(({ weight, reranked }) => [String(weight), reranked.toFixed(4)]),
    )}`;
}

function formatCounts({ metrics, queries }: EvalReport): Html {
  const { wins = 0, ties = 0, losses = 0 } = metrics[0] ?? {};
  return html`<p>
    Of ${queries.length} queries, ${wins} are better by nDCG@10, ${ties} the same and ${losses}
    worse. A bar is a query, the greatest gain first.
  </p>`;
}

function formatLosers(queries: readonly QueryReport[]): Html {
  const losers = chooseLosers(queries, 10);
  if (losers.length === 0) return html`<p>No query lost.</p>`;
  return html`<h3>Queries that lost most</h3>
    ${formatQueryRows(losers)}`;
}

function formatAllQueries(queries: readonly QueryReport[]): Html {
  const sorted = queries.toSorted((a, b) => a.difference - b.difference);
  const shown = sorted.slice(0, MOST_QUERIES);
  const rest = sorted.length - shown.length;
  return html`<details>
    <summary>All queries, the greatest loss first</summary>
    ${formatQueryRows(shown)} ${rest > 0 ? html`<p>${rest} more are in report.json.</p>` : nothing}
  </details>`;
}

function formatQueryRows(queries: readonly QueryReport[]): Html {
  return table(
    ['Query', 'text', 'first stage', 'reranked', 'oracle', 'difference'],
    queries.map(({ queryId, text, firstStage, reranked, oracle, difference }) => [
      queryId,
      { text },
      ...[firstStage, reranked, oracle].map((value) => value.toFixed(4)),
      formatDifference(difference),
    ]),
  );
}

function formatSegments(by: string, rows: readonly SegmentReport[]): Html {
  return html`<h2>nDCG@10 by ${by}</h2>
    ${table(
      ['', 'queries', 'first stage', 'reranked', 'oracle', 'difference (95 %)'],
      rows.map(({ name, queries, firstStage, reranked, oracle, difference }) => [
        name,
        String(queries),
        ...[firstStage, reranked, oracle].map((value) => value.toFixed(4)),
        formatFewInterval(difference, queries),
      ]),
    )}`;
}

function formatVersus(versus: VersusReport): Html {
  const { changes, setting, metrics, sharedPairs, maxLogitDifference, meanLogitDifference } =
    versus;
  return html`<h2>Compared with ${changes}</h2>
    ${describeSetting(setting).map((line) => html`<p class="quiet">${line}</p>`)}
    ${table(
      ['', 'this', 'other', 'other − this (95 %)', 'wins / ties / losses'],
      metrics.map(({ metric, this: first, other, difference, wins, ties, losses }) => [
        metric,
        first.toFixed(4),
        other.toFixed(4),
        formatInterval(difference),
        `${wins} / ${ties} / ${losses}`,
      ]),
    )}
    ${facts([
      ['Shared pairs', String(sharedPairs)],
      ['Greatest logit difference', maxLogitDifference.toFixed(4)],
      ['Mean logit difference', meanLogitDifference.toFixed(4)],
      ["Kendall's tau, mean over queries", versus.meanKendallTau?.toFixed(4) ?? 'none'],
      ['Time of the other over this', versus.timeRatio.toFixed(2)],
    ])}`;
}

function formatFacts({ collection, timing, truncatedShare, setting }: EvalReport): Html {
  const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
  return facts([
    ['Collection', collection.data],
    ['First stage', collection.run],
    ['Judgments', collection.qrels],
    ['Queries', `${collection.queries} of ${collection.judgedQueries} judged in the run`],
    ['Judged, but not in the run', String(collection.missingQueries)],
    ['Relevant from grade', String(collection.relevanceLevel)],
    ['Candidates reranked', `${setting.depth} of a query, ${timing.pairs} pairs`],
    [
      'A query takes',
      `${ms(timing.p50Ms)} (p50), ${ms(timing.p95Ms)} (p95), ${ms(timing.p99Ms)} (p99)`,
    ],
    ['Pairs a second', timing.pairsPerSecond.toFixed(1)],
    ['Documents cut to fit', `${(truncatedShare * 100).toFixed(1)} %`],
  ]);
}

/** A cell: a text, markup, or a text that may be long. */
type Cell = string | Html | { readonly text: string };

function table(head: readonly string[], rows: readonly (readonly Cell[])[]): Html {
  const [first = '', ...columns] = head;
  return html`<div class="table">
    <table>
      <thead>
        <tr>
          <th scope="col">${first}</th>
          ${columns.map((name) => html`<th scope="col" class="${name === 'text' ? 'text' : ''}">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([name = '', ...cells]) =>
            html`<tr>
              <th scope="row">${toHtml(name)}</th>
              ${cells.map(toCell)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function toCell(cell: Cell): Html {
  const isLong = typeof cell === 'object' && 'text' in cell;
  return html`<td class="${isLong ? 'text' : ''}">${toHtml(cell)}</td>`;
}

function toHtml(cell: Cell): Html {
  if (typeof cell === 'string') return html`${cell}`;
  return 'text' in cell ? html`${cell.text}` : cell;
}

function formatDifference(difference: number): Html {
  if (difference === 0) return html`0`;
  return html`<span class="${difference > 0 ? 'gain' : 'loss'}">${formatSigned(difference)}</span>`;
}

function facts(rows: readonly (readonly [string, string])[]): Html {
  return html`<dl>
    ${rows.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}
