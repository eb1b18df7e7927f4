import { computeKendallTau } from '../../evaluate/kendall-tau.ts';
import { formatMetricName, type NamedMetric } from '../../evaluate/metric-names.ts';
import { comparePaired } from '../../evaluate/paired-comparison.ts';
import { measureQueries, rankQueries, reportSetting, reportTiming } from './analyse.ts';
import type { EvalQuery } from '../../evaluate/collection.ts';
import { orderCandidates } from '../../evaluate/order-candidates.ts';
import type { VersusReport } from './report.ts';
import type { ScoredSetting } from './score-queries.ts';

/**
 * Compares two settings on the same queries.
 *
 * @param changes What was changed, as it was written.
 */
export function compareSettings(
  queries: readonly EvalQuery[],
  first: ScoredSetting,
  other: ScoredSetting,
  {
    changes,
    metrics,
    relevanceLevel,
  }: {
    readonly changes: string;
    readonly metrics: readonly NamedMetric[];
    readonly relevanceLevel: number;
  },
): VersusReport {
  const [rankedFirst, rankedOther] = [rankQueries(queries, first), rankQueries(queries, other)];
  const mean = (values: readonly number[]): number =>
    values.length === 0 ? 0 : values.reduce((total, value) => total + value, 0) / values.length;

  const shared = rankedFirst.map(({ answer }, index) => {
    const otherLogits = rankedOther[index]?.answer.logits ?? [];
    const count = Math.min(answer.logits.length, otherLogits.length);
    return { first: answer.logits.slice(0, count), other: otherLogits.slice(0, count) };
  });
  const distances = shared.flatMap((pairs) =>
    pairs.first.map((logit, index) => Math.abs(logit - (pairs.other[index] ?? 0))),
  );
  const taus = rankedFirst.flatMap(({ query: { candidates }, answer }, index) => {
    const otherAnswer = rankedOther[index]?.answer;
    const count = shared[index]?.first.length ?? 0;
    if (!otherAnswer) return [];
    const orders = [
      orderCandidates(candidates, answer, first.setting),
      orderCandidates(candidates, otherAnswer, other.setting),
    ];
    // By place, not by logit: the blend is a part of what is compared.
    const [a = [], b = []] = orders.map((order) => toPlaces(order).slice(0, count));
    return computeKendallTau(a, b) ?? [];
  });
  const timeOf = ({ answers }: ScoredSetting): number =>
    mean([...answers.values()].map(({ durationMs }) => durationMs));

  return {
    changes,
    setting: reportSetting(other),
    metrics: metrics.map((metric) => {
      const before = measureQueries(rankedFirst, metric, relevanceLevel).reranked;
      const after = measureQueries(rankedOther, metric, relevanceLevel).reranked;
      return {
        metric: formatMetricName(metric),
        this: mean(before),
        other: mean(after),
        ...comparePaired(before, after),
      };
    }),
    sharedPairs: distances.length,
    // Not Math.max(...distances): there may be more of them than a call takes arguments.
    maxLogitDifference: distances.reduce((most, distance) => Math.max(most, distance), 0),
    meanLogitDifference: mean(distances),
    meanKendallTau: taus.length === 0 ? null : mean(taus),
    timeRatio: timeOf(other) / timeOf(first),
    timing: reportTiming(rankedOther.map(({ answer }) => answer)),
  };
}

/** The place of each candidate in an order of their positions. */
function toPlaces(order: readonly number[]): number[] {
  const places = new Array<number>(order.length).fill(0);
  for (const [place, index] of order.entries()) places[index] = place;
  return places;
}
