import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Blend } from '../../shared/blend.ts';
import {
  DEFAULT_MAX_PASSAGES,
  DEFAULT_MODEL,
  DEFAULT_PRIOR_WEIGHT,
} from '../../shared/defaults.ts';
import type { Device, Dtype, LongDocuments } from '../../shared/types.ts';
import { UsageError } from '../command.ts';
import { locateInPackage } from '../package-files.ts';
import { readCount, readShare } from '../read-flags.ts';
import { parseGate, type Gate } from './gates.ts';
import {
  CHOICE_KEYS,
  listOverruled,
  readRerankerChoice,
  type RerankerChoice,
} from './reranker-choice.ts';

/** What decides a candidate's score and place. Two of them can be compared on one run. */
export interface EvalSetting {
  readonly reranker: RerankerChoice;
  /** Of no meaning where `reranker` is no single model. */
  readonly model: string;
  /** The folder that holds the model's folder. */
  readonly models: string;
  readonly runtime: 'node' | 'chromium';
  readonly device: Device | 'auto';
  readonly dtype: Dtype | 'auto';
  /** Candidates of each query that are reranked. */
  readonly depth: number;
  readonly prior: Blend['prior'];
  readonly weight: Blend['weight'];
  /** The model's own limit where absent. */
  readonly maxTokens?: number | undefined;
  /** How documents are read that are longer than the model reads. */
  readonly longDocuments: Exclude<LongDocuments, 'error'>;
  /** See the request's option. */
  readonly maxPassages?: number | undefined;
  /** Node: 1 where absent. Chromium: what the library chooses where absent. */
  readonly threads?: number | undefined;
}

/** A whole call of the command. */
export interface EvalOptions {
  readonly data: string;
  readonly run: string | undefined;
  readonly qrels: string | undefined;
  readonly limit: number | undefined;
  readonly relevanceLevel: number;
  readonly segment: string | undefined;
  readonly setting: EvalSetting;
  /** The setting to compare with, and how it was written. */
  readonly versus: { readonly text: string; readonly setting: EvalSetting } | undefined;
  readonly out: string | undefined;
  readonly resume: boolean;
  readonly gates: readonly Gate[];
  readonly json: boolean;
  readonly browser: string | undefined;
  readonly browserArguments: readonly string[];
}

export const EVAL_USAGE = `Usage: rerank-results eval --data DIR [options]

Reranks a first stage's results for judged queries and says what that does to their order.

Data
  --data DIR             a BEIR folder: corpus.jsonl, queries.jsonl, qrels/test.tsv
  --run FILE             the first stage, a TREC run; default: the only *.trec file in DIR/runs
  --qrels FILE           judgments, in BEIR's or TREC's form; default: DIR/qrels/test.tsv
  --depth N              candidates of each query to rerank; default 100
  --limit N              that many of the judged queries, evenly spread over the run
  --relevance-level N    least grade that counts as relevant for all but nDCG; default 1

Order
  --prior-weight W       how much the first stage counts, 0 (the model alone) to 1; default ${DEFAULT_PRIOR_WEIGHT}, the element's
  --prior PRIOR          the first stage's rank (default) or its score

Model
  --model ID             default ${DEFAULT_MODEL}
  --models DIR           the folder that holds model folders; default: this package's
  --runtime RUNTIME      node (default): the same engine in Node; chromium: the built library in a browser
  --device DEVICE        auto (default), wasm, or with --runtime chromium webgpu
  --dtype DTYPE          auto (default: the first in the model's manifest), fp32, fp16, q8 or q4
  --max-tokens N         most tokens in a pair, 16 or more; default: the model's limit
  --long-documents HOW   truncate (default): the model reads their beginning; best-passage: their best passage counts
  --max-passages N       with best-passage: how many of a document are read; default ${DEFAULT_MAX_PASSAGES}
  --tiers TEXT           several models in place of --model, as in "minilm-l6-split:20:128 gte-small-split"
  --late-interaction N   the model reads that many with all its layers; needs --runtime chromium
  --threads N            node: default 1; chromium: 1, or left out for what the library chooses
  --browser PATH         the browser to start; default: CHROMIUM_PATH, or a Chromium or Chrome found
  --browser-arg ARG      one more argument of the browser; repeatable

Another reranker
  --reranker KIND        cohere, jina, voyage or tei: a service that speaks this API, called from Node, to which the texts
                         are sent; language-model: the browser's own, with --runtime chromium. Default: model
  --url URL              where the service is, path included. Its key is read from RERANK_API_KEY
  --service-model NAME   the service's model
  --service-scores WHAT  probability (default) or logit, as llama.cpp gives

Report
  --segment FIELD        also by segments of the queries: a field of queries.jsonl, or length
  --vs KEY=VALUE[,…]     also run with these settings changed, and compare: model, models, runtime,
                         device, dtype, depth, max-tokens, long-documents, max-passages, threads, prior,
                         prior-weight, reranker, url, service-model, service-scores, late-interaction, tiers
  --gate METRIC=VALUE    exit status 1 where the reranked mean is lower; repeatable.
                         ndcg@10=0.70, mrr@10=…, recall@100=…, precision@5=…, map=…
  --out DIR              write report.html, report.json, reranked.trec, and progress.jsonl as it goes
  --resume               go on from DIR/progress.jsonl of --out
  --json                 print report.json instead of the table
`;

/**
 * Reads the command's arguments.
 *
 * @throws UsageError naming the first that is wrong; `parseArgs`' own errors for unknown options.
 */
