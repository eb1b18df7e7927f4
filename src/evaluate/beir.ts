import { collectLines, invalidLine, readGrade, splitLines } from './lines.ts';
import type { Qrels } from './metrics.ts';

/** A line of a BEIR collection's `corpus.jsonl` or `queries.jsonl`. */
export interface BeirRecord {
  readonly id: string;
  /** Empty where the line has none. */
  readonly title: string;
  readonly text: string;
}

/**
 * Reads a BEIR collection's qrels: `query-id`, `corpus-id` and `score` split by tabs, below a header.
 *
 * @throws RerankError `invalid-input` naming the line.
 */
export function parseBeirQrels(text: string): Qrels {
  const [header, ...lines] = splitLines(text);
  if (header?.content.split('\t')[0] !== 'query-id') {
    throw invalidLine('qrels', 1, 'must be the header: query-id, corpus-id, score');
  }
  return collectLines('qrels', lines, ({ number, content }) => {
    const [queryId, documentId, grade, ...more] = content.split('\t');
    if (!queryId || !documentId || grade === undefined || more.length > 0) {
      throw invalidLine('qrels', number, 'must have three fields: query-id, corpus-id, score');
    }
    return { queryId, documentId, value: readGrade(number, grade) };
  });
}

/**
 * Reads a BEIR collection's `corpus.jsonl` or `queries.jsonl`: one object with `_id`, `text` and maybe
 * `title` a line.
 *
 * @throws RerankError `invalid-input` naming the line.
 */
export function parseBeirRecords(text: string): BeirRecord[] {
  return splitLines(text).map(({ number, content }) => {
    const { id, title, text: body } = parseBeirRecord(content, number);
    return { id, title, text: body };
  });
}

/**
 * Reads one line of such a file, for files that are too large to hold.
 *
 * @param number The line's number, from 1, for errors.
 * @param file What to call the file in errors.
 * @returns The record, and all fields of the line as `fields`.
 * @throws RerankError `invalid-input` naming the line.
 */
export function parseBeirRecord(
  line: string,
  number: number,
  file = 'records',
): BeirRecord & { readonly fields: Readonly<Record<string, unknown>> } {
  const fields = parseObject(line, number, file);
  const { _id: id, title = '', text } = fields;
  if (typeof id !== 'string' || typeof title !== 'string' || typeof text !== 'string') {
    throw invalidLine(file, number, 'must have the strings _id and text');
  }
  return { id, title, text, fields };
}

function parseObject(line: string, number: number, file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below, with the line.
  }
  throw invalidLine(file, number, 'must be a JSON object');
}
