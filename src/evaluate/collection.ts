import { RerankError } from '../shared/errors.ts';
import { parseBeirQrels, parseBeirRecord } from './beir.ts';
import type { Line } from './lines.ts';
import { orderByScore, type Judgments, type Qrels, type Run } from './metrics.ts';
import { parseQrels, parseRun } from './trec.ts';

/** Where the files of a collection are: a disk, or what a reader gave to a page. */
export interface CollectionFiles {
  /** Names of the files in a folder; none where there is no such folder. */
  list(folder: string): Promise<readonly string[]>;
  /** @throws RerankError `invalid-input` naming the file, where it cannot be read. */
  readText(file: string): Promise<string>;
  /**
   * The lines that are not blank, one after another, so that a file may be larger than memory.
   *
   * @throws RerankError `invalid-input` naming the file, where it cannot be read.
   */
  readLines(file: string): AsyncIterable<Line>;
  /** What to do where a folder has no such file, or several: follows a colon in the error. */
  adviseChoice(kind: 'run' | 'qrels'): string;
}

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
  /** The folder, in the layout of the BEIR collections. Empty where its files stand in none. */
  readonly data: string;
  /** Default: the only `.trec` in the folder's `runs`, or its `test.trec`. */
  readonly run?: string | undefined;
  /** Default: the only `.tsv` in the folder's `qrels`, or its `test.tsv`. */
  readonly qrels?: string | undefined;
  /** How many of a query's documents are read, from the top: 1 or more. */
  readonly depth: number;
  /** How many of the judged queries are taken, spread over all. Default: all. */
  readonly limit?: number | undefined;
}

/**
 * Reads a collection. Of the corpus only the documents that will be reranked are kept: it is read line
 * by line, and may be larger than memory.
 *
 * @throws RerankError `invalid-input` naming the file, and the line, query or document that is wrong.
 */
export async function readCollection(
  files: CollectionFiles,
  options: CollectionOptions,
): Promise<Collection> {
  const { data, depth, limit = Number.POSITIVE_INFINITY } = options;
  const qrelsFile = options.qrels ?? (await findQrels(files, data));
  const runFile = options.run ?? (await findRun(files, data));
  const qrels = await readParsed(files, qrelsFile, parseAnyQrels);
  const run = await readParsed(files, runFile, parseRun);
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
    files,
    joinPath(data, 'queries.jsonl'),
    new Map(picked.map(({ queryId }) => [queryId, `the query ${queryId} of ${runFile}`])),
    ({ text, fields }) => ({ text, fields }),
  );
  const documents = await readRecords(
    files,
    joinPath(data, 'corpus.jsonl'),
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
  files: CollectionFiles,
  file: string,
  wanted: ReadonlyMap<string, string>,
  keep: (record: ReturnType<typeof parseBeirRecord>) => TRecord,
): Promise<Map<string, TRecord>> {
  const found = new Map<string, TRecord>();
  for await (const { number, content } of files.readLines(file)) {
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
 * Path of a collection's judgments: the only `.tsv` in `qrels`, or `test.tsv`.
 *
 * @throws RerankError `invalid-input` where there is none, or not clear which one.
 */
export function findQrels(files: CollectionFiles, data: string): Promise<string> {
  return findOnlyFile(files, joinPath(data, 'qrels'), '.tsv', 'qrels');
}

/**
 * Path of a collection's run: the only `.trec` in `runs`, or `test.trec`.
 *
 * @throws RerankError `invalid-input` where there is none, or not clear which one.
 */
export function findRun(files: CollectionFiles, data: string): Promise<string> {
  return findOnlyFile(files, joinPath(data, 'runs'), '.trec', 'run');
}

/**
 * The file of a folder with this ending: the only one, or the one named `test`.
 *
 * @throws RerankError `invalid-input` where it is not clear which one, naming all.
 */
async function findOnlyFile(
  files: CollectionFiles,
  folder: string,
  ending: string,
  kind: 'run' | 'qrels',
): Promise<string> {
  const fitting = (await files.list(folder)).filter((file) => file.endsWith(ending));
  const only = fitting.includes(`test${ending}`) ? `test${ending}` : fitting[0];
  if (only !== undefined && (fitting.length === 1 || only === `test${ending}`)) {
    return joinPath(folder, only);
  }
  throw new RerankError(
    'invalid-input',
    `${folder} holds ${fitting.length === 0 ? 'no' : fitting.length} *${ending} files: ${files.adviseChoice(kind)}. ${fitting.join(', ')}`.trim(),
    { folder },
  );
}

/**
 * Reads a file and parses it.
 *
 * @throws RerankError `invalid-input` naming the file, where it cannot be read or parsed.
 */
export async function readParsed<TValue>(
  files: CollectionFiles,
  file: string,
  parse: (text: string) => TValue,
): Promise<TValue> {
  const text = await files.readText(file);
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof RerankError)) throw error;
    throw new RerankError(error.code, `${file}: ${error.message}`, { ...error.details, file });
  }
}

function joinPath(folder: string, name: string): string {
  return folder === '' ? name : `${folder.replace(/\/$/, '')}/${name}`;
}

/** At most `limit` of the values, spread over all: collections are often sorted by subject. */
export function spreadEvenly<TValue>(values: readonly TValue[], limit: number): TValue[] {
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
