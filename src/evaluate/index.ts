export { parseBeirQrels, parseBeirRecord, parseBeirRecords, type BeirRecord } from './beir.ts';
export {
  findQrels,
  findRun,
  parseAnyQrels,
  readCollection,
  readParsed,
  spreadEvenly,
  type Collection,
  type CollectionFiles,
  type CollectionOptions,
  type EvalCandidate,
  type EvalQuery,
} from './collection.ts';
export type { Line } from './lines.ts';
export {
  DEFAULT_CUTOFF,
  computeAveragePrecision,
  computeMetrics,
  computeNdcg,
  computePrecision,
  computeRecall,
  computeReciprocalRank,
  evaluateRun,
  meanMetrics,
  orderByScore,
  type Judgments,
  type MetricOptions,
  type Metrics,
  type Qrels,
  type Run,
} from './metrics.ts';
export { computeKendallTau } from './kendall-tau.ts';
export {
  formatMetricName,
  measureRanking,
  parseMetricName,
  type NamedMetric,
} from './metric-names.ts';
export {
  bootstrapMean,
  comparePaired,
  type BootstrapOptions,
  type MeanInterval,
  type PairedComparison,
} from './paired-comparison.ts';
export { orderCandidates, type CandidateScores } from './order-candidates.ts';
export { computePercentile } from '../shared/percentile.ts';
export { compareOrders, type Compared } from './rankings.ts';
export {
  evaluateReranker,
  type Evaluation,
  type EvaluationOptions,
  type QueryEvaluation,
} from './run-eval.ts';
export { groupBySegment, nameFieldSegment, nameLengthSegment } from './segments.ts';
export { formatQrels, formatRun, parseQrels, parseRun, toRun } from './trec.ts';
export { formatInterval, formatSigned, judgeComparison, type Verdict } from './verdict.ts';
