import { RerankError } from '../shared/errors.ts';

/** The error for an option that is wrong. */
export function invalidOption(name: string, value: unknown, expected: string): RerankError {
  return new RerankError(
    'invalid-input',
    `The option ${name} must be ${expected}, but is ${JSON.stringify(value)}.`,
    { argument: name },
  );
}
