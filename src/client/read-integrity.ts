import { isIntegrity } from '../shared/integrity.ts';
import { invalidOption } from './invalid-option.ts';

/** What a hash must look like, for messages. */
export const INTEGRITY_FORM =
  'a hash such as "sha256-" and 44 characters of base64; "npx rerank-results models check" prints it';

/**
 * Gives each model the hash of its manifest.
 *
 * @param integrity One hash for each model, in the order of the tiers, separated by spaces.
 * @param tiers The hashes that tiers name themselves.
 * @throws RerankError `invalid-input` where the hashes are not one for each model, or one is none.
 */
export function readIntegrity(
  integrity: string | undefined,
  tiers: readonly (string | undefined)[],
): readonly (string | undefined)[] {
  if (integrity === undefined) return tiers;
  if (tiers.some((own) => own !== undefined)) {
    throw invalidOption('integrity', integrity, 'left out where tiers have their own');
  }
  // Callers without types may pass anything.
  const given: unknown = integrity;
  const hashes = typeof given === 'string' ? given.trim().split(/\s+/) : [];
  if (hashes.length !== tiers.length || !hashes.every(isIntegrity)) {
    const expected = tiers.length > 1 ? `${tiers.length} hashes, one for each tier, each ` : '';
    throw invalidOption('integrity', given, `${expected}${INTEGRITY_FORM}`);
  }
  return hashes;
}
