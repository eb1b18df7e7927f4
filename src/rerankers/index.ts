export {
  createFallbackReranker,
  type FallbackNotice,
  type FallbackOptions,
  type RerankerOpener,
} from './create-fallback-reranker.ts';
export { createHostedReranker, type HostedRerankerOptions } from './create-hosted-reranker.ts';
export {
  createLanguageModelReranker,
  type LanguageModelRerankerOptions,
} from './create-language-model-reranker.ts';
export type { RerankApi } from './wire-format.ts';
