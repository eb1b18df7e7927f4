import { RerankError } from '../shared/errors.ts';

/** The error about an option that is wrong. */
export function invalidOption(name: string, value: unknown, expected: string): RerankError {
  return new RerankError(
    'invalid-input',
    `The option ${name} must be ${expected}, but is ${JSON.stringify(value)}.`,
    { argument: name },
  );
}

/** @throws RerankError `invalid-input` where `value` is not a whole number of 1 or more. */
export function requireCount(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw invalidOption(name, value, 'a whole number of 1 or more');
}
