/** The first call does the work, later ones share it; what failed is tried again. */
export function once<TValue>(work: () => Promise<TValue>): () => Promise<TValue> {
  let pending: Promise<TValue> | undefined;
  return () => {
    pending ??= work().catch((error: unknown) => {
      pending = undefined;
      throw error;
    });
    return pending;
  };
}
