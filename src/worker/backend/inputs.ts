import { RerankError } from '../../shared/errors.ts';
import type { Batch } from './backend.ts';

/**
 * A batch as the graph's int64 inputs, by name.
 *
 * @throws RerankError `model-integrity` where the graph wants an input that is not known.
 */
export function toInt64Inputs(
  { inputIds, attentionMask, tokenTypeIds }: Batch,
  names: readonly string[],
): Map<string, BigInt64Array> {
  const values: Readonly<Record<string, Int32Array | Uint8Array>> = {
    input_ids: inputIds,
    attention_mask: attentionMask,
    token_type_ids: tokenTypeIds,
  };
  const inputs = new Map<string, BigInt64Array>();
  for (const name of names) {
    const source = values[name];
    if (!source) {
      throw new RerankError(
        'model-integrity',
        `The model wants an input "${name}" that is not known.`,
        { input: name },
      );
    }
    inputs.set(name, BigInt64Array.from(source, BigInt));
  }
  return inputs;
}
