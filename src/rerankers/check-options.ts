import { invalidOption } from '../client/invalid-option.ts';

/** @throws RerankError `invalid-input` where `value` is not a whole number of 1 or more. */
export function requireCount(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw invalidOption(name, value, 'a whole number of 1 or more');
}
