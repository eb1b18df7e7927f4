export { createReranker, measureDownload, type RerankerOptions } from './client/create-reranker.ts';
export {
  explainScore,
  type ExplainedPart,
  type ExplainRequest,
  type ScoreExplanation,
} from './client/explain-score.ts';
export type { RerankerTier } from './client/read-tiers.ts';
export {
  groupResults,
  mergeNearDuplicates,
  selectContext,
  type ContextItem,
  type ContextOrder,
  type GroupResultsOptions,
  type MergedResult,
  type MergeNearDuplicatesOptions,
  type ResultGroup,
  type ResultTextOptions,
  type SelectContextOptions,
  type SelectedContext,
} from './results/index.ts';
export type { Blend } from './shared/blend.ts';
export type { Calibration, CalibrationPoint } from './shared/calibration.ts';
export { RerankError, type ErrorDetails, type RerankErrorCode } from './shared/errors.ts';
export type {
  CompleteOutcome,
  Device,
  DownloadSize,
  Dtype,
  EngineName,
  FallbackCause,
  LoadProgress,
  LongDocuments,
  ModelInfo,
  OutsideEngineName,
  Passage,
  RankedResult,
  RerankOutcome,
  RerankPartial,
  RerankRequest,
  RerankResult,
  Reranker,
  StoppedOutcome,
  StopReason,
  Timing,
  UnscoredResult,
  Usage,
} from './shared/types.ts';
