import type { Reranker } from '../../shared/types.ts';
import type { RerankerSource } from '../open-once.ts';

/**
 * Gives the reranker once it is there, and undefined before, without waiting for it. A function is called by the first call, and
 * again by the next one after it failed.
 *
 * @param onError Told each failure to open it.
 */
export function watchReranker(
  source: RerankerSource,
  onError: (error: unknown) => void,
): () => Promise<Reranker | undefined> {
  let ready: Reranker | undefined;
  let isOpening = false;
  const open = async (opened: () => Reranker | Promise<Reranker>): Promise<void> => {
    isOpening = true;
    try {
      ready = await opened();
    } catch (error) {
      onError(error);
    } finally {
      isOpening = false;
    }
  };
  const isLazy = typeof source === 'function';
  if (!isLazy) {
    if ('rerank' in source) ready = source;
    else void open(() => source);
  }
  return async () => {
    if (isLazy && !ready && !isOpening) void open(source);
    // A site that searches again when the promise resolves may be told before `open` is.
    await Promise.resolve();
    return ready;
  };
}
