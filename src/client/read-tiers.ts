import { isIntegrity } from '../shared/integrity.ts';
import type { Device, Dtype, EngineName } from '../shared/types.ts';
import { invalidOption } from './invalid-option.ts';
import { INTEGRITY_FORM } from './read-integrity.ts';

/** One model of a reranker that has several. What is left out is as in the reranker's options. */
export interface RerankerTier {
  /** The model's folder name below `modelBaseUrl`. */
  readonly model: string;
  /**
   * How many of this tier's best the next one reads: a whole number, 1 or more. Default 10. The last tier has none, since
   * nothing reads what it leaves.
   */
  readonly keep?: number | undefined;
  /** Most tokens in a pair of this tier: a whole number of 16 or more. */
  readonly maxTokens?: number | undefined;
  /** Of the documents that come to this tier, how many it reads with all layers: see the reranker's option. */
  readonly lateInteraction?: number | undefined;
  readonly device?: Device | 'auto' | undefined;
  readonly dtype?: Dtype | 'auto' | undefined;
  readonly engine?: EngineName | 'auto' | undefined;
  /** The hash of this model's manifest: see the reranker's option. */
  readonly integrity?: string | undefined;
}

/** A tier whose `keep` was checked; 0 for the last one. */
export type CheckedTier = Omit<RerankerTier, 'keep'> & { readonly keep: number };

/** How many survive a tier that does not say. */
const DEFAULT_KEEP = 10;

/**
 * Reads tiers, as a list or in the form of the element's attribute: `model:keep:maxTokens:lateInteraction`, of which all but
 * the model may be left out, split by spaces, as in `minilm-l6-split:12:128 gte-small-split`. `model::128` leaves `keep` at its default. What is the same
 * for a single model, such as its name, is not checked here.
 *
 * @throws RerankError `invalid-input` naming the tier that is wrong.
 */
export function readTiers(tiers: string | readonly RerankerTier[]): CheckedTier[] {
  // Callers without types may pass anything.
  const given: unknown = tiers;
  if (typeof given !== 'string' && !Array.isArray(given)) {
    throw invalidOption('tiers', given, 'a list of tiers, or a text such as "a:10:128 b"');
  }
  const list = typeof tiers === 'string' ? parseTiers(tiers) : tiers;
  if (list.length === 0) throw invalidOption('tiers', tiers, 'one tier or more');
  return list.map((tier, index) => checkTier(tier, index, index === list.length - 1));
}

function parseTiers(text: string): RerankerTier[] {
  return text
    .split(/\s+/)
    .filter((part) => part !== '')
    .map((part, index) => {
      const [model = '', keep = '', maxTokens = '', lateInteraction = '', ...more] =
        part.split(':');
      if (more.length > 0) {
        throw invalidOption(`tiers[${index}]`, part, 'model:keep:maxTokens:lateInteraction');
      }
      return {
        model,
        ...(keep !== '' && { keep: Number(keep) }),
        ...(maxTokens !== '' && { maxTokens: Number(maxTokens) }),
        ...(lateInteraction !== '' && { lateInteraction: Number(lateInteraction) }),
      };
    });
}

function checkTier(tier: RerankerTier, index: number, isLast: boolean): CheckedTier {
  const given: unknown = tier;
  if (typeof given !== 'object' || given === null || typeof tier.model !== 'string') {
    throw invalidOption(`tiers[${index}]`, given, 'an object with a model');
  }
  const { keep, lateInteraction, integrity } = tier;
  if (lateInteraction !== undefined && !isCount(lateInteraction)) {
    throw invalidOption(
      `tiers[${index}].lateInteraction`,
      lateInteraction,
      'a whole number of 1 or more',
    );
  }
  if (integrity !== undefined && !isIntegrity(integrity)) {
    throw invalidOption(`tiers[${index}].integrity`, integrity, INTEGRITY_FORM);
  }
  if (isLast && keep !== undefined) {
    throw invalidOption(
      `tiers[${index}].keep`,
      keep,
      'left out: nothing reads what the last tier keeps',
    );
  }
  if (keep !== undefined && !isCount(keep)) {
    throw invalidOption(`tiers[${index}].keep`, keep, 'a whole number of 1 or more');
  }
  return { ...tier, keep: isLast ? 0 : (keep ?? DEFAULT_KEEP) };
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}
