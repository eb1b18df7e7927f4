import type { Manifest } from '../../worker/model/manifest.ts';
import type { Dtype } from '../../shared/types.ts';
import { createEncoder, type Encoder } from '../../worker/pipeline/tokenize.ts';
import { describeError } from '../../shared/errors.ts';
import { readFamily, readTokenLimit, type Family, type TokenLimit } from './family.ts';
import { cleanLine } from './dialogue.ts';
import { parseObject, readCount, type JsonObject } from './json.ts';
import { readHead } from './labels.ts';
import { readPadTokenId, readPairTemplate, type ReadTemplate } from './pair-template.ts';
import { listGraphs, planGraphs, type PlannedGraph } from './plan-graphs.ts';
import type { ModelSource } from './source.ts';

/** The small files that are read before anything is decided, all of them needed. */
const SMALL_FILES = ['config.json', 'tokenizer_config.json', 'tokenizer.json'] as const;

/** What a site wants to be otherwise than the model's files say. */
export interface Wishes {
  readonly dtypes?: readonly Dtype[] | undefined;
  readonly maxTokens?: number | undefined;
  readonly positiveLabel?: string | undefined;
}

/** A model that can work, as far as its small files tell. */
export interface InspectedModel {
  readonly family: Family;
  readonly head: Manifest['head'];
  readonly template: ReadTemplate;
  readonly padTokenId: number;
  readonly limit: TokenLimit;
  readonly encoder: Encoder;
  readonly graphs: readonly PlannedGraph[];
  /** Path of the fp32 graph with its weights, where there is one. */
  readonly fp32?: {
    readonly path: string;
    readonly weights: readonly string[];
    readonly bytes: number;
  };
  /** Every graph that could be had, with its size. */
  readonly offered: readonly { readonly dtype: Dtype; readonly bytes: number }[];
  /** What was passed over and why, for people. */
  readonly notes: readonly string[];
  readonly smallFiles: ReadonlyMap<string, Uint8Array>;
  readonly config: JsonObject;
}

/** The model cannot be used. */
export class UnfitModel extends Error {
  override readonly name = 'UnfitModel';
  readonly reasons: readonly string[];

  constructor(source: string, reasons: readonly string[]) {
    super(
      `${source} cannot be used:\n${reasons.map((reason) => `  - ${cleanLine(reason)}`).join('\n')}`,
    );
    this.reasons = reasons;
  }
}

/**
 * Decides from the small files alone whether a model can work in a browser.
 *
 * @throws UnfitModel with every reason that was found.
 */
export async function inspectModel(source: ModelSource, wishes: Wishes): Promise<InspectedModel> {
  const missing = SMALL_FILES.filter((name) => !source.files.has(name));
  if (missing.length > 0) throw new UnfitModel(source.name, missing.map(explainMissing));
  const smallFiles = new Map<string, Uint8Array>();
  for (const name of SMALL_FILES.slice(0, 2)) smallFiles.set(name, await source.readSmall(name));
  const read = (name: string): JsonObject =>
    parseObject(new TextDecoder().decode(smallFiles.get(name)), `${source.name}/${name}`);

  const config = read('config.json');
  const reasons: string[] = [];
  /** The fact, or undefined after its reason was noted. */
  const require = <TFact extends object>(
    fact: TFact | { readonly refused: string },
  ): TFact | undefined => {
    if (!('refused' in fact)) return fact;
    reasons.push(fact.refused);
    return undefined;
  };
  const family = require(readFamily(config));
  // Labels and graphs of another kind of model would only repeat that it is one.
  if (!family) throw new UnfitModel(source.name, reasons);
  const head = require(readHead(config, wishes.positiveLabel));
  const offered = listGraphs(source, config);
  const graphs = require(planGraphs(offered, wishes.dtypes));

  // The largest of the small files, up to 17 MB: not fetched for a model that fails without it.
  if (reasons.length > 0) throw new UnfitModel(source.name, reasons);
  smallFiles.set('tokenizer.json', await source.readSmall('tokenizer.json'));
  const tokenizer = read('tokenizer.json');
  const tokenizerConfig = read('tokenizer_config.json');
  const template = require(readPairTemplate(tokenizer));
  const encoder = require(openEncoder(tokenizer, tokenizerConfig, config));
  const padTokenId = readPadTokenId(config, tokenizerConfig, tokenizer);
  if (padTokenId === undefined)
    reasons.push('None of its files names the id of its padding token.');
  const limit = require(
    readTokenLimit(config, tokenizerConfig, family, padTokenId ?? 0, wishes.maxTokens),
  );
  if (!head || !graphs || !template || !encoder || !limit || padTokenId === undefined) {
    throw new UnfitModel(source.name, reasons);
  }
  const fp32 = offered.byDtype.get('fp32');
  return {
    family,
    head,
    template,
    padTokenId,
    limit,
    encoder: encoder.encoder,
    graphs,
    ...(fp32 && { fp32 }),
    offered: [...offered.byDtype.values()],
    notes: offered.unusable,
    smallFiles,
    config,
  };
}

function explainMissing(name: (typeof SMALL_FILES)[number]): string {
  if (name === 'config.json') return 'It has no config.json: it is no model in the hub’s layout.';
  if (name === 'tokenizer.json') {
    return 'It has no tokenizer.json; vocab.txt or a SentencePiece model alone is not read. Save it with AutoTokenizer(…, use_fast=True).save_pretrained().';
  }
  return `It has no ${name}.`;
}

/** Texts of several scripts, to try the tokenizer on. */
const PROBES = [
  'Reset the index of a table, then commit.',
  'Größe ändern – naïve café 中文 日本語 🙂',
];

function openEncoder(
  tokenizer: JsonObject,
  tokenizerConfig: JsonObject,
  config: JsonObject,
): { readonly encoder: Encoder } | { readonly refused: string } {
  try {
    const encoder = createEncoder(tokenizer, tokenizerConfig);
    const words = readCount(config.vocab_size, 1) ?? Number.POSITIVE_INFINITY;
    const greatest = Math.max(...PROBES.flatMap((text) => [...encoder.encode(text, 512).ids]));
    return greatest < words
      ? { encoder }
      : {
          refused: `Its tokenizer gives the id ${greatest}, but config.json has only ${words} words: they belong to different models.`,
        };
  } catch (error) {
    return { refused: `Its tokenizer cannot be read here: ${describeError(error)}.` };
  }
}
