export { createReranker, type RerankerOptions } from './client/create-reranker.ts';
export type { Blend } from './shared/blend.ts';
export type { Calibration, CalibrationPoint } from './shared/calibration.ts';
export { RerankError, type ErrorDetails, type RerankErrorCode } from './shared/errors.ts';
export type {
  Device,
  Dtype,
  EngineName,
  LoadProgress,
  ModelInfo,
  PartialResult,
  RerankOutcome,
  RerankPartial,
  RerankRequest,
  RerankResult,
  Reranker,
  Timing,
  Usage,
} from './shared/types.ts';
