export { createReranker, measureDownload, type RerankerOptions } from './client/create-reranker.ts';
export type { RerankerTier } from './client/read-tiers.ts';
export type { Blend } from './shared/blend.ts';
export type { Calibration, CalibrationPoint } from './shared/calibration.ts';
export { RerankError, type ErrorDetails, type RerankErrorCode } from './shared/errors.ts';
export type {
  CompleteOutcome,
  Device,
  DownloadSize,
  Dtype,
  EngineName,
  LoadProgress,
  ModelInfo,
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
