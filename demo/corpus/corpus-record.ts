/** One searchable piece of the manual: a section, a part of a long section, or one listed entry. */
export interface CorpusRecord {
  /** Unique and stable between builds of one manual version: `page#anchor`, parts add `~2`, `~3`, … */
  readonly id: string;
  /** The section's heading without its number; on a reference page also the page's name. */
  readonly title: string;
  /** Plain text. Blocks are separated by a blank line; code keeps its line breaks. */
  readonly text: string;
  /** Address on the public site, with the section's anchor. */
  readonly url: string;
  /** Headings above this one, chapter first. Empty for a chapter's own introduction. */
  readonly path: readonly string[];
}

/**
 * Reads records from JSON Lines text (one JSON object a line; empty lines are skipped).
 * @throws {Error} naming the line when a line is not a record.
 */
export function parseCorpus(jsonLines: string): CorpusRecord[] {
  const records: CorpusRecord[] = [];
  for (const [index, line] of jsonLines.split('\n').entries()) {
    if (line.trim() === '') continue;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (cause) {
      throw new Error(`Corpus line ${index + 1} is not JSON.`, { cause });
    }
    if (!isCorpusRecord(value)) {
      throw new Error(`Corpus line ${index + 1} is not a record of id, title, text, url and path.`);
    }
    records.push(value);
  }
  return records;
}

function isCorpusRecord(value: unknown): value is CorpusRecord {
  if (typeof value !== 'object' || value === null) return false;
  const record = value as Record<keyof CorpusRecord, unknown>;
  return (
    [record.id, record.title, record.text, record.url].every((f) => typeof f === 'string') &&
    Array.isArray(record.path) &&
    record.path.every((heading) => typeof heading === 'string')
  );
}
