import { join } from 'node:path';
import { parseBeirRecords } from '../../evaluate/beir.ts';
import { findRun } from '../../evaluate/collection.ts';
import { orderByScore } from '../../evaluate/metrics.ts';
import { parseRun } from '../../evaluate/trec.ts';
import { RerankError } from '../../shared/errors.ts';
import { readGivenId, toCandidates, type Candidate } from '../../sources/candidate.ts';
import { searchEndpoint } from '../../sources/endpoint.ts';
import { NODE_FILES, parseFile } from '../eval/input-files.ts';
import { escapeId, hashText, makeId, type JudgeQuery } from './read-queries.ts';

/** A document that may be judged. */
export interface JudgeDocument {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly url?: string;
}

/** What a search found for a query. */
export interface Found {
  /** Best first, each id once. */
  readonly documents: readonly JudgeDocument[];
  /** The search's own score of each document, greater is better. Absent where one has none. */
  readonly scores?: readonly number[];
}

/** Where candidates come from. */
export interface FirstStage {
  /** For people, and to see that a later session asks the same search. */
  readonly name: string;
  /** What relative links of results stand in. Absent where results were written down. */
  readonly base?: string;
  /** Ids of query texts that it already knows. */
  readonly queryIds: ReadonlyMap<string, string>;
  /** The best `limit` documents of a query in the search's own order. */
  find(query: JudgeQuery, limit: number): Promise<Found>;
}

/**
 * A first stage that was written to a BEIR folder: `corpus.jsonl`, `queries.jsonl`, and a TREC run.
 *
 * @param runFile Default: the only file in `runs/*.trec`.
 * @throws RerankError `invalid-input` for a file that cannot be read as what it is.
 */
export async function openCollection(data: string, runFile?: string): Promise<FirstStage> {
  const runPath = runFile ?? (await findRun(NODE_FILES, data));
  const run = await parseFile(runPath, parseRun);
  const records = await parseFile(join(data, 'corpus.jsonl'), parseBeirRecords);
  const corpus = new Map(records.map((record) => [record.id, record]));
  const queries = await parseFile(join(data, 'queries.jsonl'), parseBeirRecords);
  return {
    name: runPath,
    queryIds: new Map(queries.map(({ id, text }) => [text.trim().replace(/\s+/g, ' '), id])),
    find({ id: queryId, text }, limit) {
      const scores = run.get(queryId);
      if (!scores) {
        const message = `${runPath} has no results for "${text}" (${queryId}).`;
        return Promise.reject(new RerankError('source-failed', message));
      }
      const ids = orderByScore(scores).slice(0, limit);
      const missing = ids.find((id) => !corpus.has(id));
      if (missing !== undefined) {
        const message = `corpus.jsonl has no document ${missing}, which ${runPath} names.`;
        return Promise.reject(new RerankError('invalid-input', message));
      }
      return Promise.resolve({
        documents: ids.flatMap((id) => corpus.get(id) ?? []),
        scores: ids.flatMap((id) => scores.get(id) ?? []),
      });
    },
  };
}

/**
 * The site's own search over HTTP, read as the element reads it.
 *
 * @param template Absolute URL with `{query}` and `{candidates}`.
 * @throws RerankError `invalid-input` for a template that is no http or https URL with `{query}`.
 */
export function openEndpoint(template: string): FirstStage {
  if (!/^https?:\/\//.test(template) || !URL.canParse(template) || !template.includes('{query}')) {
    throw new RerankError(
      'invalid-input',
      `--endpoint must be an http or https URL with {query}, but is "${template}".`,
    );
  }
  const search = searchEndpoint(template, template);
  return {
    name: template,
    base: template,
    queryIds: new Map(),
    async find({ text }, limit) {
      const found = await search(text, { limit, signal: AbortSignal.timeout(SEARCH_TIMEOUT_MS) });
      const read = toCandidates(found).map(
        (candidate) => [toDocument(candidate, template), candidate.score] as const,
      );
      const ids = read.map(([{ id }]) => id);
      const kept = read.filter(([{ id }], place) => ids.indexOf(id) === place).slice(0, limit);
      const scores = kept.flatMap(([, score]) => score ?? []);
      return {
        documents: kept.map(([document]) => document),
        ...(scores.length === kept.length && { scores }),
      };
    },
  };
}

const SEARCH_TIMEOUT_MS = 30_000;

function toDocument(candidate: Candidate, base: string): JudgeDocument {
  const { title, text, url } = candidate;
  return {
    id: escapeId(readGivenId(candidate) ?? makeDocumentId(candidate)),
    title,
    text,
    ...(url !== undefined && { url: new URL(url, base).href }),
  };
}

/** From the text: several passages may have one URL, and a place is another document's for another query. */
function makeDocumentId({ title, text, url }: Candidate): string {
  const content = `${title}\n${text}`;
  return url === undefined ? makeId('d', content) : `${url}~${hashText(content)}`;
}
