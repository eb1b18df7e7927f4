import type { WireScore } from './wire-format.ts';

/** The fields of a JSON object that somebody else wrote. */
export type Fields = Readonly<Record<string, unknown>>;

/** @throws TypeError where `value` is no object. */
export function readObject(name: string, value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new TypeError(`${name} must be an object`);
}

/** @throws TypeError where `value` is no list. */
export function readList(name: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  throw new TypeError(`${name} must be a list`);
}

/** @throws TypeError where `value` is no string. */
export function readString(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new TypeError(`${name} must be a string`);
}

/** A text that may be left out. Null counts as left out, as it does in Python. */
export function readOptionalString(name: string, value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : readString(name, value);
}

/** A switch that may be left out. */
export function readSwitch(name: string, value: unknown, byDefault: boolean): boolean {
  if (value === undefined || value === null) return byDefault;
  if (typeof value === 'boolean') return value;
  throw new TypeError(`${name} must be true or false`);
}

/** A whole number of 1 or more that may be left out. */
export function readOptionalCount(name: string, value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (Number.isInteger(value) && Number(value) >= 1) return Number(value);
  throw new TypeError(`${name} must be a whole number of 1 or more`);
}

/** Documents as texts; an object with a `text` counts as that. */
export function readDocuments(name: string, value: unknown): string[] {
  return readList(name, value).map((document, index) => {
    const text: unknown =
      typeof document === 'object' && document !== null ? (document as Fields).text : document;
    return readString(`${name}[${index}]`, text);
  });
}

/**
 * Scores under the names that a format has for them. Whether they belong to a request is not checked.
 *
 * @throws TypeError where one is no number, or beyond those of 32 bits, in which scores are kept.
 */
export function readScores(
  name: string,
  value: unknown,
  scoreName: 'relevance_score' | 'score',
): WireScore[] {
  return readList(name, value).map((entry, position) => {
    const { index, [scoreName]: score } = readObject(`${name}[${position}]`, entry);
    if (!Number.isInteger(index)) {
      throw new TypeError(`${name}[${position}].index must be a whole number`);
    }
    if (typeof score !== 'number' || !Number.isFinite(Math.fround(score))) {
      throw new TypeError(`${name}[${position}].${scoreName} must be a number of 32 bits`);
    }
    return { index: Number(index), score };
  });
}

/** The tokens that an answer says it cost; 0 where it does not say. */
export function readTotalTokens(usage: unknown): number {
  if (typeof usage !== 'object' || usage === null) return 0;
  const { total_tokens: tokens } = usage as Fields;
  return Number.isFinite(tokens) ? Number(tokens) : 0;
}
