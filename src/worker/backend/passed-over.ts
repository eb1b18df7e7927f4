import { RerankError, describeError } from '../../shared/errors.ts';
import type { FallbackCause, ModelInfo } from '../../shared/types.ts';

/** What a model says of choices that were passed over. */
export type Fallback = Pick<ModelInfo, 'fallbackReason' | 'fallbackCauses'>;

/** Why a choice was passed over, in words and as a kind. */
export interface PassedOver {
  readonly cause: FallbackCause;
  readonly reason: string;
}

/** Ends the trial of a device whose failure has a kind of its own. */
export class DeviceRefusal extends Error {
  override readonly name = 'DeviceRefusal';
  readonly fallbackCause: FallbackCause;

  constructor(fallbackCause: FallbackCause, message: string) {
    super(message);
    this.fallbackCause = fallbackCause;
  }
}

/** @param choice The device and dtype that were tried. */
export function describePassedOver(
  { device, dtype }: { readonly device: string; readonly dtype: string },
  error: unknown,
): PassedOver {
  return { cause: causeOf(error), reason: `${device} ${dtype}: ${describeError(error)}` };
}

/** Nothing where nothing was passed over. */
export function summarizePassedOver(passedOver: readonly PassedOver[]): Fallback {
  if (passedOver.length === 0) return {};
  return {
    fallbackReason: passedOver.map(({ reason }) => reason).join('; '),
    fallbackCauses: passedOver.map(({ cause }) => cause),
  };
}

function causeOf(error: unknown): FallbackCause {
  if (error instanceof DeviceRefusal) return error.fallbackCause;
  if (!(error instanceof RerankError)) return 'failed';
  if (error.code === 'device-lost' || error.code === 'model-load') return error.code;
  return 'failed';
}
