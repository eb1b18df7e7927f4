import { GPU_RUNTIME_MEGABYTES, LIST_MEGABYTES, MODEL_MEGABYTES } from '../download-sizes.ts';
import type { LabState } from './lab-state.ts';
import { TIER_MODELS } from './tiers.ts';

/**
 * What an evaluation downloads.
 *
 * @param isInPage Whether the manual is searched in the page, which loads it.
 */
export function describeDownload(
  { set, model, device, keep }: LabState,
  isInPage: boolean,
): string {
  const models = new Set<string>([model, ...(keep === undefined ? [] : TIER_MODELS)]);
  const parts = [...models].map((id) => `${id} ${(MODEL_MEGABYTES[id] ?? 0).toFixed(0)} MB`);
  if (set === 'demo' && isInPage) parts.push(`the manual ${LIST_MEGABYTES} MB`);
  const runtime =
    device === 'wasm'
      ? ''
      : ` Where it runs on a GPU, that takes ${GPU_RUNTIME_MEGABYTES.map((size) => size.toFixed(0)).join(' or ')} MB more.`;
  return `Nothing is loaded yet. The evaluation loads ${new Intl.ListFormat('en').format(parts)}, once.${runtime}`;
}
