import type { Reranker } from '../shared/types.ts';

/** A reranker, the promise of one, or a function that opens one when the first request comes. */
export type RerankerSource = Reranker | Promise<Reranker> | (() => Promise<Reranker> | Reranker);

/** Opens the reranker at the first call. Where a function fails, the next call tries again; a promise that is rejected stays so. */
export function openOnce(source: RerankerSource): () => Promise<Reranker> {
  if (typeof source !== 'function') {
    const given = Promise.resolve(source);
    // Each call is told; until one comes, nobody listens.
    given.catch(() => undefined);
    return () => given;
  }
  let opening: Promise<Reranker> | undefined;
  return () => {
    opening ??= Promise.resolve(source()).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
}