export function parseEvalOptions(args: string[]): EvalOptions {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string' },
      run: { type: 'string' },
      qrels: { type: 'string' },
      depth: { type: 'string' },
      limit: { type: 'string' },
      'relevance-level': { type: 'string' },
      model: { type: 'string' },
      models: { type: 'string' },
      reranker: { type: 'string' },
      url: { type: 'string' },
      'service-model': { type: 'string' },
      'service-scores': { type: 'string' },
      tiers: { type: 'string' },
      'late-interaction': { type: 'string' },
      runtime: { type: 'string' },
      device: { type: 'string' },
      dtype: { type: 'string' },
      'max-tokens': { type: 'string' },
      'long-documents': { type: 'string' },
      'max-passages': { type: 'string' },
      threads: { type: 'string' },
      prior: { type: 'string' },
      'prior-weight': { type: 'string' },
      browser: { type: 'string' },
      'browser-arg': { type: 'string', multiple: true },
      segment: { type: 'string' },
      vs: { type: 'string' },
      gate: { type: 'string', multiple: true },
      out: { type: 'string' },
      resume: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const { data, vs, out, resume } = values;
  if (data === undefined) throw new UsageError('--data is missing: the folder of the collection.');
  if (resume && out === undefined) throw new UsageError('--resume needs --out DIR to go on from.');
  const setting = readSetting(values);
  return {
    data,
    run: values.run,
    qrels: values.qrels,
    limit: readCount('limit', values.limit),
    relevanceLevel: readCount('relevance-level', values['relevance-level']) ?? 1,
    segment: values.segment,
    setting,
    versus: vs === undefined ? undefined : { text: vs, setting: readVersus(vs, values) },
    out,
    resume,
    gates: (values.gate ?? []).map(parseGate),
    json: values.json,
    browser: values.browser,
    browserArguments: values['browser-arg'] ?? [],
  };
}

/** The path of a setting's model folder. */
export function locateModel({ models, model }: EvalSetting): string {
  return join(models, model);
}

/** The names of all models of this library that a setting runs. */
export function listModels({ reranker, model }: EvalSetting): string[] {
  if (reranker.kind === 'tiers') return reranker.tiers.map((tier) => tier.model);
  return reranker.kind === 'model' ? [model] : [];
}

const SETTING_KEYS = [
  'model',
  'models',
  'runtime',
  'device',
  'dtype',
  'depth',
  'max-tokens',
  'long-documents',
  'max-passages',
  'threads',
  'prior',
  'prior-weight',
  ...CHOICE_KEYS,
] as const;

type SettingTexts = Partial<Readonly<Record<(typeof SETTING_KEYS)[number], string | undefined>>>;

function readSetting(texts: SettingTexts): EvalSetting {
  const { model = DEFAULT_MODEL, models = locateInPackage('public', 'models') } = texts;
  if (!/^\w[\w.-]*$/.test(model)) {
    throw new UsageError(`--model must be the name of a folder in --models, but is "${model}".`);
  }
  const reranker = readRerankerChoice(texts);
  const wanted = readOneOf('runtime', texts.runtime ?? 'node', ['node', 'chromium']);
  // A browser would not let a page call a service of another origin.
  const runtime = reranker.kind === 'service' ? 'node' : wanted;
  const device = readOneOf('device', texts.device ?? 'auto', ['auto', 'wasm', 'webgpu']);
  const threads = readCount('threads', texts.threads);
  if (runtime === 'node' && device === 'webgpu') {
    throw new UsageError('--device webgpu needs --runtime chromium: Node has no WebGPU.');
  }
  if (runtime === 'chromium' && threads !== undefined && threads !== 1) {
    throw new UsageError('--threads is 1 or left out in chromium: the library chooses how many.');
  }
  return {
    reranker,
    model,
    models,
    runtime,
    device,
    dtype: readOneOf('dtype', texts.dtype ?? 'auto', ['auto', 'fp32', 'fp16', 'q8', 'q4']),
    depth: readCount('depth', texts.depth) ?? 100,
    maxTokens: readCount('max-tokens', texts['max-tokens'], 16),
    longDocuments: readOneOf('long-documents', texts['long-documents'] ?? 'truncate', [
      'truncate',
      'best-passage',
    ]),
    maxPassages: readCount('max-passages', texts['max-passages']),
    threads,
    prior: readOneOf('prior', texts.prior ?? 'rank', ['rank', 'score']),
    weight: readShare('prior-weight', texts['prior-weight']) ?? DEFAULT_PRIOR_WEIGHT,
  };
}

/** The first setting with some of its values replaced. */
function readVersus(text: string, base: SettingTexts): EvalSetting {
  const changes: Record<string, string> = {};
  for (const change of text.split(',')) {
    const [key = '', ...rest] = change.split('=');
    // A URL may have the sign as well.
    const value = rest.join('=').trim();
    const known = SETTING_KEYS.find((name) => name === key.trim());
    if (!known || value === '') {
      throw new UsageError(
        `--vs must be KEY=VALUE pairs split by commas, but has "${change}". The keys are ${SETTING_KEYS.join(', ')}.`,
      );
    }
    changes[known] = value;
  }
  const overruled = Object.entries(changes).flatMap(([key, value]) => listOverruled(key, value));
  const kept = Object.fromEntries(
    SETTING_KEYS.filter((key) => !overruled.some((name) => name === key)).map((key) => [
      key,
      base[key],
    ]),
  );
  return readSetting({ ...kept, ...changes });
}

function readOneOf<TValue extends string>(
  name: string,
  text: string,
  allowed: readonly TValue[],
): TValue {
  const value = allowed.find((each) => each === text);
  if (value !== undefined) return value;
  throw new UsageError(`--${name} must be one of ${allowed.join(', ')}, but is "${text}".`);
}
