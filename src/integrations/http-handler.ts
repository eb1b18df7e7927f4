export {
  createRerankHandler,
  type RequestHandler,
  type RerankHandlerOptions,
} from './http/rerank-handler.ts';
export { serveReranker } from './http/serve-reranker.ts';
export type { RerankerSource } from './open-once.ts';
export type { RerankApi } from '../rerankers/wire-format.ts';
