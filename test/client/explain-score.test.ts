import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CascadeScorer } from '../../src/client/cascade.ts';
import {
  explainScore,
  type ExplainedPart,
  type ExplainRequest,
} from '../../src/client/explain-score.ts';
import { RememberingScorer } from '../../src/client/remembering-scorer.ts';
import { createRerankerOver } from '../../src/client/reranker.ts';
import type { Reranker } from '../../src/shared/types.ts';
import { openTinyReranker } from '../integrations/tiny-reranker.ts';
import { anyText } from '../properties/hostile-texts.ts';
import { createFakeScorer, fakeModel } from './fake-scorer.ts';

const textsOf = (parts: readonly ExplainedPart[]): string[] => parts.map(({ text }) => text);

describe('an explanation by a real model', () => {
  let reranker: Reranker;
  beforeAll(async () => {
    reranker = await openTinyReranker();
  });
  afterAll(() => reranker.dispose());

  const readLogit = async (query: string, document: string): Promise<number> => {
    const { results } = await reranker.rerank({ query, documents: [document] });
    return results[0]?.logit ?? Number.NaN;
  };

  it('has the effect of each word and each sentence: the score with it less the score without it', async () => {
    const query = 'disk is full';
    const document = {
      title: 'Failures',
      text: 'The disk fills up. No data is lost! Then the server stops.',
    };
    const { words, sentences, passage, logit, relevanceScore, pairs } = await explainScore(
      reranker,
      { query, document },
    );
    const whole = 'Failures\nThe disk fills up. No data is lost! Then the server stops.';
    expect(logit).toBe(await readLogit(query, whole));
    expect(relevanceScore).toBeCloseTo(1 / (1 + Math.exp(-logit)), 9);
    expect(passage).toEqual({ field: 'text', start: 0, end: 58, text: document.text });
    expect(words).toEqual([
      { text: 'disk', start: 0, end: 4, effect: logit - (await readLogit('is full', whole)) },
      { text: 'is', start: 5, end: 7, effect: logit - (await readLogit('disk full', whole)) },
      { text: 'full', start: 8, end: 12, effect: logit - (await readLogit('disk is', whole)) },
    ]);
    expect(textsOf(sentences)).toEqual([
      'The disk fills up.',
      'No data is lost!',
      'Then the server stops.',
    ]);
    const rest = 'Failures\nThe disk fills up. Then the server stops.';
    expect(sentences[1]).toMatchObject({
      start: 19,
      end: 35,
      effect: logit - (await readLogit(query, rest)),
    });
    expect(pairs).toBe(1 + 3 + 3);
  });

  it('takes one word and one sentence, of which nothing is left but an empty text', async () => {
    const { logit, words, sentences } = await explainScore(reranker, {
      query: ' index ',
      document: 'An index helps.',
    });
    const document = 'An index helps.';
    expect(words).toEqual([
      { text: 'index', start: 1, end: 6, effect: logit - (await readLogit('', document)) },
    ]);
    expect(sentences).toEqual([
      { text: document, start: 0, end: 15, effect: logit - (await readLogit(' index ', '')) },
    ]);
  });

  it('is of the passage that counted, with places in the field that it is a part of', async () => {
    const filler = Array.from({ length: 80 }, (_, index) => `Sentence ${index} is of locks.`);
    const answer = 'Vacuum frees the disk of dead rows.';
    const text = [...filler.slice(0, 40), answer, ...filler.slice(40)].join(' ');
    const request = {
      query: 'vacuum dead rows',
      longDocuments: 'best-passage',
      maxPassages: 1,
      passageTokens: 64,
    } as const;
    const document = { title: 'Space', text };
    const { results } = await reranker.rerank({ ...request, documents: [document] });
    const explained = await explainScore(reranker, { ...request, document });
    const { passage, sentences, logit } = explained;
    expect(passage).toEqual(results[0]?.passage);
    expect(logit).toBe(results[0]?.logit);
    expect(passage.text.length).toBeLessThan(text.length / 4);
    expect(textsOf(sentences)).toContain(answer);
    for (const { start, end, text: sentence } of sentences) {
      expect(text.slice(start, end)).toBe(sentence);
      expect(start).toBeGreaterThanOrEqual(passage.start);
      expect(end).toBeLessThanOrEqual(passage.end);
    }
  });

  it('has parts that are in their texts, in their order, with finite effects, of any texts and as many pairs as it may', async () => {
    const request = fc.record({
      query: anyText.filter((text) => text.trim() !== ''),
      document: anyText.filter((text) => text.trim() !== ''),
      maxPairs: fc.integer({ min: 1, max: 12 }),
      longDocuments: fc.constantFrom('truncate' as const, 'best-passage' as const),
    });
    await fc.assert(
      fc.asyncProperty(request, async (given) => {
        const { query, document, maxPairs } = given;
        const { words, sentences, pairs, passage } = await explainScore(reranker, given);
        expect(pairs).toBeLessThanOrEqual(maxPairs);
        expect(words.length + sentences.length).toBe(pairs - 1);
        expect(document.slice(passage.start, passage.end)).toBe(passage.text);
        for (const [text, parts] of [
          [query, words],
          [document, sentences],
        ] as const) {
          let last = 0;
          for (const part of parts) {
            expect(text.slice(part.start, part.end)).toBe(part.text);
            expect(part.text.trim()).toBe(part.text);
            expect(part.text).not.toBe('');
            expect(part.start).toBeGreaterThanOrEqual(last);
            expect(Number.isFinite(part.effect)).toBe(true);
            last = part.end;
          }
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe('what is asked', () => {
  const logits = { 'One. Two. Three.': 4, 'Two. Three.': 1, 'One. Three.': 5, 'One. Two.': 4 };

  it('is one run for all sentences, and one for each word', async () => {
    const scorer = createFakeScorer({ logits });
    const { sentences } = await explainScore(createRerankerOver(scorer), {
      query: 'first second',
      document: 'One. Two. Three.',
    });
    expect(scorer.asked).toEqual([Object.keys(logits), ['One. Two. Three.'], ['One. Two. Three.']]);
    expect(sentences.map(({ effect }) => effect)).toEqual([3, -1, 0]);
  });

  it('leaves alone what the reranker remembers of the reader’s searches', async () => {
    const scorer = createFakeScorer({ logits });
    const reranker = createRerankerOver(new RememberingScorer(scorer));
    const list = { documents: ['a', 'b', 'c'] };
    const queries = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'];
    for (const query of queries) await reranker.rerank({ query, ...list });
    const query = Array.from({ length: 30 }, (_, index) => `word${index}`).join(' ');
    await explainScore(reranker, { query, document: 'One. Two. Three.', maxPairs: 34 });
    const count = scorer.asked.length;
    for (const each of queries) await reranker.rerank({ query: each, ...list });
    expect(scorer.asked).toHaveLength(count);
  });

  it('is each text alone where there are tiers, so that the last one reads all of them', async () => {
    const cheap = createFakeScorer({ logits: {} });
    const good = createFakeScorer({ logits });
    const tiers = [
      { scorer: cheap, keep: 1 },
      { scorer: good, keep: 0 },
    ];
    const { logit, sentences } = await explainScore(createRerankerOver(new CascadeScorer(tiers)), {
      query: 'first',
      document: 'One. Two. Three.',
    });
    expect(logit).toBe(4);
    expect(sentences.map(({ effect }) => effect)).toEqual([3, -1, 0]);
    expect(good.asked.slice(0, 4)).toEqual(Object.keys(logits).map((text) => [text]));
  });

  it('has no effect of what only a lower tier reads without it', async () => {
    const cheap = createFakeScorer({ logits: {}, foreign: ['One. Three.'] });
    const good = createFakeScorer({ logits });
    const tiers = [
      { scorer: cheap, keep: 1 },
      { scorer: good, keep: 0 },
    ];
    const { sentences } = await explainScore(createRerankerOver(new CascadeScorer(tiers)), {
      query: 'first',
      document: 'One. Two. Three.',
    });
    expect(textsOf(sentences)).toEqual(['One.', 'Three.']);
  });
});

describe('where there are more parts than pairs', () => {
  const explain = (query: string, document: string, maxPairs: number) =>
    explainScore(createRerankerOver(createFakeScorer({ logits: {} })), {
      query,
      document,
      maxPairs,
    });
  const query = 'how do I find the slow queries of a database';
  const document =
    'Cats sleep. Cats sleep all day long, and at night. Slow. A database has slow queries. Dogs bark.';

  it('the longest words and the sentences with most words of the query are explained, in their order', async () => {
    const { words, sentences, pairs } = await explain(query, document, 7);
    expect(textsOf(words)).toEqual(['find', 'queries', 'database']);
    expect(textsOf(sentences)).toEqual([
      'Cats sleep all day long, and at night.',
      'Slow.',
      'A database has slow queries.',
    ]);
    expect(pairs).toBe(7);
  });

  it('what one kind does not need is for the other', async () => {
    const few = await explain('slow', document, 7);
    expect([few.words.length, few.sentences.length, few.pairs]).toEqual([1, 5, 7]);
    const many = await explain(query, 'Slow.', 7);
    expect([many.words.length, many.sentences.length, many.pairs]).toEqual([5, 1, 7]);
  });

  it('one pair is the score alone', async () => {
    const { words, sentences, pairs } = await explain(query, document, 1);
    expect([words, sentences, pairs]).toEqual([[], [], 1]);
  });

  it('24 are scored where nothing is said', async () => {
    const long = Array.from({ length: 50 }, (_, index) => `Sentence ${index}.`).join(' ');
    const reranker = createRerankerOver(createFakeScorer({ logits: {} }));
    const { words, sentences, pairs } = await explainScore(reranker, { query, document: long });
    expect([words.length, sentences.length, pairs]).toEqual([10, 13, 24]);
  });
});

describe('an explanation is refused', () => {
  const refusing = createRerankerOver(createFakeScorer({ logits: {} }));
  it.each<[string, ExplainRequest<string | object>, string]>([
    ['an empty query', { query: ' \n', document: 'text' }, 'query'],
    ['a query that is no text', { query: 7 as never, document: 'text' }, 'query'],
    ['an empty document', { query: 'q', document: ' ' }, 'document'],
    ['a document without the fields', { query: 'q', document: { body: 'text' } }, 'fields'],
    ['a document that is none', { query: 'q', document: null as never }, 'documents[0]'],
    ['no fields', { query: 'q', document: { text: 'a' }, fields: [] }, 'fields'],
    ['no pairs', { query: 'q', document: 'text', maxPairs: 0 }, 'maxPairs'],
    ['part of a pair', { query: 'q', document: 'text', maxPairs: 2.5 }, 'maxPairs'],
    ['no passage', { query: 'q', document: 'text', maxPassages: 0 }, 'maxPassages'],
  ])('for %s', async (_name, request, argument) => {
    await expect(explainScore(refusing, request)).rejects.toMatchObject({
      code: 'invalid-input',
      details: { argument },
    });
  });

  it('where scores are places that a language model chose', async () => {
    const model = { ...fakeModel, engine: 'language-model', device: 'browser' } as const;
    const reranker = createRerankerOver(createFakeScorer({ logits: {}, model }));
    await expect(explainScore(reranker, { query: 'q', document: 'text' })).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('place in a list') as string,
    });
  });

  it('after an abort, and nothing more is asked', async () => {
    const stopping = new AbortController();
    const scorer = createFakeScorer({
      logits: {},
      beforeText: () => {
        stopping.abort();
        return undefined;
      },
    });
    const explained = explainScore(createRerankerOver(scorer), {
      query: 'many words here',
      document: 'One. Two.',
      signal: stopping.signal,
    });
    await expect(explained).rejects.toMatchObject({ name: 'AbortError' });
    expect(scorer.asked).toHaveLength(1);
  });
});
