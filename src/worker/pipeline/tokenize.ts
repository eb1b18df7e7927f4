import { PrecompiledNormalizer, Tokenizer } from '@huggingface/tokenizers';
import { limitMarks } from '../../shared/limit-marks.ts';
import { readCharsmap } from './charsmap.ts';
import { mendNormalizer, mendPreTokenizer, type Step } from './tokenizer-workarounds.ts';

/**
 * Tokens at the end of a cut text that may be others than the whole text has there. The cut goes through a word: at
 * most 100 tokens of WordPiece, which reads a longer word as one unknown token. Words of BPE and Unigram have no greatest
 * length, but what follows a piece matters little to it: of cuts at random places, none moved more than 4 tokens.
 */
const UNSETTLED_TOKENS = 128;

/** Characters tried first for each token that is wanted; English text has 4 to 5. */
const CHARACTERS_PER_TOKEN = 8;

/**
 * Characters of a text that are looked at, however few tokens they give: a megabyte of spaces, or of signs that the
 * model does not know, must not hold up the rest.
 */
const MOST_CHARACTERS = 2 ** 17;

/** Turns a text into token ids, without special tokens. */
export interface Encoder {
  /**
   * The first `limit` token ids of `text`, or all. `complete` is false where the text has more.
   * What looks like a special token, such as `[SEP]` or `</s>`, is read as plain text.
   */
  encode(text: string, limit: number): EncodedText;
}

export interface EncodedText {
  readonly ids: Int32Array;
  readonly complete: boolean;
}

interface TokenizerFile {
  readonly added_tokens?: readonly { readonly content: string; readonly special?: boolean }[];
  readonly normalizer?: Step | null;
  readonly pre_tokenizer?: Step | null;
  readonly model: { readonly type?: string; readonly vocab?: unknown };
}

/** Reads a Hugging Face `tokenizer.json` and its `tokenizer_config.json`, both parsed. */
export function createEncoder(tokenizerJson: object, tokenizerConfig: object): Encoder {
  const tokenizer = createTokenizer(tokenizerJson as TokenizerFile, tokenizerConfig);
  const unknown = takeFusing(tokenizer);
  const encodeAll = (text: string): number[] => {
    const { ids } = tokenizer.encode(text, { add_special_tokens: false });
    return unknown === undefined
      ? ids
      : ids.filter((id, i) => id !== unknown || ids[i - 1] !== unknown);
  };

  return {
    encode(text, limit) {
      const readable = Math.min(text.length, MOST_CHARACTERS);
      // A page of a megabyte costs as much as its first few hundred words.
      let length = (limit + UNSETTLED_TOKENS) * CHARACTERS_PER_TOKEN;
      for (;;) {
        const ids = encodeAll(limitMarks(text.slice(0, Math.min(length, readable))));
        const isLast = length >= readable;
        if (isLast || ids.length >= limit + UNSETTLED_TOKENS) {
          return {
            ids: Int32Array.from(ids.slice(0, limit)),
            complete: isLast && readable === text.length && ids.length <= limit,
          };
        }
        length *= 4;
      }
    },
  };
}

function createTokenizer(file: TokenizerFile, config: object): Tokenizer {
  const tokenizer = new Tokenizer(
    {
      ...withoutSpecialTokens(file, config),
      normalizer: mendNormalizer(file.normalizer ?? null),
      pre_tokenizer: mendPreTokenizer(file.pre_tokenizer ?? null),
    },
    config,
  );
  const sequence = tokenizer.normalizer as { readonly normalizers: readonly unknown[] } | null;
  for (const step of sequence?.normalizers ?? []) {
    if (step instanceof PrecompiledNormalizer && typeof step.charsmap === 'string') {
      step.normalize = readCharsmap(step.charsmap);
    }
  }
  return tokenizer;
}

/**
 * Unigram reads a run of unknown signs as one unknown token. The package joins their texts one by one, and looks each join
 * up: a run of 100,000 takes seconds. So it is told not to, and the ids are joined here.
 *
 * @returns The id of the unknown token where runs of it are one.
 */
function takeFusing({ model }: Tokenizer): number | undefined {
  if (!model?.fuse_unk) return undefined;
  model.fuse_unk = false;
  return model.unk_token_id;
}

/**
 * A special token in a text is an injection: the reader's words must not end a segment. With special tokens taken off the
 * list of added ones, the tokenizer does not look for them. A Unigram model would still find them as pieces of its
 * vocabulary, at the best score of all, so there each gets a name that no text contains: pre-tokenizers
 * leave no space in a word. WordPiece (which splits at punctuation) and byte-level BPE (which only merges what was
 * learnt) cannot make them from text.
 */
function withoutSpecialTokens(file: TokenizerFile, config: object): TokenizerFile {
  const addedTokens = file.added_tokens ?? [];
  const special = new Set([
    ...addedTokens.filter((token) => token.special).map(({ content }) => content),
    ...listNamedTokens(config),
  ]);
  const { model } = file;
  const vocab = Array.isArray(model.vocab)
    ? (model.vocab as [string, number][]).map(([piece, score], id) =>
        special.has(piece) ? [` ${id}`, score] : [piece, score],
      )
    : model.vocab;
  return {
    ...file,
    added_tokens: addedTokens.filter(({ content }) => !special.has(content)),
    model: { ...model, vocab },
  };
}

/** The tokens that have a role, such as `sep_token`: special even where a tokenizer.json forgets to say so. */
function listNamedTokens(config: object): string[] {
  return Object.entries(config as Record<string, unknown>).flatMap(([key, value]) => {
    if (!key.endsWith('_token')) return [];
    const token =
      typeof value === 'object' && value ? (value as { content?: unknown }).content : value;
    return typeof token === 'string' ? [token] : [];
  });
}
