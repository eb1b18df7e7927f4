export { parseBeirQrels, parseBeirRecords, type BeirRecord } from './beir.ts';
export {
  DEFAULT_CUTOFF,
  computeMetrics,
  computeNdcg,
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
export {
  evaluateReranker,
  type Compared,
  type Evaluation,
  type EvaluationOptions,
  type QueryEvaluation,
} from './run-eval.ts';
export { formatQrels, formatRun, parseQrels, parseRun, toRun } from './trec.ts';
