import { formatMetricName } from '../../evaluate/metric-names.ts';
import { judgeComparison } from '../../evaluate/verdict.ts';
import {
  MAIN_METRIC,
  chooseMetrics,
  computeTruncatedShare,
  measureQueries,
  rankQueries,
  reportDepths,
  reportMetric,
  reportQueries,
  reportSegments,
  reportSetting,
  reportTiming,
  reportWeights,
} from './analyse.ts';
import type { Collection } from '../../evaluate/collection.ts';
import { compareSettings } from './compare-settings.ts';
import type { EvalOptions } from './eval-options.ts';
import { checkGate } from './gates.ts';
import { REPORT_FORMAT, type EvalReport } from './report.ts';
import type { ScoredSetting } from './score-queries.ts';

/** All that an evaluation says, from the answers to its queries. */
export function makeReport(
  collection: Collection,
  scored: ScoredSetting,
  other: ScoredSetting | undefined,
  options: Pick<EvalOptions, 'relevanceLevel' | 'segment' | 'gates' | 'versus'>,
): EvalReport {
  const { relevanceLevel, segment, gates, versus } = options;
  const { depth } = scored.setting;
  const ranked = rankQueries(collection.queries, scored);
  const answers = ranked.map(({ answer }) => answer);
  const chosen = chooseMetrics(
    depth,
    gates.map(({ metric }) => metric),
  );
  const metrics = chosen.map((metric) =>
    reportMetric(metric, measureQueries(ranked, metric, relevanceLevel)),
  );
  const truncatedShare = computeTruncatedShare(answers);
  const main = measureQueries(ranked, MAIN_METRIC, relevanceLevel);
  const means = new Map(metrics.map(({ metric, reranked }) => [metric, reranked]));

  return {
    formatVersion: REPORT_FORMAT,
    madeAt: new Date().toISOString(),
    collection: {
      data: collection.data,
      run: collection.runFile,
      qrels: collection.qrelsFile,
      queries: ranked.length,
      judgedQueries: collection.judgedQueries,
      missingQueries: collection.missingQueries,
      relevanceLevel,
    },
    setting: reportSetting(scored),
    verdict: judgeComparison(reportMetric(MAIN_METRIC, main), {
      queries: ranked.length,
      truncatedShare,
    }),
    metrics,
    depths: reportDepths(ranked, scored.setting),
    weights: reportWeights(ranked, scored.setting),
    ...(segment !== undefined && {
      segments: { by: segment, rows: reportSegments(ranked, segment) },
    }),
    timing: reportTiming(answers),
    truncatedShare,
    gates: gates.map((gate) => checkGate(gate, means.get(formatMetricName(gate.metric)) ?? 0)),
    ...(other &&
      versus && {
        versus: compareSettings(collection.queries, scored, other, {
          changes: versus.text,
          metrics: chosen,
          relevanceLevel,
        }),
      }),
    queries: reportQueries(ranked, main),
  };
}
