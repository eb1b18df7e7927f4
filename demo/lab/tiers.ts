import type { LabState } from './lab-state.ts';

/** The models of a cascade, the cheaper one first. */
export const TIER_MODELS = ['minilm-l6-split', 'gte-small-split'] as const;

/** The cascade of the setting, in the form of the element's attribute: the policy that docs/models.md recommends. */
export function writeTiers({ keep }: Pick<LabState, 'keep'>): string | undefined {
  const [first, second] = TIER_MODELS;
  return keep === undefined ? undefined : `${first}:${keep}:128 ${second}::256`;
}
