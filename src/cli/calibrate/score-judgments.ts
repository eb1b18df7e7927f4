import { join } from 'node:path';
import { parseBeirRecords } from '../../evaluate/beir.ts';
import type { JudgedPair } from '../../evaluate/calibrate.ts';
import { findRun, parseAnyQrels } from '../../evaluate/collection.ts';
import { orderByScore, takeTop, type Qrels } from '../../evaluate/metrics.ts';
import { parseRun } from '../../evaluate/trec.ts';
import type { Reranker } from '../../shared/types.ts';
import { NODE_FILES, parseFile } from '../eval/input-files.ts';

/** Which judgments of a collection are read. */
export interface JudgmentOptions {
  /** Default: `qrels/test.tsv`. */
  readonly qrelsFile: string | undefined;
  /** How deep in the run the unjudged are taken as irrelevant; not at all where undefined. */
  readonly unjudgedDepth: number | undefined;
  /** Default: the only file in `runs/*.trec`. Read with `unjudgedDepth` only. */
  readonly runFile: string | undefined;
}

/** The judgments, with the unjudged of each judged query's run as grade 0 where that is wanted. */
export async function readJudgments(
  data: string,
  { qrelsFile, unjudgedDepth, runFile }: JudgmentOptions,
): Promise<Qrels> {
  const qrels = await parseFile(qrelsFile ?? join(data, 'qrels', 'test.tsv'), parseAnyQrels);
  if (unjudgedDepth === undefined) return qrels;
  const runPath = runFile ?? (await findRun(NODE_FILES, data));
  const run = await parseFile(runPath, parseRun);
  return new Map(
    [...qrels].map(([queryId, judgments]) => {
      const top = takeTop(orderByScore(run.get(queryId) ?? new Map()), unjudgedDepth);
      // Judgments come last and win.
      return [queryId, new Map([...top.map((id) => [id, 0] as const), ...judgments])];
    }),
  );
}

/** Scores all judged pairs whose texts the collection has. Progress goes to the standard error. */
export async function scoreJudgments(
  data: string,
  qrels: Qrels,
  relevanceLevel: number,
  reranker: Reranker,
): Promise<JudgedPair[]> {
  const queries = await parseFile(join(data, 'queries.jsonl'), parseBeirRecords);
  const texts = new Map(queries.map(({ id, text }) => [id, text]));
  const records = await parseFile(join(data, 'corpus.jsonl'), parseBeirRecords);
  const corpus = new Map(records.map((record) => [record.id, record]));
  const pairs: JudgedPair[] = [];
  let missing = 0;
  let done = 0;
  for (const [queryId, judgments] of qrels) {
    const query = texts.get(queryId);
    // A grade below 0 says that nobody judged.
    const judged = [...judgments].flatMap(([id, grade]) => {
      const document = corpus.get(id);
      return query !== undefined && document && grade >= 0 ? [{ document, grade }] : [];
    });
    missing += judgments.size - judged.length;
    const documents = judged.map(({ document }) => document);
    if (query !== undefined && documents.length > 0) {
      const { results } = await reranker.rerank({ query, documents });
      for (const { index, logit } of results) {
        const relevant = (judged[index]?.grade ?? 0) >= relevanceLevel;
        pairs.push({ queryId, logit, relevant });
      }
    }
    done += 1;
    process.stderr.write(`${done}/${qrels.size} queries, ${pairs.length} pairs\n`);
  }
  if (missing > 0) {
    process.stderr.write(
      `Left out ${missing} judgments: no text in corpus.jsonl or queries.jsonl, or a grade below 0.\n`,
    );
  }
  return pairs;
}
