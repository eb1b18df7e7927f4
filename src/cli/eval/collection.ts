import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseBeirQrels, parseBeirRecord } from '../../evaluate/beir.ts';
import { orderByScore, type Judgments, type Qrels, type Run } from '../../evaluate/metrics.ts';
import { parseQrels, parseRun } from '../../evaluate/trec.ts';
import { RerankError } from '../../shared/errors.ts';
import { parseFile, readLines } from './input-files.ts';

/** A result of the first stage that is to be reranked. */
export interface EvalCandidate {
  readonly id: string;
  /** The first stage's score; higher is better. */
  readonly score: number;
  readonly document: { readonly title: string; readonly text: string };
}

/** A judged query with what the first stage found for it. */
export interface EvalQuery {
  readonly queryId: string;
  readonly text: string;
  /** All fields of its line in queries.jsonl. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly judgments: Judgments;
  /** All ids of the run, best first. */
  readonly ranking: readonly string[];
  /** The top of `ranking`. */
  readonly candidates: readonly EvalCandidate[];
}

/** What is measured on. */
export interface Collection {
  readonly data: string;
  readonly runFile: string;
  readonly qrelsFile: string;
  /** In the run's order. */
  readonly queries: readonly EvalQuery[];
  /** Judged queries of the run, before `limit`. */
  readonly judgedQueries: number;
  /** Judged queries that the run lacks; they are left out, as trec_eval does without `-c`. */
  readonly missingQueries: number;
}

export interface CollectionOptions {
  readonly data: string;
  readonly run: string | undefined;
  readonly qrels: string | undefined;
  readonly depth: number;
  readonly limit: number | undefined;
}

/**
 * Reads a collection. Of the corpus only the documents that will be reranked are kept: it is read line
 * by line, and may be larger than memory.
 *
 * @throws RerankError `invalid-input` naming the file, and the line, query or document that is wrong.
 */
export async function readCollection(options: CollectionOptions): Promise<Collection> {
  const { data, depth, limit = Number.POSITIVE_INFINITY } = options;
  const qrelsFile = options.qrels ?? (await findOnlyFile(join(data, 'qrels'), '.tsv', '--qrels'));
  const runFile = options.run ?? (await findOnlyFile(join(data, 'runs'), '.trec', '--run'));
  const qrels = await parseFile(qrelsFile, parseAnyQrels);
  const run = await parseFile(runFile, parseRun);
  const judged = [...run].filter(([queryId]) => qrels.has(queryId));
  if (judged.length === 0) {
    throw new RerankError(
      'invalid-input',
      `No query of ${runFile} has judgments in ${qrelsFile}. ${describeIds(run, qrels)}`,
      { runFile, qrelsFile },
    );
  }
  const picked = spreadEvenly(judged, limit).map(([queryId, scores]) => ({
    queryId,
    scores,
    ranking: orderByScore(scores),
    judgments: qrels.get(queryId) ?? new Map<string, number>(),
  }));

  const texts = await readRecords(
    join(data, 'queries.jsonl'),
    new Map(picked.map(({ queryId }) => [queryId, `the query ${queryId} of ${runFile}`])),
    ({ text, fields }) => ({ text, fields }),
  );
  const documents = await readRecords(
    join(data, 'corpus.jsonl'),
    new Map(
      picked.flatMap(({ queryId, ranking }) =>
        ranking
          .slice(0, depth)
          .map((id) => [id, `the document ${id} that ${runFile} has for query ${queryId}`]),
      ),
    ),
    // A corpus's other fields would only fill memory.
    ({ title, text }) => ({ title, text }),
  );
  return {
    data,
    runFile,
    qrelsFile,
    judgedQueries: judged.length,
    missingQueries: [...qrels.keys()].filter((queryId) => !run.has(queryId)).length,
    queries: picked.map(({ queryId, scores, ranking, judgments }) => {
      const { text = '', fields = {} } = texts.get(queryId) ?? {};
      return {
        queryId,
        text,
        fields,
        judgments,
        ranking,
        candidates: ranking.slice(0, depth).map((id) => ({
          id,
          score: scores.get(id) ?? 0,
          document: documents.get(id) ?? { title: '', text: '' },
        })),
      };
    }),
  };
}

/** SHA-256 of all that is scored down to `depth`: it changes when a text or an order does. */
export function fingerprintQueries(queries: readonly EvalQuery[], depth: number): string {
  const hash = createHash('sha256');
  for (const { queryId, text, candidates } of queries) {
    hash.update(JSON.stringify([queryId, text, candidates.slice(0, depth)]));
  }
  return hash.digest('hex');
}

/**
 * Reads qrels in BEIR's form, which has a header, or in TREC's, which has none.
 *
 * @throws RerankError `invalid-input` naming the line.
 */
export function parseAnyQrels(text: string): Qrels {
  return /^\s*query-id\t/.test(text) ? parseBeirQrels(text) : parseQrels(text);
}

/** The records that are wanted: id → how to name it where it is missing. */
async function readRecords<TRecord>(
  file: string,
  wanted: ReadonlyMap<string, string>,
  keep: (record: ReturnType<typeof parseBeirRecord>) => TRecord,
): Promise<Map<string, TRecord>> {
  const found = new Map<string, TRecord>();
  for await (const { number, content } of readLines(file)) {
    const record = parseBeirRecord(content, number, file);
    if (!wanted.has(record.id)) continue;
    found.set(record.id, keep(record));
    if (found.size === wanted.size) break;
  }
  for (const [id, name] of wanted) {
    if (found.has(id)) continue;
    throw new RerankError('invalid-input', `${file} lacks ${name}.`, { file, id });
  }
  return found;
}

/**
 * The file of a folder with this ending: the only one, or the one named `test`.
 *
 * @param option The option that names another.
 * @throws RerankError `invalid-input` where it is not clear which one, naming all.
 */
export async function findOnlyFile(
  folder: string,
  ending: string,
  option: string,
): Promise<string> {
  const files = await readdir(folder).catch((): string[] => []);
  const fitting = files.filter((file) => file.endsWith(ending));
  const only = fitting.includes(`test${ending}`) ? `test${ending}` : fitting[0];
  if (only !== undefined && (fitting.length === 1 || only === `test${ending}`)) {
    return join(folder, only);
  }
  throw new RerankError(
    'invalid-input',
    `${folder} holds ${fitting.length === 0 ? 'no' : fitting.length} *${ending} files: name one with ${option}. ${fitting.join(', ')}`.trim(),
    { folder },
  );
}

/** Collections are often sorted by subject. */
function spreadEvenly<TValue>(values: readonly TValue[], limit: number): TValue[] {
  const count = Math.min(limit, values.length);
  return Array.from(
    { length: count },
    (_, index) => values[Math.floor((index * values.length) / count)],
  ).filter((value) => value !== undefined);
}

function describeIds(run: Run, qrels: Qrels): string {
  const first = (ids: Iterable<string>): string => [...ids].slice(0, 3).join(', ') || 'none';
  return `The run's queries begin with ${first(run.keys())}, the judged ones with ${first(qrels.keys())}.`;
}
