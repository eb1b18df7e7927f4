import type { Reranker } from '../shared/types.ts';

/** A reranker, or a function that opens one with the first request. */
export type RerankerSource = Reranker | (() => Reranker | Promise<Reranker>);

/** Opens the reranker at the first call. Where that fails, the next call tries again. */
export function openOnce(source: RerankerSource): () => Promise<Reranker> {
  if (typeof source !== 'function') return () => Promise.resolve(source);
  let opening: Promise<Reranker> | undefined;
  return () => {
    opening ??= Promise.resolve(source()).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
}
