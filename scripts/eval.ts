/**
 * Measures a model on a test collection of the BEIR layout: `corpus.jsonl`, `queries.jsonl`,
 * `qrels/test.tsv`, and a first stage as a TREC run. See `USAGE`.
 */
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  evaluateReranker,
  formatRun,
  parseBeirQrels,
  parseBeirRecords,
  parseRun,
  toRun,
  type Evaluation,
  type Qrels,
  type Run,
} from '../src/evaluate/index.ts';
import { DEFAULT_MODEL } from '../src/shared/defaults.ts';
import type { Dtype, ModelInfo } from '../src/shared/types.ts';
import { openNodeReranker } from './node-engine.ts';

const USAGE = `npm run eval -- --data DIR [options]
  --data DIR             the collection: corpus.jsonl, queries.jsonl, qrels/test.tsv
  --run FILE             the first stage; default: the only file in DIR/runs/*.trec
  --depth N              documents to rerank for each query; default 100
  --model ID             default ${DEFAULT_MODEL}
  --models DIR           folder that holds model folders; default public/models
  --dtype DTYPE          default: the first in the manifest
  --max-tokens N         most tokens in a pair, 16 or more; default: the model's limit
  --threads N            threads of the native runtime; default 1
  --relevance-level N    least grade that counts for MRR and recall; default 1
  --limit N              that many of the judged queries, evenly spread over the run
  --out FILE             write the reranked run
`;

const { values: flags } = parseArgs({
  options: {
    data: { type: 'string' },
    run: { type: 'string' },
    depth: { type: 'string', default: '100' },
    model: { type: 'string', default: DEFAULT_MODEL },
    models: { type: 'string', default: 'public/models' },
    dtype: { type: 'string', default: 'auto' },
    'max-tokens': { type: 'string' },
    threads: { type: 'string', default: '1' },
    'relevance-level': { type: 'string', default: '1' },
    limit: { type: 'string' },
    out: { type: 'string' },
  },
});
if (flags.data === undefined) throw new Error(`--data is missing.\n${USAGE}`);

const data = flags.data;
const read = (...path: string[]): Promise<string> => readFile(join(data, ...path), 'utf8');
const runFile = flags.run ?? (await findRun(join(data, 'runs')));
const qrels = parseBeirQrels(await read('qrels', 'test.tsv'));
const run = pickQueries(
  parseRun(await readFile(runFile, 'utf8')),
  qrels,
  readCount('limit', flags.limit) ?? Number.POSITIVE_INFINITY,
);
const corpus = new Map(parseBeirRecords(await read('corpus.jsonl')).map((each) => [each.id, each]));
const queries = parseBeirRecords(await read('queries.jsonl'));

const reranker = await openNodeReranker({
  folder: join(flags.models, flags.model),
  dtype: flags.dtype as Dtype | 'auto',
  maxTokens: readCount('max-tokens', flags['max-tokens'], 16),
  threads: readCount('threads', flags.threads),
});
await reranker.warmup();
const cpuStart = process.cpuUsage();
const evaluation = await evaluateReranker({
  reranker,
  queries: new Map(queries.map(({ id, text }) => [id, text])),
  readDocument: (id) => corpus.get(id),
  run,
  qrels,
  depth: readCount('depth', flags.depth),
  relevanceLevel: readCount('relevance-level', flags['relevance-level']),
  onQuery: ({ queryId, durationMs }, done, total) => {
    process.stderr.write(`${done}/${total} ${queryId} ${durationMs.toFixed(0)} ms\n`);
  },
});
const cpu = process.cpuUsage(cpuStart);
process.stdout.write(formatReport(evaluation, reranker.model, (cpu.user + cpu.system) / 1e6));
if (flags.out !== undefined) {
  const rankings = new Map(evaluation.queries.map(({ queryId, ranking }) => [queryId, ranking]));
  await writeFile(flags.out, formatRun(toRun(rankings), `rerank-${reranker.model.id}`));
}
await reranker.dispose();

function readCount(name: string, text: string | undefined, least = 1): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  if (Number.isInteger(count) && count >= least) return count;
  throw new Error(`--${name} must be a whole number of ${least} or more, but is "${text}".`);
}

async function findRun(folder: string): Promise<string> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.trec'));
  const [only, ...others] = files;
  if (only !== undefined && others.length === 0) return join(folder, only);
  throw new Error(`${folder} holds ${files.length} runs: name one with --run. ${files.join(', ')}`);
}

/** Judged queries only, evenly spread: collections are often sorted by subject. */
function pickQueries(all: Run, judgments: Qrels, limit: number): Run {
  const judged = [...all].filter(([queryId]) => judgments.has(queryId));
  const count = Math.min(limit, judged.length);
  const picked = Array.from(
    { length: count },
    (_, index) => judged[Math.floor((index * judged.length) / count)],
  );
  return new Map(picked.flatMap((entry) => (entry ? [entry] : [])));
}

function formatReport(
  { means, queries: evaluated, pairsPerSecond, p50Ms, p95Ms }: Evaluation,
  { id, dtype, maxTokens, threads }: ModelInfo,
  cpuSeconds: number,
): string {
  const pairs = evaluated.reduce((total, query) => total + query.pairs, 0);
  const row = (name: string, values: readonly string[]): string =>
    `${name.padEnd(14)}${values.map((value) => value.padStart(11)).join('')}\n`;
  const rows = [
    ['first stage', means.firstStage] as const,
    ['reranked', means.reranked] as const,
    [`oracle@${flags.depth}`, means.oracle] as const,
  ].map(([name, { ndcg, reciprocalRank, recall }]) =>
    row(
      name,
      [ndcg, reciprocalRank, recall].map((value) => value.toFixed(4)),
    ),
  );
  const worse = evaluated.filter(({ metrics }) => metrics.reranked.ndcg < metrics.firstStage.ndcg);
  return [
    `${id} ${dtype}, ${maxTokens} tokens, depth ${flags.depth}, ${runFile}\n\n`,
    row('', ['nDCG@10', 'MRR@10', 'recall@10']),
    ...rows,
    `\n${evaluated.length} queries, ${worse.length} of them worse than the first stage by nDCG@10\n`,
    `${pairsPerSecond.toFixed(1)} pairs/s on ${threads} native thread(s), `,
    `${(pairs / cpuSeconds).toFixed(1)} pairs for each second of CPU time\n`,
    `a query takes ${p50Ms.toFixed(0)} ms (p50), ${p95Ms.toFixed(0)} ms (p95)\n`,
  ].join('');
}
