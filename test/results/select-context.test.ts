import { describe, expect, it } from 'vitest';
import { RerankError } from '../../src/shared/errors.ts';
import { mergeNearDuplicates, selectContext } from '../../src/results/index.ts';
import type { SelectContextOptions } from '../../src/results/index.ts';
import { hostileDocuments, randomDocuments, rank, stopAfter } from './ranked.ts';

/** One token a word, so that sums can be seen. */
const countTokens = (text: string): number => text.split(/\s+/).filter(Boolean).length;

/** The texts that are chosen of these, best first. */
function choose(
  texts: readonly string[],
  options: Partial<SelectContextOptions<unknown>> = {},
): string[] {
  const settings = { tokenBudget: 100, countTokens, ...options };
  return selectContext(rank(...texts), settings).items.map(({ text }) => text);
}

describe('selectContext', () => {
  it('takes the best texts that fit, and leaves out one that does not fit for a shorter one after it', () => {
    const results = rank('one two three', 'one two three four', 'one two', 'one');
    const context = selectContext(results, { tokenBudget: 6, countTokens });
    expect(context.items).toEqual([
      { result: results[0], text: 'one two three', tokens: 3, cut: false },
      { result: results[2], text: 'one two', tokens: 2, cut: false },
      { result: results[3], text: 'one', tokens: 1, cut: false },
    ]);
    expect(context.tokens).toBe(6);
    expect(context.leftOut).toEqual([results[1]]);
  });

  it('counts a token for four characters, rounded up, unless it is told how', () => {
    const { items, tokens } = selectContext(rank('12345678', '123456789'), { tokenBudget: 5 });
    expect(items.map((item) => item.tokens)).toEqual([2, 3]);
    expect(tokens).toBe(5);
  });

  it('cuts the first text that does not fit after a sentence, and no other', () => {
    const texts = [
      'One two.',
      'Three four five. Six seven! Eight nine?',
      'Nine ten. Eleven twelve.',
    ];
    expect(choose(texts, { tokenBudget: 8, tooLong: 'cut' })).toEqual([
      'One two.',
      'Three four five. Six seven!',
    ]);
    expect(choose(texts, { tokenBudget: 8 })).toEqual(['One two.', 'Nine ten. Eleven twelve.']);
    const { items } = selectContext(rank(...texts), {
      tokenBudget: 8,
      countTokens,
      tooLong: 'cut',
    });
    expect(items.map(({ cut, tokens }) => [cut, tokens])).toEqual([
      [false, 2],
      [true, 5],
    ]);
  });

  it('leaves a text out whose first sentence does not fit', () => {
    expect(choose(['One two three four. Five.'], { tokenBudget: 3, tooLong: 'cut' })).toEqual([]);
    expect(choose(['no full stop here'], { tokenBudget: 3, tooLong: 'cut' })).toEqual([]);
  });

  it('cuts after quotes, line breaks and East Asian full stops', () => {
    const count = (text: string): number => text.length;
    const cut = (text: string, tokenBudget: number): string | undefined =>
      choose([text], { tokenBudget, countTokens: count, tooLong: 'cut' })[0];
    expect(cut('He said “no.” Then he left.', 20)).toBe('He said “no.”');
    expect(cut('A title\nThe text goes on and on', 20)).toBe('A title');
    expect(cut('磁盘已满。没有丢失数据。服务器停止。', 12)).toBe('磁盘已满。没有丢失数据。');
    expect(cut('Version 1.5 is out. It is good.', 22)).toBe('Version 1.5 is out.');
  });

  it('puts the best at both ends for order edges, and in the search’s order for original', () => {
    const texts = ['1', '2', '3', '4', '5'];
    expect(choose(texts, { order: 'best-first' })).toEqual(texts);
    expect(choose(texts, { order: 'edges' })).toEqual(['1', '3', '5', '4', '2']);
    expect(choose(texts.slice(0, 4), { order: 'edges' })).toEqual(['1', '3', '4', '2']);
    const results = rank('a', 'b', 'c').toReversed();
    const { items } = selectContext(results, { tokenBudget: 9, order: 'original' });
    expect(items.map(({ text }) => text)).toEqual(['a', 'b', 'c']);
  });

  it('takes the passage where a result has one, the document’s title and text where not', () => {
    const documents = [
      { title: 'A', text: 'whole a' },
      { title: 'B', text: 'whole b', more: 3 },
    ];
    const [first, second] = rank(...documents);
    if (!first || !second) throw new Error('Two documents give two results.');
    const passage = { field: 'text', start: 6, end: 7, text: ' the passage ' };
    const results = [{ ...first, passage }, second];
    const textsOf = (options: Partial<SelectContextOptions<(typeof results)[number]>>): string[] =>
      selectContext(results, { tokenBudget: 99, ...options }).items.map(({ text }) => text);
    expect(textsOf({})).toEqual(['the passage', 'B\nwhole b']);
    expect(textsOf({ fields: ['more'] })).toEqual(['the passage', '3']);
    expect(
      textsOf({ toText: ({ document, rank: place }) => `${place} ${document.title}` }),
    ).toEqual(['1 A', '2 B']);
  });

  it('lets only what the model has judged pass a minScore', () => {
    const [first, second, third, fourth, fifth] = rank('a', 'b', 'c', 'd', 'e');
    if (!first || !second || !third || !fourth || !fifth) throw new Error('Five give five.');
    const results = [
      { ...first, relevanceScore: 0.5 },
      { ...second, relevanceScore: 0.9, similarityOnly: true as const },
      { ...third, relevanceScore: 0.9, unknownLanguage: true },
      { ...fourth, relevanceScore: 0.499 },
      ...stopAfter(0, [fifth]),
    ];
    const { items, leftOut } = selectContext(results, { tokenBudget: 9, minScore: 0.5 });
    expect(items.map(({ text }) => text)).toEqual(['a']);
    expect(leftOut).toEqual(results.slice(1));
    // Even 0 asks for a score; without a limit all are taken.
    const zero = selectContext(results, { tokenBudget: 9, minScore: 0 });
    expect(zero.items.map(({ text }) => text)).toEqual(['a', 'd']);
    expect(selectContext(results, { tokenBudget: 9 }).items).toHaveLength(5);
  });

  it.each([1, 2, 3, 4])(
    'gives every result back once and keeps to the budget (seed %i)',
    (seed) => {
      const results = stopAfter(30, rank(...randomDocuments(40, seed)));
      for (const order of ['best-first', 'original', 'edges'] as const) {
        for (const tooLong of ['skip', 'cut'] as const) {
          for (const tokenBudget of [1, 50, 400, 1e6]) {
            const options = { tokenBudget, order, tooLong, minScore: seed > 2 ? 0.01 : undefined };
            const { items, leftOut, tokens } = selectContext(results, options);
            const back = [...items.map(({ result }) => result), ...leftOut];
            expect(back.toSorted((a, b) => a.rank - b.rank)).toEqual(results);
            expect(tokens).toBe(items.reduce((sum, item) => sum + item.tokens, 0));
            expect(tokens).toBeLessThanOrEqual(tokenBudget);
            const out = leftOut.map(({ rank: place }) => place);
            expect(out).toEqual(out.toSorted((a, b) => a - b));
          }
        }
      }
    },
  );

  it('lives with hostile documents, megabytes and an empty list', () => {
    const results = rank(...hostileDocuments);
    // The processor's time, because other work may hold up the clock's.
    const start = process.cpuUsage();
    const { items, leftOut } = selectContext(results, { tokenBudget: 100, tooLong: 'cut' });
    expect(items.length + leftOut.length).toBe(results.length);
    expect(items.every(({ text }) => text !== '')).toBe(true);
    expect(selectContext([], { tokenBudget: 1 })).toEqual({ items: [], tokens: 0, leftOut: [] });
    for (const piece of [' ', '."', '\n', '. ']) {
      selectContext(rank(piece.repeat(100_000)), { tokenBudget: 3, tooLong: 'cut' });
    }
    // A pattern that takes quadratic time needs minutes.
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(5000);
  });

  it('takes merged results, with their duplicates', () => {
    const merged = mergeNearDuplicates(rank('one two three four', 'One two three four!'));
    const { items } = selectContext(merged, { tokenBudget: 10 });
    expect(items.map(({ result }) => result.duplicates.length)).toEqual([1]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['tokenBudget', {}],
    ['tokenBudget', { tokenBudget: 0 }],
    ['tokenBudget', { tokenBudget: '2000' }],
    ['tokenBudget', { tokenBudget: Infinity }],
    ['minScore', { tokenBudget: 9, minScore: 50 }],
    ['minScore', { tokenBudget: 9, minScore: NaN }],
    ['order', { tokenBudget: 9, order: 'worst-first' }],
    ['tooLong', { tokenBudget: 9, tooLong: true }],
    ['fields', { tokenBudget: 9, fields: 'title' }],
    ['toText', { tokenBudget: 9, toText: 'title' }],
    ['countTokens', { tokenBudget: 9, countTokens: 4 }],
    ['countTokens', { tokenBudget: 9, countTokens: () => Promise.resolve(4) }],
    ['countTokens', { tokenBudget: 9, countTokens: () => NaN }],
  ])('refuses a wrong %s: %o', (argument, options) => {
    const call = (): unknown => selectContext(rank('a'), options as never);
    expect(call).toThrow(RerankError);
    expect(call).toThrow(
      expect.objectContaining({ code: 'invalid-input', details: { argument } }) as Error,
    );
  });

  it('refuses a missing list and missing options, and says what it wants', () => {
    expect(() => selectContext({ results: [] } as never, { tokenBudget: 9 })).toThrow(
      'results must be the list of results that a run returned, but is an object.',
    );
    expect(() => selectContext([], undefined as never)).toThrow('options must be an object');
  });
});
