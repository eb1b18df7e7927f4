import { Tokenizer } from '@huggingface/tokenizers';

/** A word longer than this is one unknown token, so cutting a text moves at most this many tokens. */
const LONGEST_WORD_TOKENS = 128;

/** Characters tried first for each token that is wanted; English text has 4 to 5. */
const CHARACTERS_PER_TOKEN = 8;

/** Turns a text into token ids, without special tokens. */
export interface Encoder {
  /**
   * The first `limit` token ids of `text`, or all. `complete` is false where the text has more.
   * What looks like a special token, such as `[SEP]`, is read as plain text.
   */
  encode(text: string, limit: number): EncodedText;
}

export interface EncodedText {
  readonly ids: Int32Array;
  readonly complete: boolean;
}

interface TokenizerFile {
  readonly added_tokens?: readonly { readonly special?: boolean }[];
}

/** Reads a Hugging Face `tokenizer.json` and its `tokenizer_config.json`, both parsed. */
export function createEncoder(tokenizerJson: object, tokenizerConfig: object): Encoder {
  // A special token in a text is an injection: the reader's words must not end a segment. With special
  // tokens taken off the list of added ones, the tokenizer has no way to produce them from text.
  const addedTokens = (tokenizerJson as TokenizerFile).added_tokens ?? [];
  const plain = { ...tokenizerJson, added_tokens: addedTokens.filter((token) => !token.special) };
  const tokenizer = new Tokenizer(plain, tokenizerConfig);
  const encodeAll = (text: string): number[] =>
    tokenizer.encode(text, { add_special_tokens: false }).ids;

  return {
    encode(text, limit) {
      // A page of a megabyte costs as much as its first few hundred words.
      let length = (limit + LONGEST_WORD_TOKENS) * CHARACTERS_PER_TOKEN;
      for (;;) {
        const ids = encodeAll(text.slice(0, length));
        const wholeText = length >= text.length;
        if (wholeText || ids.length >= limit + LONGEST_WORD_TOKENS) {
          return {
            ids: Int32Array.from(ids.slice(0, limit)),
            complete: wholeText && ids.length <= limit,
          };
        }
        length *= 4;
      }
    },
  };
}
