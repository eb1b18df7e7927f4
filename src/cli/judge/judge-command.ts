import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseClicks } from '../../evaluate/clicks.ts';
import { DEFAULT_MODEL } from '../../shared/defaults.ts';
import type { Dtype } from '../../shared/types.ts';
import type { Manifest } from '../../worker/model/manifest.ts';
import { computeBaseRevision } from '../calibrate/write-calibration.ts';
import { UsageError, type Command } from '../command.ts';
import { parseFile } from '../eval/input-files.ts';
import { openNodeReranker } from '../node-engine.ts';
import { locateInPackage } from '../package-files.ts';
import { readCount } from '../read-flags.ts';
import { openCollection, openEndpoint, type FirstStage } from './first-stage.ts';
import { judgeClicks } from './judge-clicks.ts';
import { serveSession } from './judge-server.ts';
import { JudgeSession } from './judge-session.ts';
import { JudgedCollection } from './judged-collection.ts';
import { readQueries, type JudgeQuery } from './read-queries.ts';

const options = {
  queries: { type: 'string' },
  clicks: { type: 'string' },
  data: { type: 'string' },
  run: { type: 'string' },
  endpoint: { type: 'string' },
  out: { type: 'string', default: 'judged' },
  depth: { type: 'string' },
  candidates: { type: 'string' },
  'min-impressions': { type: 'string' },
  model: { type: 'string', default: DEFAULT_MODEL },
  models: { type: 'string' },
  dtype: { type: 'string', default: 'auto' },
  'max-tokens': { type: 'string' },
  threads: { type: 'string' },
  port: { type: 'string' },
} as const;

/** `rerank-results judge`. */
export const judgeCommand: Command = {
  usage: `Usage: rerank-results judge --queries FILE (--endpoint URL | --data DIR) [options]
       rerank-results judge --clicks FILE (--endpoint URL | --data DIR) [options]

Makes a judged collection of a site's own queries, for "rerank-results eval" and "calibrate". The first form
serves a page on this machine where a person grades results; the second reads grades from a click log.

  --queries FILE         one query a line, or JSON lines with text and maybe _id; default with --data:
                         its queries.jsonl
  --clicks FILE          a click log, JSON lines: query, id, rank, shown (ids down to it), and maybe run
  --endpoint URL         your search, with {query} and {candidates}, as the element's endpoint
  --data DIR             or results that are written down: corpus.jsonl, queries.jsonl, runs/*.trec
  --run FILE             with --data; default: the only file in DIR/runs/*.trec
  --out DIR              where the collection is made or continued; default judged
  --candidates N         how many results of your search are reranked and kept; default 50
  --depth N              to judge: the first N of the search, of the model, of the element's mixture; default 10
  --min-impressions N    with --clicks: that many looks at a result make a judgment; default 2
  --model ID             default ${DEFAULT_MODEL}
  --models DIR           the folder that holds model folders; default: this package's
  --dtype DTYPE          default: the first in the manifest
  --max-tokens N         most tokens in a pair; default: the model's limit
  --threads N            default 1
  --port N               of the page; default: any that is free
`,
  async run(args) {
    const { values: flags } = parseArgs({ args, options });
    if ((flags.data === undefined) === (flags.endpoint === undefined)) {
      throw new UsageError('Give --endpoint or --data: one of the two.');
    }
    if (flags.queries !== undefined && flags.clicks !== undefined) {
      throw new UsageError('Give --queries or --clicks: one of the two.');
    }
    if (flags.endpoint !== undefined && flags.queries === undefined && flags.clicks === undefined) {
      throw new UsageError('--queries or --clicks is missing.');
    }
    const candidates = readCount('candidates', flags.candidates) ?? 50;
    const firstStage =
      flags.endpoint === undefined
        ? await openCollection(flags.data ?? '', flags.run)
        : openEndpoint(flags.endpoint);
    if (flags.clicks !== undefined) {
      const report = await judgeClicks({
        clicks: await parseFile(flags.clicks, parseClicks),
        firstStage,
        folder: flags.out,
        candidates,
        minImpressions: readCount('min-impressions', flags['min-impressions']),
      });
      process.stdout.write(report);
      return undefined;
    }
    const queriesFile = flags.queries ?? join(flags.data ?? '', 'queries.jsonl');
    const queries = await parseFile(queriesFile, (text) => readQueries(text, firstStage.queryIds));
    await judgeByHand(queries, {
      firstStage,
      folder: flags.out,
      candidates,
      depth: readCount('depth', flags.depth) ?? 10,
      modelFolder: join(flags.models ?? locateInPackage('public', 'models'), flags.model),
      dtype: flags.dtype as Dtype | 'auto',
      maxTokens: readCount('max-tokens', flags['max-tokens'], 16),
      threads: readCount('threads', flags.threads),
      port: readCount('port', flags.port, 0),
    });
    return undefined;
  },
};

interface HandOptions {
  readonly firstStage: FirstStage;
  readonly folder: string;
  readonly candidates: number;
  readonly depth: number;
  readonly modelFolder: string;
  readonly dtype: Dtype | 'auto';
  readonly maxTokens: number | undefined;
  readonly threads: number | undefined;
  readonly port: number | undefined;
}

/** Serves the page until the process is asked to end. */
async function judgeByHand(queries: readonly JudgeQuery[], given: HandOptions): Promise<void> {
  const { firstStage, folder, candidates, depth, modelFolder, dtype, maxTokens, threads } = given;
  await using reranker = await openNodeReranker({ folder: modelFolder, dtype, maxTokens, threads });
  const manifest = await parseFile(
    join(modelFolder, 'manifest.json'),
    (text) => JSON.parse(text) as Manifest,
  );
  const collection = new JudgedCollection(folder, {
    source: firstStage.name,
    model: manifest.id,
    // A calibration changes the revision, but no order.
    revision: computeBaseRevision(manifest),
    depth,
    candidates,
  });
  const session = new JudgeSession({
    queries,
    firstStage,
    reranker,
    collection,
    depth,
    candidates,
  });
  await using server = await serveSession(session, given.port);
  process.stdout.write(
    `Judge at ${server.url}\nThe judgments of ${queries.length} queries go to ${folder}. Ctrl+C ends it; the same command goes on.\n`,
  );
  let ended = false;
  const end = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  }).then(() => {
    ended = true;
  });
  const prepared = session.prepareAll((query, done, problem) => {
    if (ended) return;
    const why = problem === undefined ? '' : `: ${problem}`;
    process.stderr.write(`${done}/${queries.length} ${query.text}${why}\n`);
  });
  await end;
  session.stop();
  await prepared;
  const graded = queries.reduce((sum, { id }) => sum + collection.countGrades(id), 0);
  process.stdout.write(`\nGrades: ${graded}, in ${join(folder, 'qrels', 'test.tsv')}.\n`);
}
