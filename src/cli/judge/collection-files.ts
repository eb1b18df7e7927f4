import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { orderByScore, type Qrels } from '../../evaluate/metrics.ts';
import { formatRun, toRun } from '../../evaluate/trec.ts';
import { RerankError } from '../../shared/errors.ts';
import type { JudgeDocument } from './first-stage.ts';
import type { JudgeQuery } from './read-queries.ts';

/** A query with its results, best first. */
export interface SearchedQuery {
  readonly query: JudgeQuery;
  /** Document ids in the search's own order. */
  readonly firstStage: readonly string[];
  /** The search's own score of each of them, where all have one. */
  readonly scores?: readonly number[];
}

/** Where the files of a BEIR folder are. */
export const FILES = {
  corpus: 'corpus.jsonl',
  queries: 'queries.jsonl',
  qrels: 'qrels/test.tsv',
  run: 'runs/first-stage.trec',
  settings: 'judge.json',
} as const;

/** Documents as lines of `corpus.jsonl`. */
export function formatDocuments(documents: Iterable<JudgeDocument>): string {
  return toJsonLines(Array.from(documents, ({ id, ...rest }) => ({ _id: id, ...rest })));
}

/** Documents of a `corpus.jsonl` that {@link formatDocuments} wrote. */
export function readDocuments(path: string): JudgeDocument[] {
  return readJsonLines<Omit<JudgeDocument, 'id'> & { _id: string }>(path).map(
    ({ _id: id, ...rest }) => ({ id, ...rest }),
  );
}

/** Queries as lines of `queries.jsonl`. */
export function formatQueries(searched: Iterable<SearchedQuery>): string {
  return toJsonLines(Array.from(searched, ({ query: { id, text } }) => ({ _id: id, text })));
}

/**
 * The search's own orders as a TREC run, with the search's scores. Where a query's scores are missing, or give
 * another order than the search did (as equal ones may), its places stand for them.
 */
export function formatFirstStage(searched: Iterable<SearchedQuery>): string {
  const queries = [...searched];
  const places = toRun(new Map(queries.map(({ query, firstStage }) => [query.id, firstStage])));
  const run = queries.map(({ query, firstStage, scores = [] }) => {
    const scored = new Map(scores.map((score, index) => [firstStage[index] ?? '', score]));
    const order = orderByScore(scored);
    const isSame = firstStage.every((id, index) => order[index] === id);
    return [query.id, (isSame ? scored : places.get(query.id)) ?? scored] as const;
  });
  return formatRun(new Map(run), 'first-stage');
}

/** Judgments as BEIR's qrels: tabs below a header. */
export function formatBeirQrels(grades: Qrels): string {
  const lines = [...grades].flatMap(([queryId, ofQuery]) =>
    [...ofQuery].map(([documentId, grade]) => `${queryId}\t${documentId}\t${grade}\n`),
  );
  return `query-id\tcorpus-id\tscore\n${lines.join('')}`;
}

/**
 * Makes the folder `folder` ours, or checks that it is.
 *
 * @throws RerankError `invalid-input` where it was made with other settings, or holds another collection.
 */
export function claimFolder(
  folder: string,
  settings: Readonly<Record<string, string | number>>,
): void {
  const path = join(folder, FILES.settings);
  if (!existsSync(path)) {
    if (existsSync(join(folder, FILES.corpus))) {
      throw new RerankError(
        'invalid-input',
        `${folder} holds a collection that "judge" did not make: name another folder with --out.`,
      );
    }
    replaceFile(path, `${JSON.stringify(settings, undefined, 2)}\n`);
    return;
  }
  const former = JSON.parse(readFileSync(path, 'utf8')) as typeof settings;
  const changed = Object.keys(settings).find((key) => former[key] !== settings[key]);
  if (changed === undefined) return;
  throw new RerankError(
    'invalid-input',
    `${folder} was begun with ${changed} ${former[changed]}, not ${settings[changed]}: two kinds of judgments do not mix. Name another folder with --out, or take the former setting.`,
  );
}

/** The objects of a file; none where it is missing. A last line that was cut off is left out. */
export function readJsonLines<TLine>(path: string): TLine[] {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8');
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as TLine);
}

/** One JSON object a line. */
export function toJsonLines(values: readonly object[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

/** Writes a file whose readers see the old text or the new one, never a part. Makes its folder. */
export function replaceFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}
