import { readFileSync } from 'node:fs';
import { parseCorpus, type CorpusRecord } from '../../demo/corpus/corpus-record.ts';
import type { SearchFunction } from '../../src/sources/endpoint.ts';

/** Pages of the demo's corpus about one subject: enough for real searches, and indexed in a moment. */
const PAGES =
  /\/(routine-vacuuming|sql-vacuum|disk-full|diskusage|ddl-basics|explicit-locking)\.html/;

/** Records of the demo's corpus. */
export const RECORDS: readonly CorpusRecord[] = parseCorpus(
  readFileSync(new URL('../../demo/corpus/postgresql-15.jsonl', import.meta.url), 'utf8'),
).filter(({ url }) => PAGES.test(url));

/** A reader's question; its answer is {@link ANSWER_ID}. */
export const QUESTION = 'what happens when the disk is full?';
export const ANSWER_ID = 'disk-full#DISK-FULL';

/** What a search returns, as plain records. */
export async function find(
  search: SearchFunction,
  query: string,
  limit = 10,
  signal = new AbortController().signal,
): Promise<Record<string, unknown>[]> {
  return (await search(query, { limit, signal })) as Record<string, unknown>[];
}
