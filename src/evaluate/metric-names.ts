import { RerankError } from '../shared/errors.ts';
import {
  computeAveragePrecision,
  computeNdcg,
  computePrecision,
  computeRecall,
  computeReciprocalRank,
  type Judgments,
} from './metrics.ts';

const MEASURES = ['ndcg', 'mrr', 'recall', 'precision', 'map'] as const;

/** A metric with its cutoff, as `ndcg@10` names it. */
export interface NamedMetric {
  readonly measure: (typeof MEASURES)[number];
  /** Places from the top that count, 1 or more. Absent: all of them, for `map` and `mrr` only. */
  readonly cutoff?: number;
}

/** How people write the measures. */
const TITLES: Readonly<Record<NamedMetric['measure'], string>> = {
  ndcg: 'nDCG',
  mrr: 'MRR',
  recall: 'recall',
  precision: 'precision',
  map: 'MAP',
};

/**
 * Reads a metric's name: `ndcg@10`, `recall@100`, `precision@5`, `mrr@10`, `mrr`, `map`, `map@10`.
 * Letters may be large or small.
 *
 * @throws RerankError `invalid-input` for anything else.
 */
export function parseMetricName(name: string): NamedMetric {
  const [measureName = '', cutoffText, ...more] = name.trim().toLowerCase().split('@');
  const measure = MEASURES.find((known) => known === measureName);
  if (!measure || more.length > 0) {
    throw invalidName(name, `The metrics are ${MEASURES.join(', ')}, as in ndcg@10.`);
  }
  if (cutoffText === undefined) {
    if (measure === 'map' || measure === 'mrr') return { measure };
    throw invalidName(name, `Say how many places count, as in ${measure}@10.`);
  }
  const cutoff = Number(cutoffText);
  if (cutoffText === '' || !Number.isInteger(cutoff) || cutoff < 1) {
    throw invalidName(name, 'What follows the @ must be a whole number of 1 or more.');
  }
  return { measure, cutoff };
}

/** The metric's name for people: `nDCG@10`, `MAP`. */
export function formatMetricName({ measure, cutoff }: NamedMetric): string {
  return TITLES[measure] + (cutoff === undefined ? '' : `@${cutoff}`);
}

/**
 * One metric of one query's ranking.
 *
 * @param relevanceLevel The least grade that counts as relevant; nDCG ignores it. Default 1.
 */
export function measureRanking(
  { measure, cutoff }: NamedMetric,
  ranking: readonly string[],
  judgments: Judgments,
  relevanceLevel = 1,
): number {
  const options = { cutoff: cutoff ?? Math.max(1, ranking.length), relevanceLevel };
  switch (measure) {
    case 'ndcg':
      return computeNdcg(ranking, judgments, options.cutoff);
    case 'mrr':
      return computeReciprocalRank(ranking, judgments, options);
    case 'recall':
      return computeRecall(ranking, judgments, options);
    case 'precision':
      return computePrecision(ranking, judgments, options);
    case 'map':
      return computeAveragePrecision(ranking, judgments, options);
  }
}

function invalidName(name: string, advice: string): RerankError {
  return new RerankError('invalid-input', `"${name}" is no metric. ${advice}`, { metric: name });
}
