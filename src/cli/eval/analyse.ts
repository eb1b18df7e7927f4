import {
  formatMetricName,
  measureRanking,
  parseMetricName,
  type NamedMetric,
} from '../../evaluate/metric-names.ts';
import { comparePaired } from '../../evaluate/paired-comparison.ts';
import { computePercentile } from '../../shared/percentile.ts';
import { compareOrders, type Compared } from '../../evaluate/rankings.ts';
import { groupBySegment, nameFieldSegment, nameLengthSegment } from '../../evaluate/segments.ts';
import type { EvalQuery } from '../../evaluate/collection.ts';
import type { EvalSetting } from './eval-options.ts';
import { orderCandidates } from '../../evaluate/order-candidates.ts';
import { dependsOnList } from './reranker-choice.ts';
import type {
  DepthReport,
  MetricReport,
  QueryReport,
  SegmentReport,
  SettingReport,
  TimingReport,
  WeightReport,
} from './report.ts';
import type { ScoredSetting } from './score-queries.ts';
import type { Answer } from './subject.ts';

/** A query with its three orders. */
export interface RankedQuery {
  readonly query: EvalQuery;
  readonly answer: Answer;
  readonly rankings: Compared<readonly string[]>;
}

/** The metric that the verdict, segments, depths and queries are reported by. */
export const MAIN_METRIC: NamedMetric = { measure: 'ndcg', cutoff: 10 };

/** Depths of the curve, as far as the run was reranked. */
const DEPTHS = [5, 10, 20, 25, 50, 100, 200, 500];

/** Weights of the first stage's opinion that are compared; 0 is the model alone, 1 the first stage. */
const WEIGHTS = [0, 0.1, 0.2, 0.3, 0.5, 1];

/** The metrics of a report, each once. */
export function chooseMetrics(depth: number, more: readonly NamedMetric[]): NamedMetric[] {
  const names = ['ndcg@10', 'mrr@10', 'recall@10', `recall@${depth}`, 'precision@10', 'map'];
  const all = [...names.map(parseMetricName), ...more];
  return [...new Map(all.map((metric) => [formatMetricName(metric), metric])).values()];
}

/** Orders each query's documents by its answer's scores and the setting's blend. */
export function rankQueries(
  queries: readonly EvalQuery[],
  { answers, setting }: Pick<ScoredSetting, 'answers' | 'setting'>,
): RankedQuery[] {
  return queries.flatMap((query) => {
    const answer = answers.get(query.queryId);
    if (!answer) return [];
    const order = orderCandidates(query.candidates, answer, setting);
    const rankings = compareOrders(query.ranking, order, query.judgments);
    return [{ query, answer, rankings }];
  });
}

/** A metric of each query, in each order. */
export function measureQueries(
  ranked: readonly RankedQuery[],
  metric: NamedMetric,
  relevanceLevel: number,
): Compared<number[]> {
  const measure = (order: keyof Compared<unknown>): number[] =>
    ranked.map(({ query, rankings }) =>
      measureRanking(metric, rankings[order], query.judgments, relevanceLevel),
    );
  return {
    firstStage: measure('firstStage'),
    reranked: measure('reranked'),
    oracle: measure('oracle'),
  };
}

/** Means of a metric, and how reranking changed it. */
export function reportMetric(metric: NamedMetric, values: Compared<number[]>): MetricReport {
  return {
    metric: formatMetricName(metric),
    ...meanOf(values),
    ...comparePaired(values.firstStage, values.reranked),
  };
}

