import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createEncoder } from '../../src/worker/pipeline/tokenize.ts';

const readJson = (name: string): object =>
  JSON.parse(readFileSync(`public/models/minilm-l6-split/${name}`, 'utf8')) as object;
const tokenizer = readJson('tokenizer.json') as {
  readonly model: { readonly vocab: Readonly<Record<string, number>> };
};
const encoder = createEncoder(tokenizer, readJson('tokenizer_config.json'));
const idOf = (piece: string): number | undefined => tokenizer.model.vocab[piece];
const SPECIAL_IDS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'].map(idOf);

describe('encode', () => {
  it('adds no special tokens', () => {
    expect([...encoder.encode('hello world', 10).ids]).toEqual(['hello', 'world'].map(idOf));
  });

  it.each(['[SEP]', '[CLS] [PAD]', 'a[SEP]b', '[MASK]', '[sep] [SEP][SEP]'])(
    'reads %s as plain text',
    (text) => {
      const ids = [...encoder.encode(text, 50).ids];
      expect(ids.length).toBeGreaterThan(0);
      expect(ids.filter((id) => SPECIAL_IDS.includes(id))).toEqual([]);
    },
  );

  it('gives the first ids of a text that is too long, and says so', () => {
    const text = 'one two three four five six';
    const all = encoder.encode(text, 6);
    expect(all.complete).toBe(true);
    const cut = encoder.encode(text, 4);
    expect(cut.complete).toBe(false);
    expect([...cut.ids]).toEqual([...all.ids].slice(0, 4));
  });

  it('gives a huge text the same ids as its beginning has', () => {
    const sentence = 'Vacuuming reclaims storage that dead rows occupy, 数据库 ünïcode. ';
    const huge = sentence.repeat(20_000);
    const { ids, complete } = encoder.encode(huge, 500);
    expect(complete).toBe(false);
    expect([...ids]).toEqual([...encoder.encode(sentence.repeat(100), 500).ids]);
  });

  it('looks past a long run of spaces', () => {
    const { ids, complete } = encoder.encode(`${' '.repeat(100_000)}hello`, 5);
    expect([...ids]).toEqual([idOf('hello')]);
    expect(complete).toBe(true);
  });

  it('gives up on a megabyte of spaces, and says that the text was cut', () => {
    const { ids, complete } = encoder.encode(`${' '.repeat(1_000_000)}hello`, 5);
    expect([...ids]).toEqual([]);
    expect(complete).toBe(false);
  });

  it.each(['\uD800', 'a\uDC00b', '\u202Eabc', '\u200B\u200D', '\0\u0001', ''])(
    'takes %j without failing',
    (text) => {
      expect(encoder.encode(text, 10).complete).toBe(true);
    },
  );
});
