import { createHash } from 'node:crypto';
import { parseBeirRecords } from '../../evaluate/beir.ts';
import { RerankError } from '../../shared/errors.ts';

/** A query of the site's own. */
export interface JudgeQuery {
  readonly id: string;
  readonly text: string;
}

/**
 * Reads a list of queries: one a line, or one JSON object a line with `text` and maybe `_id`. Blank lines
 * and repeated texts are left out.
 *
 * @param known Ids of texts that already have one, such as the collection's; a new text gets an id made
 * from itself, so that a line more in the file changes no other query's id.
 * @throws RerankError `invalid-input` naming a line that cannot be read, an id that stands for two texts,
 * or a list without queries.
 */
export function readQueries(
  text: string,
  known: ReadonlyMap<string, string> = new Map(),
): JudgeQuery[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const isJson = lines[0]?.trimStart().startsWith('{') ?? false;
  const read = isJson
    ? parseBeirRecords(lines.map(fillId).join('\n'))
    : lines.map((line) => ({ id: '', text: line }));
  const queries = new Map<string, JudgeQuery>();
  const textOfId = new Map<string, string>();
  for (const { id, text: raw } of read) {
    const query = raw.trim().replace(/\s+/g, ' ');
    if (query === '' || queries.has(query)) continue;
    const own = escapeId(id) || known.get(query) || makeId('q', query);
    const other = textOfId.get(own);
    if (other !== undefined) {
      throw new RerankError(
        'invalid-input',
        `The query id ${own} stands for "${other}" and for "${query}".`,
      );
    }
    textOfId.set(own, query);
    queries.set(query, { id: own, text: query });
  }
  if (queries.size === 0) throw new RerankError('invalid-input', 'The list has no queries.');
  return [...queries.values()];
}

/** A short id that is always the same for a text. */
export function makeId(prefix: string, text: string): string {
  return `${prefix}-${hashText(text)}`;
}

/** The first 40 bits of a text's SHA-256, as 10 hexadecimal digits. */
export function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 10);
}

/** An id without white space, which would split a line of a TREC file or of qrels. */
export function escapeId(id: string): string {
  return id.replace(/\s/g, (space) => encodeURIComponent(space));
}

function fillId(line: string): string {
  try {
    const record = JSON.parse(line) as Record<string, unknown> | null;
    if (typeof record === 'object' && record && !('_id' in record)) {
      return JSON.stringify({ ...record, _id: '' });
    }
  } catch {
    // Said by the parser, with the line.
  }
  return line;
}
