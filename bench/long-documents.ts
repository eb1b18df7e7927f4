/**
 * What reading long pages by their best passages brings and costs, for docs/long-documents.md:
 *
 *   npx tsx bench/long-documents.ts [--data DIR] [--limit N] [--depth N]
 *
 * Without `--data` the documents are whole pages of the PostgreSQL manual, put together from the demo's sections, and the queries the
 * demo's. The engine runs natively (onnxruntime-node) on the shipped weights, so only ratios of tokens mean anything for a browser.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import MiniSearch from 'minisearch';
import { parseCorpus } from '../demo/corpus/corpus-record.ts';
import { openNodeReranker } from '../src/cli/node-engine.ts';
import {
  evaluateReranker,
  parseBeirQrels,
  parseBeirRecords,
  meanMetrics,
  parseRun,
  toRun,
  type Metrics,
  type Qrels,
  type Run,
} from '../src/evaluate/index.ts';
import { DEFAULT_MODEL, DEFAULT_PRIOR_WEIGHT } from '../src/shared/defaults.ts';
import type { RerankRequest, Reranker } from '../src/shared/types.ts';

interface Page {
  readonly title: string;
  readonly text: string;
}

interface Collection {
  readonly pages: ReadonlyMap<string, Page>;
  readonly queries: ReadonlyMap<string, string>;
  readonly qrels: Qrels;
  readonly run: Run;
}

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    limit: { type: 'string' },
    depth: { type: 'string', default: '20' },
    model: { type: 'string', default: DEFAULT_MODEL },
  },
});

/**
 * Tokens of a passage and passages of a document. Of one length the fewer come first: their scores are remembered, and the tokens
 * add up.
 */
const settings: readonly (readonly [tokens: number, passages: number])[] = [
  [128, 3],
  [192, 1],
  [192, 2],
  [192, 3],
  [192, 5],
  // Of whole manual pages it would take hours.
  ...(values.data === undefined ? [] : [[192, 100] as const]),
  [320, 2],
];

/** What one setting did for all queries so far. */
interface Tally {
  readonly blended: Metrics[];
  readonly alone: Metrics[];
  tokens: number;
}

const { pages, queries, qrels, run } =
  values.data === undefined ? readManual() : readBeir(values.data);
const reranker = await openNodeReranker({
  folder: join('public/models', values.model),
  threads: 2,
});
const limit = Number(values.limit ?? run.size);
const step = run.size / limit;
const asked = [...run].filter(
  (_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step),
);

const before: Metrics[] = [];
const truncated = createTally();
const byPassage = settings.map(createTally);
for (const [position, one] of asked.entries()) {
  await measure(truncated, one, {});
  let tokens = 0;
  for (const [index, [passageTokens, maxPassages]] of settings.entries()) {
    if (settings[index - 1]?.[0] !== passageTokens) tokens = 0;
    const tally = byPassage[index] ?? createTally();
    const own = { longDocuments: 'best-passage', passageTokens, maxPassages } as const;
    tokens += await measure(tally, one, own);
    tally.tokens += tokens;
  }
  process.stderr.write(`\r${position + 1} of ${asked.length} queries `);
}
await reranker.dispose();

process.stdout.write('\n| read | nDCG@10 | MRR@10 | nDCG@10, model alone | tokens a query |\n');
process.stdout.write('| --- | --: | --: | --: | --: |\n');
process.stdout.write(`| search alone | ${format(before)} | | |\n`);
writeRow('the beginning, 512 tokens', truncated);
for (const [index, [tokens, passages]] of settings.entries()) {
  const tally = byPassage[index];
  if (tally) writeRow(`${passages === 100 ? 'all' : passages} of ${tokens} tokens`, tally);
}

function createTally(): Tally {
  return { blended: [], alone: [], tokens: 0 };
}

/** @returns Tokens that were read. With truncation they are added to the tally. */
async function measure(
  tally: Tally,
  [id, scores]: readonly [string, ReadonlyMap<string, number>],
  setting: Partial<RerankRequest<Page>>,
): Promise<number> {
  let tokens = 0;
  const reading: Pick<Reranker, 'rerank'> = {
    rerank: async <TDocument extends string | object>(request: RerankRequest<TDocument>) => {
      const outcome = await reranker.rerank({
        ...request,
        longDocuments: setting.longDocuments,
        passageTokens: setting.passageTokens,
        maxPassages: setting.maxPassages,
        budgetMs: undefined,
      });
      tokens += outcome.usage.tokens;
      return outcome;
    },
  };
  for (const [list, weight] of [
    [tally.blended, DEFAULT_PRIOR_WEIGHT],
    [tally.alone, 0],
  ] as const) {
    const { means } = await evaluateReranker({
      reranker: reading,
      queries,
      readDocument: (pageId) => pages.get(pageId),
      run: new Map([[id, scores]]),
      qrels,
      depth: Number(values.depth),
      blend: { prior: 'rank', weight },
    });
    list.push(means.reranked);
    if (tally === truncated && weight === 0) before.push(means.firstStage);
  }
  if (setting.longDocuments === undefined) tally.tokens += tokens;
  return tokens;
}

function writeRow(name: string, { blended, alone, tokens }: Tally): void {
  const { ndcg } = meanMetrics(alone);
  process.stdout.write(
    `| ${name} | ${format(blended)} | ${ndcg.toFixed(3)} | ${Math.round(tokens / asked.length)} |\n`,
  );
}

function format(metrics: readonly Metrics[]): string {
  const { ndcg, reciprocalRank } = meanMetrics(metrics);
  return `${ndcg.toFixed(3)} | ${reciprocalRank.toFixed(3)}`;
}

function readManual(): Collection {
  const pages = new Map<string, Page>();
  for (const { id, title, text } of parseCorpus(
    readFileSync('demo/corpus/postgresql-15.jsonl', 'utf8'),
  )) {
    const pageId = toPageId(id);
    const page = pages.get(pageId);
    pages.set(
      pageId,
      page ? { ...page, text: `${page.text}\n\n${title}\n\n${text}` } : { title, text },
    );
  }
  const asked = JSON.parse(readFileSync('demo/queries.json', 'utf8')) as {
    readonly query: string;
    readonly expect: readonly string[];
  }[];
  const queries = new Map(asked.map(({ query }, index) => [`q${index}`, query]));
  const index = new MiniSearch({ fields: ['title', 'text'] });
  index.addAll([...pages].map(([id, page]) => ({ id, ...page })));
  const found = [...queries].map(([id, query]) => {
    const hits = index.search(query, { boost: { title: 2 } }).slice(0, 50);
    return [id, hits.map((hit) => String(hit.id))] as const;
  });
  return {
    pages,
    queries,
    qrels: new Map(
      asked.map(({ expect }, position) => [
        `q${position}`,
        new Map(expect.map((id) => [toPageId(id), 1])),
      ]),
    ),
    run: toRun(new Map(found)),
  };
}

function toPageId(sectionId: string): string {
  return sectionId.split('#')[0] ?? sectionId;
}

function readBeir(folder: string): Collection {
  const read = (...path: string[]): string => readFileSync(join(folder, ...path), 'utf8');
  const run = readdirSync(join(folder, 'runs')).find((name) => name.endsWith('.trec')) ?? '';
  return {
    pages: new Map(
      parseBeirRecords(read('corpus.jsonl')).map(({ id, title, text }) => [id, { title, text }]),
    ),
    queries: new Map(parseBeirRecords(read('queries.jsonl')).map(({ id, text }) => [id, text])),
    qrels: parseBeirQrels(read('qrels', 'test.tsv')),
    run: parseRun(read('runs', run)),
  };
}
