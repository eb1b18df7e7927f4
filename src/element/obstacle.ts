import { needsConsent, type Consent } from './consent.ts';
import { hasCrashed, mayHaveCrashed } from './crash-memory.ts';
import { isReranker, type ModelChoice } from './model-choice.ts';
import type { SkipReason } from './run-state.ts';
import { isShared, measureShared } from './shared-rerankers.ts';

/** Why the model is not loaded before the reader asks for it. */
export type Obstacle =
  | { readonly reason: Extract<SkipReason, 'crashed'> }
  | {
      readonly reason: Extract<SkipReason, 'consent'>;
      /** What loading the model would download; undefined where that could not be found out. */
      readonly downloadBytes: number | undefined;
    };

/** Whether there may be an obstacle; if not, nothing need be waited for. */
export function mayHaveObstacle(model: ModelChoice, consent: Consent): boolean {
  if (isReranker(model) || isShared(model)) return false;
  return needsConsent(consent) || mayHaveCrashed(model);
}

/** What keeps the model from being loaded now, if anything. */
export async function findObstacle(
  model: ModelChoice,
  consent: Consent,
): Promise<Obstacle | undefined> {
  if (isReranker(model) || isShared(model)) return undefined;
  if (await hasCrashed(model)) return { reason: 'crashed' };
  if (!needsConsent(consent)) return undefined;
  const downloadBytes = await measureShared(model).then(
    ({ missingBytes }) => missingBytes,
    // Loading says what is wrong.
    () => undefined,
  );
  // The reader may have agreed meanwhile.
  return downloadBytes === 0 || !needsConsent(consent)
    ? undefined
    : { reason: 'consent', downloadBytes };
}
