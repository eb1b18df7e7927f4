import { RerankError } from '../shared/errors.ts';

/** A line of a text file that is not blank. */
export interface Line {
  /** From 1. */
  readonly number: number;
  readonly content: string;
}

/** The lines of a text that are not blank, whichever system wrote it. */
export function splitLines(text: string): Line[] {
  return text
    .split(/\r?\n/)
    .map((content, index) => ({ number: index + 1, content }))
    .filter(({ content }) => content.trim() !== '');
}

/**
 * Gathers one value a line into query id → document id → value.
 *
 * @throws RerankError `invalid-input` for a document that comes twice for a query.
 */
export function collectLines(
  file: string,
  lines: readonly Line[],
  read: (line: Line) => { queryId: string; documentId: string; value: number },
): Map<string, Map<string, number>> {
  const values = new Map<string, Map<string, number>>();
  for (const line of lines) {
    const { queryId, documentId, value } = read(line);
    const ofQuery = values.get(queryId) ?? new Map<string, number>();
    if (ofQuery.has(documentId)) {
      throw invalidLine(file, line.number, `repeats document ${documentId} of query ${queryId}`);
    }
    values.set(queryId, ofQuery.set(documentId, value));
  }
  return values;
}

/**
 * A finite number.
 *
 * @throws RerankError `invalid-input` naming the line and what the number is.
 */
export function readNumber(file: string, line: number, name: string, text = ''): number {
  const value = Number(text);
  if (text !== '' && Number.isFinite(value)) return value;
  throw invalidLine(
    file,
    line,
    `has the ${name} ${JSON.stringify(text)}, which is no finite number`,
  );
}

/**
 * A judgment's grade.
 *
 * @throws RerankError `invalid-input` for anything but a whole number.
 */
export function readGrade(line: number, text: string): number {
  const grade = readNumber('qrels', line, 'grade', text);
  if (Number.isInteger(grade)) return grade;
  throw invalidLine('qrels', line, `has the grade ${grade}, which is no whole number`);
}

/** The error for a line that cannot be read. */
export function invalidLine(file: string, line: number, problem: string): RerankError {
  return new RerankError('invalid-input', `Line ${line} of the ${file} ${problem}.`, { line });
}
