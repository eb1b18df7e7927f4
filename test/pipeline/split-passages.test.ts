import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { choosePassages, countWords } from '../../src/worker/pipeline/choose-passages.ts';
import { estimateTokens, splitPassages } from '../../src/worker/pipeline/split-passages.ts';
import { createEncoder } from '../../src/worker/pipeline/tokenize.ts';

const read = (text: string, limit: number): string[] =>
  splitPassages(text, limit).map(({ start, end }) => text.slice(start, end));

const numbers = Array.from({ length: 12 }, (_, index) => `This is sentence number ${index}.`);

describe('splitPassages', () => {
  it('leaves a text alone that fits', () => {
    expect(splitPassages('One. Two.', 100)).toEqual([{ start: 0, end: 9 }]);
    expect(splitPassages('', 100)).toEqual([{ start: 0, end: 0 }]);
  });

  it('takes whole sentences, and begins with the last of the passage before', () => {
    // Eight tokens a sentence, so four in a passage, of which one is repeated.
    const passages = read(numbers.join(' '), 32);
    expect(passages.map((passage) => passage.match(/\d+/g)?.map(Number))).toEqual([
      [0, 1, 2, 3],
      [3, 4, 5, 6],
      [6, 7, 8, 9],
      [8, 9, 10, 11],
    ]);
    expect(passages[1]).toBe(`${numbers.slice(3, 7).join(' ')} `);
  });

  it('splits a sentence that is too long between words, and a word that is too long within', () => {
    const words = Array.from({ length: 40 }, (_, index) => `word${index}`).join(' ');
    const passages = read(words, 10);
    expect(passages.length).toBeGreaterThan(3);
    for (const passage of passages) {
      expect(estimateTokens(passage)).toBeLessThanOrEqual(10);
      expect(passage).toMatch(/^word\d+ .*word\d+ ?$/);
    }
    const signs = '😀'.repeat(50);
    for (const passage of read(signs, 10)) expect(passage).toMatch(/^(😀)+$/u);
  });

  it.each([
    ['prose', numbers.join(' ')],
    ['lines', 'a line\n'.repeat(3000)],
    ['no spaces', 'x'.repeat(9000)],
    ['no words', '。'.repeat(5000)],
    ['lone surrogates', '\uD83D \uDE00 '.repeat(2000)],
    ['paragraphs', `${'Some words. '.repeat(30)}\n\n`.repeat(20)],
  ])('loses no character of a text: %s', (_, text) => {
    for (const limit of [1, 7, 48, 200]) {
      const passages = splitPassages(text, limit);
      expect(passages[0]?.start).toBe(0);
      expect(passages.at(-1)?.end).toBe(text.length);
      for (const [index, { start, end }] of passages.entries()) {
        const before = passages[index - 1];
        expect(end).toBeGreaterThan(start);
        if (!before) continue;
        expect(start).toBeLessThanOrEqual(before.end);
        expect(end).toBeGreaterThan(before.end);
      }
    }
  });

  it('makes no passage that holds nothing new, however short lines and long sentences follow each other', () => {
    const long = `${'word '.repeat(150)}end. `;
    const lists = `${'- a short line\n'.repeat(11)}${long}`.repeat(40);
    const passages = splitPassages(lists, 192);
    for (const [index, { end }] of passages.entries()) {
      expect(end).toBeGreaterThan(passages[index - 1]?.end ?? 0);
    }
    expect(passages.length).toBeLessThanOrEqual(2 * 40);
    const blank = `${'\n'.repeat(20_000)}${long}${long}${long}`;
    expect(splitPassages(blank, 192).length).toBeLessThanOrEqual(4);
  });

  it('splits a quarter of a million characters in a moment’s memory', () => {
    // A segmenter that is given it whole copies it for each sentence.
    const text = 'A short sentence. '.repeat(15_000);
    expect(splitPassages(text, 192).length).toBeGreaterThan(300);
  });

  it('makes passages that the shipped model reads whole, by an estimate of their tokens', () => {
    const folder = new URL('../../public/models/minilm-l6-split/', import.meta.url);
    const parse = (file: string): object =>
      JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as object;
    const encoder = createEncoder(parse('tokenizer.json'), parse('tokenizer_config.json'));
    const corpus = new URL('../../demo/corpus/postgresql-15.jsonl', import.meta.url);
    const texts = readFileSync(corpus, 'utf8').split('\n').slice(0, 1500);
    const page = texts.map((line) => (line ? (JSON.parse(line) as { text: string }).text : ''));
    const counts = read(page.join('\n\n'), 192).map(
      (text) => encoder.encode(text, 1000).ids.length,
    );
    const sorted = counts.toSorted((a, b) => a - b);
    expect(sorted.length).toBeGreaterThan(500);
    expect(sorted.at(-1)).toBeLessThan(400);
    expect(sorted[Math.floor(0.5 * sorted.length)]).toBeGreaterThan(192 * 0.7);
    expect(sorted[Math.floor(0.95 * sorted.length)]).toBeLessThan(192 * 1.1);
  });
});

describe('estimateTokens', () => {
  it.each([
    ['', 0],
    ['a word', 2],
    ['internationalization', 4],
    ['f(x) = 1;', 7],
    ['全文検索', 4],
  ])('counts %j', (text, tokens) => {
    expect(estimateTokens(text)).toBe(tokens);
  });
});

describe('choosePassages', () => {
  const index = (
    texts: readonly string[],
  ): { start: number; end: number; words: ReturnType<typeof countWords> }[] =>
    texts.map((text) => ({ start: 0, end: text.length, words: countWords(text) }));

  it('takes the passages with the query’s rare words first, and keeps the text’s order among equals', () => {
    const manual = index([
      'the lock is held',
      'the vacuum frees space',
      'the rows',
      'the vacuumed lock',
    ]);
    expect(choosePassages('vacuuming the lock', [manual], 4)).toEqual([[3, 0, 1, 2]]);
    expect(choosePassages('vacuuming the lock', [manual], 1)).toEqual([[3]]);
    expect(choosePassages('nothing of it', [manual], 2)).toEqual([[0, 1]]);
  });

  it('weighs a word by how few passages of all documents have it', () => {
    const common = index(['lock table', 'space table']);
    const others = index(['table', 'table', 'table lock']);
    // "lock" is the rarer word.
    expect(choosePassages('table lock', [common, others], 1)).toEqual([[0], [2]]);
  });

  it('looks up scripts without spaces by their signs', () => {
    expect(choosePassages('索引', [index(['表を見る', '索引を作る'])], 1)).toEqual([[1]]);
  });
});
