import { readCount, readStrings, type JsonObject } from './json.ts';

/** What a family's files do not say by themselves. */
export interface Family {
  /** `model_type` of `config.json`. */
  readonly name: string;
  /**
   * Rows of the position table that no token uses: RoBERTa counts positions from the padding id on, so
   * that 514 rows are 512 tokens.
   */
  readonly unusedPositions: 'none' | 'after-padding';
  /** Whether this project has golden numbers of the family, made by the Python original. */
  readonly hasGolden: boolean;
}

const FAMILIES: Readonly<Record<string, Omit<Family, 'name'>>> = {
  bert: { unusedPositions: 'none', hasGolden: true },
  electra: { unusedPositions: 'none', hasGolden: true },
  distilbert: { unusedPositions: 'none', hasGolden: true },
  roberta: { unusedPositions: 'after-padding', hasGolden: true },
  'xlm-roberta': { unusedPositions: 'after-padding', hasGolden: true },
  'deberta-v2': { unusedPositions: 'none', hasGolden: true },
  modernbert: { unusedPositions: 'none', hasGolden: true },
  camembert: { unusedPositions: 'after-padding', hasGolden: false },
  mpnet: { unusedPositions: 'after-padding', hasGolden: false },
  albert: { unusedPositions: 'none', hasGolden: false },
  mobilebert: { unusedPositions: 'none', hasGolden: false },
};

/** The families that have golden numbers, and those that should work without. */
export const FAMILY_NAMES = Object.keys(FAMILIES);

/**
 * Reads which family a `config.json` is of.
 *
 * @returns The family, or why a model with this configuration cannot rerank, in a sentence.
 */
export function readFamily(config: JsonObject): Family | { readonly refused: string } {
  const architectures = readStrings(config.architectures);
  const [architecture = ''] = architectures;
  const refused = refuseArchitecture(architecture);
  if (refused !== undefined) return { refused };
  const [name = ''] = readStrings(config.model_type);
  const family = Object.hasOwn(FAMILIES, name) ? FAMILIES[name] : undefined;
  if (!family) {
    return {
      refused: `Its family (model_type "${name}" in config.json) is not known here. Known are ${FAMILY_NAMES.join(', ')}.`,
    };
  }
  return { name, ...family };
}

function refuseArchitecture(architecture: string): string | undefined {
  if (architecture === '') {
    return 'Its config.json names no architecture, so nobody can tell whether it gives a score for a pair.';
  }
  if (architecture.endsWith('ForSequenceClassification')) return undefined;
  const kinds: readonly (readonly [RegExp, string])[] = [
    [
      /ForCausalLM$|LMHeadModel$/,
      'is a language model that generates text. As a reranker it answers with a "yes" or "no" token and a prompt of its own (Qwen3-Reranker, mxbai-rerank-v2, bge-reranker-v2-gemma); this library runs classifiers',
    ],
    [/ForConditionalGeneration$/, 'writes text from text; this library runs classifiers'],
    [
      /ForMaskedLM$|ForPreTraining$/,
      'fills gaps in a text: an encoder before its training as a reranker',
    ],
    [/ForTokenClassification$/, 'labels single tokens, not a pair'],
    [/ForQuestionAnswering$/, 'finds a span in a text; it has no score for a pair'],
    [
      /Model$/,
      'is a bare encoder: its graph gives vectors, not a score. It is a bi-encoder for the first stage of a search, or a reranker whose head lies outside the graph, as of sentence-transformers’ modular ones (ettin-reranker)',
    ],
  ];
  const kind = kinds.find(([pattern]) => pattern.test(architecture))?.[1];
  return `Its architecture ${architecture} ${kind ?? 'is no …ForSequenceClassification, which is what a cross-encoder is'}.`;
}

/** The most tokens in a pair, and what sets that limit. */
export interface TokenLimit {
  readonly tokens: number;
  readonly setBy: string;
}

/** Longer pairs take more memory and time than a page has: attention grows with the square of the length. */
export const MOST_TOKENS = 2048;

/** Below this there is no room for a query and a passage. */
const LEAST_TOKENS = 64;

/**
 * The most tokens that the model's positions, its tokenizer's makers and a page allow, or why it is too few.
 *
 * @param wanted The site's own limit, where it sets one.
 */
export function readTokenLimit(
  config: JsonObject,
  tokenizerConfig: JsonObject,
  family: Family,
  padTokenId: number,
  wanted?: number,
): TokenLimit | { readonly refused: string } {
  const limits: TokenLimit[] = [];
  const rows = readCount(config.max_position_embeddings, 1);
  if (rows !== undefined) {
    const unused = family.unusedPositions === 'after-padding' ? padTokenId + 1 : 0;
    limits.push({
      tokens: rows - unused,
      setBy:
        unused > 0
          ? `config.json: ${rows} positions, of which ${family.name} leaves ${unused} unused`
          : `config.json: ${rows} positions`,
    });
  }
  const length = tokenizerConfig.model_max_length;
  // Transformers writes 1e30 where nobody set a limit.
  if (typeof length === 'number' && length > 0 && length < 1e6) {
    limits.push({
      tokens: Math.floor(length),
      setBy: `tokenizer_config.json: model_max_length ${length}`,
    });
  }
  const [least] = limits.toSorted((a, b) => a.tokens - b.tokens);
  if (!least) {
    return {
      refused: 'Neither config.json nor tokenizer_config.json says how many tokens it reads.',
    };
  }
  if (least.tokens < LEAST_TOKENS) {
    return {
      refused: `It reads ${least.tokens} tokens (${least.setBy}), too few for a query and a passage.`,
    };
  }
  if (wanted !== undefined) {
    return wanted > least.tokens
      ? { refused: `It reads ${least.tokens} tokens at most (${least.setBy}), not ${wanted}.` }
      : { tokens: wanted, setBy: '--max-tokens' };
  }
  return least.tokens > MOST_TOKENS
    ? { tokens: MOST_TOKENS, setBy: `what a page can bear; the model reads ${least.tokens}` }
    : least;
}
