import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sigmoid } from '../../src/shared/calibration.ts';
import type { Reranker } from '../../src/shared/types.ts';

const words = ['index', 'vacuum', 'backup', 'role', 'query', 'trigger', 'view', 'lock', 'cursor'];

/** Numbers of 0 to 1 that look random and are the same each time: the golden ratio's multiples. */
export const spread = (index: number): number => (0.5 + index * 0.618_033_988_749_895) % 1;

/**
 * Writes a judged BEIR folder: ten queries, thirty documents each. A document is relevant with the chance
 * `sigmoid(4 · (logit − middle))`, for a model's own logits, so that they tell something about relevance.
 */
export async function writeJudgedFolder(folder: string, reranker: Reranker): Promise<void> {
  mkdirSync(join(folder, 'qrels'), { recursive: true });
  mkdirSync(join(folder, 'runs'), { recursive: true });
  const queries = Array.from({ length: 10 }, (_, index) => ({
    _id: `q${index}`,
    text: `${words[index % words.length]} ${index}`,
  }));
  const corpus = Array.from({ length: 30 }, (_, index) => ({
    _id: `d${index}`,
    title: `${words[index % 7]} ${index}`,
    text: words.map((word, place) => `${word} ${index * place}`).join(' '),
  }));
  const pairs: { query: string; document: string; logit: number }[] = [];
  for (const { _id: query, text } of queries) {
    const { results } = await reranker.rerank({ query: text, documents: corpus });
    for (const { document, logit } of results) {
      pairs.push({ query, document: document._id, logit });
    }
  }
  const middle = pairs.map(({ logit }) => logit).toSorted((a, b) => a - b)[150] ?? 0;
  const qrels = pairs.map(({ query, document, logit }, index) => {
    const relevant = spread(index) < sigmoid(4 * (logit - middle));
    return `${query}\t${document}\t${Number(relevant)}\n`;
  });
  const run = pairs.map(({ query, document }, index) => `${query} Q0 ${document} 1 ${-index} a\n`);
  const toLines = (records: readonly object[]): string =>
    records.map((record) => `${JSON.stringify(record)}\n`).join('');
  writeFileSync(join(folder, 'queries.jsonl'), toLines(queries));
  writeFileSync(join(folder, 'corpus.jsonl'), toLines(corpus));
  writeFileSync(join(folder, 'qrels', 'test.tsv'), `query-id\tcorpus-id\tscore\n${qrels.join('')}`);
  writeFileSync(join(folder, 'runs', 'first.trec'), run.join(''));
}

/** A copy of the tiny model that a test may change; returns the folder of model folders. */
export function copyTinyModel(folder: string): string {
  const source = fileURLToPath(new URL('../models/tiny-bert', import.meta.url));
  cpSync(source, join(folder, 'models', 'tiny-bert'), { recursive: true });
  return join(folder, 'models');
}
