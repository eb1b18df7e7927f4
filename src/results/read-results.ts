import { DEFAULT_FIELDS } from '../shared/defaults.ts';
import { RerankError } from '../shared/errors.ts';
import type { RankedResult } from '../shared/types.ts';

/** Any result of a run, whatever its documents are. */
export type AnyResult = RankedResult<unknown>;

/** Which text of a result is looked at. */
export interface ResultTextOptions<TResult> {
  /**
   * For object documents: the properties that are the text, in this order, joined by a line break. Numbers are read as
   * text; other values are left out. Default `['title', 'text']`, as in `rerank`.
   */
  readonly fields?: readonly string[] | undefined;
  /** Reads the text of a result in any other way; then `fields` is not used. What is no string counts as empty. */
  readonly toText?: ((result: TResult) => string) | undefined;
}

/** @throws RerankError `invalid-input` unless `results` is a list of objects. */
export function checkResults(results: readonly AnyResult[]): void {
  // Callers without types may pass anything, the whole outcome above all.
  const given: unknown = results;
  if (!Array.isArray(given)) {
    throw invalidInput('results', 'the list of results that a run returned', given);
  }
  const wrong = given.findIndex((result) => typeof result !== 'object' || result === null);
  if (wrong >= 0) throw invalidInput(`results[${wrong}]`, 'a result of a run', given[wrong]);
}

/** @throws RerankError `invalid-input` for `fields` or `toText` of a wrong type. */
export function checkTextOptions<TResult>({ fields, toText }: ResultTextOptions<TResult>): void {
  const given: unknown = fields;
  if (given !== undefined && !(Array.isArray(given) && given.length > 0)) {
    throw invalidInput('fields', 'a list of property names', given);
  }
  checkFunction('toText', toText);
}

/** @throws RerankError `invalid-input` for what is neither a function nor undefined. */
export function checkFunction(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') {
    throw invalidInput(name, 'a function', value);
  }
}

/** The text of a result's document. Empty where the document is missing or has none of the fields. */
export function readResultText<TResult extends AnyResult>(
  result: TResult,
  { fields = DEFAULT_FIELDS, toText }: ResultTextOptions<TResult>,
): string {
  const { document } = result;
  if (toText !== undefined) {
    const text: unknown = toText(result);
    return typeof text === 'string' ? text : '';
  }
  if (typeof document === 'string') return document;
  if (typeof document !== 'object' || document === null) return '';
  const record = document as Record<string, unknown>;
  return fields
    .map((field) => record[field])
    .map((value) => (typeof value === 'number' ? String(value) : value))
    .filter((value) => typeof value === 'string' && value !== '')
    .join('\n');
}

/** An error that says which argument is wrong, what it must be, and what it is. */
export function invalidInput(argument: string, expected: string, value: unknown): RerankError {
  const shown = describeValue(value);
  return new RerankError('invalid-input', `${argument} must be ${expected}, but is ${shown}.`, {
    argument,
  });
}

function describeValue(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
