import { RerankError } from '../../../shared/errors.ts';
import type { KernelsLayout } from './layout.ts';

/**
 * Where the document's own start token is: each text begins with one, and so does the pair. The kernels trust what they get,
 * so whatever the model has no room for ends here.
 */
export function findDocument(ids: Int32Array, { positions, vocabulary }: KernelsLayout): number {
  const documentAt = ids.indexOf(ids[0] ?? 0, 1);
  const problem =
    documentAt < 0
      ? 'a pair has no second start token, with which the manifest\'s "pair.between" must end'
      : ids.length > positions
        ? `a pair has ${ids.length} tokens, and the model reads ${positions}`
        : ids.some((id) => id < 0 || id >= vocabulary)
          ? `a token is not among the model's ${vocabulary}`
          : undefined;
  if (problem === undefined) return documentAt;
  throw new RerankError('model-integrity', `The tokenizer does not fit the model: ${problem}.`, {
    problem,
  });
}
