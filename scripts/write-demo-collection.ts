/**
 * Writes the demo's queries, its corpus and what its search finds as a collection that `npm run eval` reads:
 *
 *   npx tsx scripts/write-demo-collection.ts DIR
 *
 * The expected sections were chosen by us with the search at hand: the numbers show what the demo does, no more.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCorpus } from '../demo/corpus/corpus-record.ts';
import { createSearchIndex } from '../demo/server/search-index.ts';
import { formatRun, toRun } from '../src/evaluate/index.ts';

interface DemoQuery {
  readonly query: string;
  readonly expect: readonly string[];
}

const CANDIDATES = 50;

const folder = process.argv[2];
if (folder === undefined) throw new Error('Name the folder to write.');
const records = parseCorpus(readFileSync('demo/corpus/postgresql-15.jsonl', 'utf8'));
const index = createSearchIndex(records);
const queries = (JSON.parse(readFileSync('demo/queries.json', 'utf8')) as DemoQuery[]).map(
  (query, position) => ({ ...query, id: `q${position + 1}` }),
);
const found = new Map(
  queries.map(({ id, query }) => [
    id,
    index.search(query, CANDIDATES).results.map((record) => record.id),
  ]),
);

const toLines = (values: readonly object[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('');
for (const part of ['qrels', 'runs']) mkdirSync(join(folder, part), { recursive: true });
writeFileSync(
  join(folder, 'corpus.jsonl'),
  toLines(records.map(({ id, title, text }) => ({ _id: id, title, text }))),
);
writeFileSync(
  join(folder, 'queries.jsonl'),
  toLines(queries.map(({ id, query }) => ({ _id: id, text: query }))),
);
writeFileSync(
  join(folder, 'qrels', 'test.tsv'),
  [
    'query-id\tcorpus-id\tscore',
    ...queries.flatMap(({ id, expect }) => expect.map((each) => `${id}\t${each}\t1`)),
    '',
  ].join('\n'),
);
writeFileSync(join(folder, 'runs', 'search.trec'), formatRun(toRun(found), 'minisearch'));