/** The main metric where fewer candidates are reranked; only the setting's own depth where others would need another run. */
export function reportDepths(
  ranked: readonly RankedQuery[],
  setting: Pick<EvalSetting, 'depth' | 'prior' | 'weight' | 'reranker'>,
): DepthReport[] {
  const others = dependsOnList(setting.reranker) ? [] : DEPTHS;
  const depths = [...others.filter((each) => each < setting.depth), setting.depth];
  return depths.map((each) => {
    const values = ranked.map(({ query, answer }) => {
      const order = orderCandidates(query.candidates, answer, { ...setting, depth: each });
      const rankings = compareOrders(query.ranking, order, query.judgments);
      return {
        reranked: measureRanking(MAIN_METRIC, rankings.reranked, query.judgments),
        oracle: measureRanking(MAIN_METRIC, rankings.oracle, query.judgments),
      };
    });
    return {
      depth: each,
      reranked: mean(values.map(({ reranked }) => reranked)),
      oracle: mean(values.map(({ oracle }) => oracle)),
    };
  });
}

/** The main metric by how much the first stage's opinion counts; only the setting's own weight where others would need another run. */
export function reportWeights(
  ranked: readonly RankedQuery[],
  setting: Pick<EvalSetting, 'depth' | 'prior' | 'weight' | 'reranker'>,
): WeightReport[] {
  const others = dependsOnList(setting.reranker) ? [] : WEIGHTS;
  const weights = [...new Set([...others, setting.weight])].sort((a, b) => a - b);
  return weights.map((weight) => {
    const values = ranked.map(({ query, answer }) => {
      const order = orderCandidates(query.candidates, answer, { ...setting, weight });
      const { reranked } = compareOrders(query.ranking, order, query.judgments);
      return measureRanking(MAIN_METRIC, reranked, query.judgments);
    });
    return { weight, reranked: mean(values) };
  });
}

/**
 * The main metric by segments of the queries.
 *
 * @param by `length`, or a field of the query's record.
 */
export function reportSegments(ranked: readonly RankedQuery[], by: string): SegmentReport[] {
  const nameOf = ({ query: { text, fields } }: RankedQuery): string =>
    by === 'length' ? nameLengthSegment(text) : nameFieldSegment(fields, by);
  return [...groupBySegment(ranked, nameOf)].map(([name, group]) => {
    const values = measureQueries(group, MAIN_METRIC, 1);
    return {
      name,
      queries: group.length,
      ...meanOf(values),
      difference: comparePaired(values.firstStage, values.reranked).difference,
    };
  });
}

/** The main metric of each query. */
export function reportQueries(
  ranked: readonly RankedQuery[],
  { firstStage, reranked, oracle }: Compared<number[]>,
): QueryReport[] {
  return ranked.map(({ query: { queryId, text } }, index) => {
    const [before = 0, after = 0] = [firstStage[index], reranked[index]];
    return {
      queryId,
      text,
      firstStage: before,
      reranked: after,
      oracle: oracle[index] ?? 0,
      difference: after - before,
    };
  });
}

/** How long queries took. */
export function reportTiming(answers: readonly Answer[]): TimingReport {
  const durations = answers.map(({ durationMs }) => durationMs);
  const scored = sum(answers.map(({ logits, cachedPairs }) => logits.length - cachedPairs));
  return {
    pairs: sum(answers.map(({ logits }) => logits.length)),
    p50Ms: computePercentile(durations, 0.5),
    p95Ms: computePercentile(durations, 0.95),
    p99Ms: computePercentile(durations, 0.99),
    pairsPerSecond: (scored * 1000) / sum(durations),
  };
}

/** Part of the documents that the model read only the beginning of. */
export function computeTruncatedShare(answers: readonly Answer[]): number {
  const pairs = sum(answers.map(({ logits }) => logits.length));
  return pairs === 0 ? 0 : sum(answers.map((answer) => answer.truncatedDocuments)) / pairs;
}

/** What was measured, without the calibration's curve, which moves no order. */
export function reportSetting({ setting, facts }: ScoredSetting): SettingReport {
  const { calibration: _, ...model } = facts.model;
  const { depth, prior, weight } = setting;
  return { model, runtime: facts.runtime, depth, blend: { prior, weight } };
}

function meanOf({ firstStage, reranked, oracle }: Compared<number[]>): Compared<number> {
  return { firstStage: mean(firstStage), reranked: mean(reranked), oracle: mean(oracle) };
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
