import {
  findQrels,
  findRun,
  formatRun,
  parseAnyQrels,
  parseBeirRecord,
  readCollection,
  readParsed,
  spreadEvenly,
  toRun,
  type BeirRecord,
  type CollectionFiles,
} from 'rerank-results/evaluate';
import { searchStaticIndex } from 'rerank-results/sources';
import { findDataFolder, openFolder, type FolderFile } from './folder-files.ts';
import type { LabSet, SetSize } from './lab-set.ts';

/** A larger corpus would take more memory and time for its index than a page should. */
const MOST_INDEXED_BYTES = 100_000_000;

/**
 * Reads a BEIR folder as `npx rerank-results eval` does. Where it has no run, its corpus is searched by BM25 for one.
 *
 * @throws RerankError `invalid-input` naming the file, and the line, query or document that is wrong.
 */
export async function readFolder(files: readonly FolderFile[], size: SetSize): Promise<LabSet> {
  const data = findDataFolder(files.map(({ path }) => path));
  const folder = openFolder(files);
  const runs = await folder.list(data === '' ? 'runs' : `${data}/runs`);
  if (runs.length > 0) {
    const run = await findRun(folder, data);
    return readSet(folder, { data, run, firstStage: run, ...size });
  }
  const corpus = files.find(({ path }) => path === join(data, 'corpus.jsonl'));
  if (corpus && corpus.file.size > MOST_INDEXED_BYTES) {
    const megabytes = Math.round(corpus.file.size / 1e6);
    throw new Error(
      `${corpus.path} has ${megabytes} MB, which is too much to search in a page. Write what your search finds into ${join(data, 'runs/search.trec')}.`,
    );
  }
  const { text, judgedQueries, unfoundQueries } = await searchCorpus(folder, data, size);
  const run = join(data, 'runs/BM25');
  const withRun: CollectionFiles = {
    ...folder,
    readText: (file) => (file === run ? Promise.resolve(text) : folder.readText(file)),
  };
  const firstStage = 'BM25 by MiniSearch, in this page';
  const set = await readSet(withRun, { data, run, firstStage, ...size });
  return { ...set, judgedQueries, unfoundQueries };
}

async function readSet(
  folder: CollectionFiles,
  {
    data,
    run,
    firstStage,
    queries: limit,
    candidates: depth,
  }: SetSize & { readonly data: string; readonly run: string; readonly firstStage: string },
): Promise<LabSet> {
  const { queries, judgedQueries } = await readCollection(folder, { data, run, depth, limit });
  const name = data === '' ? 'Your folder' : data;
  return { name, firstStage, queries, judgedQueries, unfoundQueries: 0 };
}

/** Some of the judged queries, searched in the whole corpus: a run, as a file would have it. */
async function searchCorpus(
  folder: CollectionFiles,
  data: string,
  { queries: count, candidates }: SetSize,
): Promise<{
  readonly text: string;
  readonly judgedQueries: number;
  readonly unfoundQueries: number;
}> {
  const qrelsFile = await findQrels(folder, data);
  const qrels = await readParsed(folder, qrelsFile, parseAnyQrels);
  const queries = await readRecords(folder, join(data, 'queries.jsonl'));
  const judged = queries.filter(({ id }) => qrels.has(id));
  if (judged.length === 0) {
    throw new Error(`No query of ${join(data, 'queries.jsonl')} has judgments in ${qrelsFile}.`);
  }
  const records = await readRecords(folder, join(data, 'corpus.jsonl'));
  const list = URL.createObjectURL(new Blob([JSON.stringify(records)]));
  const search = searchStaticIndex(list, { maxBytes: Number.MAX_SAFE_INTEGER });
  await search.load();
  URL.revokeObjectURL(list);
  const { signal } = new AbortController();
  const picked = spreadEvenly(judged, count);
  const found = new Map<string, readonly string[]>();
  for (const { id, text } of picked) {
    const results = (await search(text, { limit: candidates, signal })) as readonly BeirRecord[];
    if (results.length > 0) {
      found.set(
        id,
        results.map((result) => result.id),
      );
    }
  }
  if (found.size === 0) throw new Error('The search found nothing for any of the judged queries.');
  return {
    text: formatRun(toRun(found), 'bm25'),
    judgedQueries: judged.length,
    unfoundQueries: picked.length - found.size,
  };
}

/** @throws RerankError `invalid-input` naming the line, also of an id that comes twice. */
async function readRecords(folder: CollectionFiles, file: string): Promise<BeirRecord[]> {
  const seen = new Set<string>();
  const records: BeirRecord[] = [];
  for await (const { number, content } of folder.readLines(file)) {
    const { id, title, text } = parseBeirRecord(content, number, file);
    if (seen.has(id)) throw new Error(`Line ${number} of the ${file} repeats the id ${id}.`);
    seen.add(id);
    records.push({ id, title, text });
  }
  return records;
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
