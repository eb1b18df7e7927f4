export { collectMetrics, type MetricsCollector, type MetricsOptions } from './collect-metrics.ts';
export { DURATION_LIMITS_MS } from './duration-sample.ts';
export type {
  ClickPlaces,
  Counts,
  DurationSummary,
  MetricStep,
  RerankMetrics,
  RerankMetricsEvent,
} from './rerank-metrics.ts';
