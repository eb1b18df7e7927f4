import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseHub } from '../../src/cli/models/open-source.ts';
import { readFrontMatter } from '../../src/cli/models/licence.ts';
import { closeIsolates } from '../../src/element/bidi.ts';
import {
  findBestSentence,
  findMarkedWords,
  makeExcerpt,
  makeSentenceExcerpt,
  markMatches,
} from '../../src/element/excerpt.ts';
import { parseQrels } from '../../src/evaluate/trec.ts';
import { cutAtSentence } from '../../src/results/cut-at-sentence.ts';
import { sketchText } from '../../src/results/near-identical.ts';
import { limitMarks } from '../../src/shared/limit-marks.ts';
import { normalizeAddress } from '../../src/shared/page-address.ts';
import { mapFields } from '../../src/sources/fields.ts';
import { searchLunr } from '../../src/sources/lunr.ts';
import { readSubResults } from '../../src/sources/pagefind-page.ts';
import { readQueryWords } from '../../src/sources/query-words.ts';
import { encodePath, encodeText, trimSlashes } from '../../src/sources/url-text.ts';
import { choosePassages, countWords } from '../../src/worker/pipeline/choose-passages.ts';
import { createForeignTextTest } from '../../src/worker/pipeline/detect-language.ts';
import { estimateTokens, splitPassages } from '../../src/worker/pipeline/split-passages.ts';
import { createEncoder } from '../../src/worker/pipeline/tokenize.ts';

/**
 * Runs that patterns stumble over, each with something at its end that they do not expect. What takes time by the square of a text's
 * length would need minutes for these.
 */
const texts = [
  ...['a', ' ', '\n', '\t', '. ', '."', '#', '#/', '/', '-', '[', '{', '<', '&', '\\', "'"],
  ...['a b ', 'key: ', '- x\n', '\u0315\u0300', '\u200D', '\uD800', '👩‍💻', '数', '\u2067'],
].map((run) => `x${run.repeat(Math.ceil(100_000 / run.length))}!`);

const words = findMarkedWords('how does a key x work');
const isForeign = createForeignTextTest(['en']);
const { signal } = new AbortController();
const lunr = searchLunr({ query: () => [] }, []);

const readers: Readonly<Record<string, (text: string) => unknown>> = {
  excerpts: (text) => makeExcerpt(text, words),
  'the best sentence': (text) => findBestSentence(text, words),
  'excerpts around a sentence': (text) => makeSentenceExcerpt(text, text.slice(5, 500), words),
  'marked words': (text) => [findMarkedWords(text), markMatches(text, words)],
  directions: closeIsolates,
  passages: (text) => splitPassages(text, 100),
  'passages by their words': (text) =>
    choosePassages(text, [[{ start: 0, end: text.length, words: countWords(text) }]], 2),
  'estimates of tokens': estimateTokens,
  languages: isForeign,
  'cuts at sentences': (text) => cutAtSentence(text, (part) => part.length < 1000),
  'near-duplicates': sketchText,
  'normal forms': (text) => limitMarks(text).normalize('NFKC'),
  addresses: (text) =>
    [text, `/${text}`, `https://one.example/${text}`].map((url) =>
      normalizeAddress(url, { keepsSection: false }),
    ),
  'parts of addresses': (text) => [trimSlashes(text), encodePath(text, '/'), encodeText(text)],
  'templates of addresses': (text) => mapFields([{ text }], { url: `/{text}#{text}` }),
  queries: (text) => [readQueryWords(text), lunr(text, { limit: 5, signal })],
  sections: (text) =>
    readSubResults(
      {
        url: text,
        content: text,
        meta: {},
        anchors: [{ element: 'h2', id: 'a', text: 'x', location: 0 }],
      },
      1,
      [0],
    ),
  'front matter': (text) => [
    readFrontMatter(`---\n${text}\n---\n`),
    readFrontMatter(`---\n${text}`),
  ],
  "a hub's address": (text) => {
    try {
      return parseHub(`https://hub.example/${text}`);
    } catch {
      return undefined;
    }
  },
  judgments: (text) => {
    try {
      return parseQrels(text);
    } catch {
      return undefined;
    }
  },
};

describe('time grows with a text, and not with its square, for', () => {
  it.each(Object.keys(readers))('%s', { timeout: 60_000 }, (name) => {
    const read = readers[name];
    for (const text of texts) expect(() => read?.(text)).not.toThrow();
  });

  it.each(['tiny-bert', 'tiny-xlm-roberta', 'tiny-roberta'])(
    'the tokenizer of %s',
    { timeout: 60_000 },
    (model) => {
      const readJson = (name: string): object =>
        JSON.parse(readFileSync(`test/models/${model}/${name}`, 'utf8')) as object;
      const encoder = createEncoder(readJson('tokenizer.json'), readJson('tokenizer_config.json'));
      for (const text of texts) expect(encoder.encode(text, 100).ids.length).toBeGreaterThan(0);
    },
  );
});
