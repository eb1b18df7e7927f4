import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutAtSentence } from '../../src/results/cut-at-sentence.ts';
import { groupResults, mergeNearDuplicates, selectContext } from '../../src/results/index.ts';
import { RerankError } from '../../src/shared/errors.ts';
import { toCandidates, type CandidateInput } from '../../src/sources/candidate.ts';
import { mapFields } from '../../src/sources/fields.ts';
import { fuseSources } from '../../src/sources/fuse-sources.ts';
import { splitPassages } from '../../src/worker/pipeline/split-passages.ts';
import { rank } from '../results/ranked.ts';
import { anyText } from './hostile-texts.ts';

/** Few texts, so that some are equal or nearly so. */
const someText = fc.oneof(
  anyText,
  fc.constantFrom('', 'one two three four five', 'One, two three four five!'),
);
const document = fc.oneof(
  someText,
  fc.record({
    title: someText,
    text: someText,
    url: fc.oneof(someText, fc.constantFrom('/a', '/a#b', '/a/', 'javascript:x', '//a/b')),
  }),
);
const documents = fc.array(document, { maxLength: 12 });

describe('what is made of results', () => {
  it('keeps each result, or says where it went', () => {
    fc.assert(
      fc.property(documents, fc.integer({ min: 1, max: 4 }), (given, limit) => {
        const results = rank(...given);
        const merged = mergeNearDuplicates(results);
        const [all, indices] = [
          [...given.keys()],
          (list: readonly { readonly index: number }[]): number[] =>
            list.map(({ index }) => index).toSorted((a, b) => a - b),
        ];
        expect(indices(merged.flatMap((each) => [each, ...each.duplicates]))).toEqual(all);
        const few = mergeNearDuplicates(results, { limit });
        expect(few.map(({ index }) => index)).toEqual(
          merged.slice(0, limit).map(({ index }) => index),
        );
        const groups = groupResults(results, { limitPerGroup: limit });
        expect(indices(groups.flatMap((group) => [...group.results, ...group.leftOut]))).toEqual(
          all,
        );
        const context = selectContext(results, { tokenBudget: 50, tooLong: 'cut' });
        expect(indices([...context.items.map(({ result }) => result), ...context.leftOut])).toEqual(
          all,
        );
        expect(context.tokens).toBeLessThanOrEqual(50);
      }),
    );
  });

  it('cuts a text at its beginning only', () => {
    fc.assert(
      fc.property(anyText, fc.nat(300), (text, most) => {
        const cut = cutAtSentence(text, (part) => part.length <= most) ?? '';
        expect(text.startsWith(cut)).toBe(true);
        expect(cut.length).toBeLessThanOrEqual(most);
      }),
    );
  });
});

describe('passages', () => {
  it('lie in their text, in its order, and leave nothing of it out', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 8, max: 200 }), (text, limit) => {
        const passages = splitPassages(text, limit);
        expect(passages[0]?.start).toBe(0);
        expect(passages.at(-1)?.end).toBe(text.length);
        for (const [index, { start, end }] of passages.entries()) {
          expect(start).toBeLessThanOrEqual(passages[index - 1]?.end ?? 0);
          expect(start).toBeGreaterThanOrEqual(passages[index - 1]?.start ?? 0);
          expect(end).toBeGreaterThan(passages[index - 1]?.end ?? -1);
        }
      }),
    );
  });
});

const names = [
  'id',
  'title',
  'text',
  'url',
  'score',
  '__proto__',
  'constructor',
  'prototype',
  'a.b',
];
const key = fc.oneof(fc.constantFrom(...names), fc.string({ maxLength: 4 }));
/** Anything that JSON can hold, under the names that do harm elsewhere. */
const json: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, fc.jsonValue(), anyText, tie('object')),
  object: fc
    .array(fc.tuple(key, tie('value')), { maxLength: 6 })
    .map((entries) =>
      entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(),
    )
    .map((members) => JSON.parse(`{${members}}`) as unknown),
})).object;
const paths = fc.constantFrom(
  ...['__proto__', '__proto__.polluted', 'constructor.prototype', 'constructor.name', 'a.b'],
  ...['toString', '__proto__.__proto__', 'text', 'title', '{__proto__}/{id}', ''],
);

describe('what a search answers', () => {
  it('changes no object but its own, and becomes candidates with safe addresses and ids of their own', () => {
    const before = Object.getOwnPropertyNames(Object.prototype).join();
    fc.assert(
      fc.property(fc.array(json, { maxLength: 8 }), paths, paths, (answer, path, other) => {
        try {
          const fields = { id: path, title: [other, path], text: 'text', url: other, score: path };
          const found = toCandidates(mapFields(answer as CandidateInput[], fields));
          expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
          for (const { title, text, url = '#', score = 0 } of found) {
            expect([typeof title, typeof text]).toEqual(['string', 'string']);
            expect(['http:', 'https:', 'mailto:']).toContain(
              new URL(url, 'https://site.example/').protocol,
            );
            expect(Number.isFinite(score)).toBe(true);
          }
        } catch (error) {
          if (!(error instanceof RerankError)) throw error;
        }
        expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(before);
        expect('polluted' in {}).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('is in a fused list once for each address, whatever the sources are called', async () => {
    const address = fc.constantFrom('/a', '/b', '/c', '/d', '/e#f');
    const list = fc.uniqueArray(address, { maxLength: 5 });
    const source = fc.constantFrom('__proto__', 'constructor', 'toString', 'keyword', 'vector');
    const searches = fc.uniqueArray(fc.tuple(source, list), {
      minLength: 1,
      maxLength: 4,
      selector: ([name]) => name,
    });
    await fc.assert(
      fc.asyncProperty(searches, fc.constantFrom('rrf', 'blend'), async (lists, method) => {
        const sources = Object.fromEntries(
          lists.map(([name, urls]) => [name, () => urls.map((url) => ({ title: url, url }))]),
        );
        const { signal } = new AbortController();
        const found = (await fuseSources(sources, { method })('q', { limit: 50, signal })) as {
          url: string;
          ranks: object;
        }[];
        const urls = found.map(({ url }) => url);
        expect(urls.toSorted()).toEqual([...new Set(lists.flatMap(([, own]) => own))].toSorted());
        for (const { url, ranks } of found) {
          const finders = lists
            .filter(([, own]) => own.some((each) => each === url))
            .map(([name]) => name);
          expect(Object.keys(ranks).toSorted()).toEqual(finders.toSorted());
        }
      }),
    );
  });
});
