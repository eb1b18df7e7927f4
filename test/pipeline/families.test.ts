import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../src/worker/model/manifest.ts';
import { createEncoder } from '../../src/worker/pipeline/tokenize.ts';
import { families } from '../golden-file.ts';

interface TokenizerFile {
  readonly added_tokens: readonly { id: number; content: string; special: boolean }[];
  readonly pre_tokenizer: { readonly pretokenizers: readonly object[] };
}

const ALL_TOKENS = 10 ** 7;

function readFamily(model: string) {
  const readJson = (name: string): unknown =>
    JSON.parse(readFileSync(`test/models/${model}/${name}`, 'utf8'));
  return {
    manifest: parseManifest(readJson('manifest.json'), model, model),
    file: readJson('tokenizer.json') as TokenizerFile,
    config: readJson('tokenizer_config.json') as object,
  };
}

describe.each(families)('the tokenizer of %s', (model) => {
  const { manifest, file, config } = readFamily(model);
  const encoder = createEncoder(file, config);
  const special = file.added_tokens.filter((token) => token.special);
  const { start, between, end, padTokenId } = manifest.pair;
  const structural = new Set([...start, ...between, ...end, padTokenId]);

  it.each(['%', ' %', '% %', 'a%b', '%%%', '▁%▁', '\n%\n', '[%]', '  %  %  '])(
    'makes no special token of a special token written as %j',
    (form) => {
      expect(special.length).toBeGreaterThanOrEqual(5);
      for (const { content } of special) {
        const { ids } = encoder.encode(form.replaceAll('%', content), 500);
        expect(ids.length, content).toBeGreaterThan(0);
        expect(
          [...ids].filter((id) => structural.has(id)),
          content,
        ).toEqual([]);
      }
    },
  );

  it('takes the separator for a special token even where the tokenizer does not call it one', () => {
    const unmarked = file.added_tokens.map((token) => ({ ...token, special: false }));
    const careless = createEncoder({ ...file, added_tokens: unmarked }, config);
    for (const { content } of special) {
      const ids = [...careless.encode(`a ${content} b`, 500).ids];
      expect(
        ids.filter((id) => structural.has(id)),
        content,
      ).toEqual([]);
    }
  });

  it('gives a cut text the first tokens of the whole text, wherever the cut falls', () => {
    const next = createRandom(20261121);
    for (const makeText of Object.values(textMakers)) {
      const text = makeText(next, 12_000);
      const all = [...encoder.encode(text, ALL_TOKENS).ids];
      for (const limit of [1, 13, 60, 126]) {
        const { ids, complete } = encoder.encode(text, limit);
        expect([...ids]).toEqual(all.slice(0, limit));
        expect(complete).toBe(all.length <= limit);
      }
    }
  });

  it('settles all tokens but a few before a cut', () => {
    const next = createRandom(7);
    for (const makeText of Object.values(textMakers)) {
      const text = makeText(next, 3000);
      const all = [...encoder.encode(text, ALL_TOKENS).ids];
      for (let round = 0; round < 20; round += 1) {
        const cut = [...encoder.encode(text.slice(0, next(text.length)), ALL_TOKENS).ids];
        const settled = Math.max(0, cut.length - 128);
        expect(cut.slice(0, settled)).toEqual(all.slice(0, settled));
      }
    }
  });

  it.each([
    ['one sign that no model knows', '龘'.repeat(150_000)],
    ['one letter', 'y'.repeat(150_000)],
    ['joined emoji', '👩‍💻'.repeat(30_000)],
  ])('takes a text of nothing but %s', (_kind, text) => {
    const { ids, complete } = encoder.encode(text, 126);
    expect(ids.length).toBeGreaterThan(0);
    expect(complete).toBe(false);
  });

  it.each(['\uD800', 'a\uDC00b', '\uFEFF', '\u200B\u200C\u200D', '\0\u0001', '▁', ' ', ''])(
    'takes %j without failing',
    (text) => {
      expect(encoder.encode(text, 50).complete).toBe(true);
    },
  );
});

describe('a DeBERTa that splits at punctuation', () => {
  it('reads each sign of a run apart, as Python does', () => {
    const { file, config } = readFamily('tiny-deberta-v2');
    const { pretokenizers } = file.pre_tokenizer;
    const splitting = {
      ...file,
      pre_tokenizer: {
        type: 'Sequence',
        pretokenizers: [{ type: 'Punctuation', behavior: 'Isolated' }, ...pretokenizers],
      },
    };
    const { ids } = createEncoder(splitting, config).encode('git --soft (a[0]) “b”…', 50);
    // From tokenizers 0.23.2, for the same tokenizer.json.
    expect([...ids]).toEqual([
      70, 4, 328, 328, 41, 299, 4, 4, 114, 7, 4, 489, 4, 400, 4, 182, 4, 115, 4, 4, 3, 46, 4, 3, 4,
      6, 4, 6, 4, 6,
    ]);
  });
});

type Random = (below: number) => number;

/** Whole numbers from 0 to below a limit, the same each time: a linear congruential generator (Numerical Recipes). */
function createRandom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const WORDS =
  "the database stores VACUUM getElementsByTagName résumé Größe 数据库的索引 テーブル 🎉 龘靐 https://example.org/a?b=c ==== don't ﬁ [SEP] </s>".split(
    ' ',
  );

const repeatTo = (length: number, next: () => string): string => {
  let text = '';
  while (text.length < length) text += next();
  return text;
};

/** Texts with words, without words, and with the runs that tokenizers read in special ways. */
const textMakers: Record<string, (random: Random, length: number) => string> = {
  words: (random, length) =>
    repeatTo(length, () => (WORDS[random(WORDS.length)] ?? '') + ' '.repeat(1 + random(3))),
  chinese: (random, length) =>
    repeatTo(length, () => '数据库的索引可以加快查询但是会让写入变慢'.charAt(random(20))),
  letters: (random, length) => repeatTo(length, () => 'etaoinshrdlu'.charAt(random(12))),
  spaces: (random, length) => repeatTo(length, () => [' ', '  ', '\n', '\t', 'x'][random(5)] ?? ''),
  signs: (random, length) =>
    repeatTo(length, () => String.fromCodePoint(0x1f300 + random(500), 0xe0 + random(30))),
};
