import { RerankError } from '../shared/errors.ts';
import type { Reranker } from '../shared/types.ts';
import type { SharedRerankerOptions } from './shared-rerankers.ts';

/** The site's own reranker, or settings to load one with. */
export type ModelChoice = Reranker | (SharedRerankerOptions & { readonly modelBaseUrl: string });

/** Whether it is what the site gave as its own reranker, be that one or not. */
export function isReranker(model: ModelChoice): model is Reranker {
  return !(typeof model === 'object' && 'modelBaseUrl' in model);
}

/** @throws RerankError `invalid-input` where the site gave something else than a reranker. */
export function requireReranker(reranker: Reranker): Reranker {
  if (typeof (reranker as Partial<Reranker>).rerank === 'function') return reranker;
  const given = reranker instanceof Promise ? 'a promise; await it' : typeof reranker;
  throw new RerankError(
    'invalid-input',
    `The property reranker must be an object with the method rerank, but is ${given}.`,
    { argument: 'reranker' },
  );
}
