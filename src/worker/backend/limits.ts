import type { Device } from '../../shared/types.ts';
import type { Backend } from './backend.ts';

/**
 * How many pairs one call may hold. On WASM a batch brings no speed, would pad, and would keep an abort
 * waiting; a graph whose scores depend on their batch mates runs one pair at a time everywhere.
 */
export function limitBatches(device: Device, batchInvariant: boolean): Backend['limits'] {
  if (device === 'wasm') {
    return { maxPairs: 1, maxTokens: Number.POSITIVE_INFINITY, lengthMultiple: 1, lanes: 1 };
  }
  // A multiple of 8 keeps the number of different shader programs small.
  return { maxPairs: batchInvariant ? 32 : 1, maxTokens: 2048, lengthMultiple: 8, lanes: 1 };
}
