import type { ModelInfo, RerankErrorCode } from 'rerank-results';
import type { RerankEventDetails, SkipReason } from 'rerank-results/element';

const devices: Readonly<Record<string, string>> = { webgpu: 'WebGPU', wasm: 'WASM' };

const causes: Readonly<Record<RerankErrorCode, string>> = {
  'invalid-input': 'a setting is wrong',
  'model-load': 'the model’s files could not be loaded',
  'model-integrity': 'a file of the model is not the one that was published',
  'backend-unavailable': 'no device here can run the model',
  'device-lost': 'the GPU went away',
  aborted: 'it was stopped',
  disposed: 'it was stopped',
  'worker-failed': 'the background worker stopped',
  'source-failed': 'the search did not answer',
  'service-failed': 'the reranking service did not answer as it should',
};

/** What failed, why, and what the reader sees instead. */
export function explainError({ during, error }: RerankEventDetails['rerank-error']): string {
  if (during === 'search') return `The search failed. ${error.message}`;
  const cause = navigator.onLine
    ? causes[error.code]
    : 'you are offline, and the model is not in this browser yet';
  return `Not reranked: ${cause}. The results stay in the search’s own order.`;
}

/** Why results stay in the search's own order without anything being wrong. */
export function explainSkip(reason: SkipReason): string {
  return {
    'too-few': 'There is nothing to reorder.',
    consent: 'The model is not loaded before you agree.',
    crashed: 'Loading the model ended this page before, so it is not loaded by itself.',
  }[reason];
}

/** Why a better device was passed over; empty where none was. */
export function explainFallback({ fallbackReason }: ModelInfo): string {
  if (fallbackReason === undefined) return '';
  return fallbackReason
    .split('; ')
    .map((reason) => reason.replace(/^(\w+) \w+: /, (_, name: string) => `${nameDevice(name)}: `))
    .map((reason) => `Not on ${reason}.`)
    .join(' ');
}

/** A device as people write it. */
export function nameDevice(device: string): string {
  return devices[device] ?? device;
}
