import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CascadeScorer } from '../../src/client/cascade.ts';
import { createRerankerOver } from '../../src/client/reranker.ts';
import { readClockMs } from '../../src/shared/clock.ts';
import type { RankedResult, RerankOutcome } from '../../src/shared/types.ts';
import type { Backend, Batch } from '../../src/worker/backend/backend.ts';
import { createFakeScorer } from '../client/fake-scorer.ts';
import { openTinyReranker } from '../integrations/tiny-reranker.ts';
import { openEngineOver } from '../worker/fake-backend.ts';
import { anyText } from './hostile-texts.ts';

type Given = string | { readonly title: string; readonly text: string };

/** tiny-bert's `[CLS]` and `[SEP]`, around and between the texts of a pair. */
const CLS = 2;
const SEP = 3;

/** Answers at once, and notes every pair. */
class NotingBackend implements Backend {
  readonly device = 'wasm';
  readonly dtype = 'q8';
  readonly threads = 1;
  readonly limits = { maxPairs: 8, maxTokens: 2048, lengthMultiple: 8, lanes: 2 };
  readonly pairs: number[][] = [];

  run({ rows, length, inputIds, attentionMask }: Batch): Promise<Float32Array> {
    const pairs = Array.from({ length: rows }, (_, row) =>
      [...inputIds.subarray(row * length, (row + 1) * length)].filter(
        (_id, position) => attentionMask[row * length + position] === 1,
      ),
    );
    this.pairs.push(...pairs);
    // Few numbers, so that there are ties.
    return Promise.resolve(Float32Array.from(pairs, (ids) => ids.length % 5));
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }
}

const request = fc.record({
  query: anyText,
  documents: fc.array(fc.oneof(anyText, fc.record({ title: anyText, text: anyText })), {
    maxLength: 12,
  }),
  longDocuments: fc.constantFrom('truncate' as const, 'best-passage' as const),
  blend: fc.option(fc.record({ prior: fc.constant('rank' as const), weight: fc.constant(0.3) }), {
    nil: undefined,
  }),
  budgetMs: fc.option(fc.constant(10_000), { nil: undefined }),
});

/** Objects without a text are refused, as documents without the named fields. */
const hasText = (documents: readonly Given[]): boolean =>
  documents.every((each) => typeof each === 'string' || each.title + each.text !== '');

function expectEachOnce(outcome: RerankOutcome<unknown>, documents: readonly unknown[]): void {
  const { results } = outcome;
  expect(results.map(({ index }) => index).toSorted((a, b) => a - b)).toEqual([
    ...documents.keys(),
  ]);
  for (const { index, document, originalRank } of results) {
    expect(document).toBe(documents[index]);
    expect(originalRank).toBe(index + 1);
  }
  expect(results.map(({ rank }) => rank)).toEqual([...documents.keys()].map((at) => at + 1));
}

describe('a run over any texts', () => {
  it('has every candidate once, ties in their order, passages inside their texts, and pairs as the model expects them', async () => {
    const backend = new NotingBackend();
    const reranker = createRerankerOver(await openEngineOver(backend));
    const { maxTokens } = reranker.model;
    await fc.assert(
      fc.asyncProperty(
        request.filter(({ documents }) => hasText(documents)),
        async (given) => {
          backend.pairs.length = 0;
          const outcome = await reranker.rerank(given);
          expectEachOnce(outcome, given.documents);
          for (const ids of backend.pairs) {
            expect(ids.length).toBeLessThanOrEqual(maxTokens);
            expect([ids[0], ids.at(-1)]).toEqual([CLS, SEP]);
            expect(ids.filter((id) => id === CLS)).toHaveLength(1);
            expect(ids.filter((id) => id === SEP)).toHaveLength(2);
            // A query has at most half of the pair.
            expect(ids.indexOf(SEP)).toBeLessThanOrEqual(maxTokens / 2 + 1);
          }
          const results: readonly RankedResult<Given>[] = outcome.results;
          const scored = results.filter((result) => result.scored);
          if (scored.length > 0) {
            expect(scored.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
          }
          for (const [place, result] of scored.entries()) {
            const { passage, document } = result;
            if (passage) {
              const text =
                typeof document === 'string'
                  ? document
                  : document[passage.field as 'title' | 'text'];
              expect(text.slice(passage.start, passage.end)).toBe(passage.text);
            }
            const next = scored[place + 1];
            if (!next) break;
            const isTie = next.logit === result.logit && !given.blend;
            const stay = [result, next].some((one) => one.unknownLanguage);
            if (isTie && !stay) expect(next.index).toBeGreaterThan(result.index);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('takes 10,000 candidates, a query of a megabyte and a document of 10 megabytes', async () => {
    const reranker = createRerankerOver(await openEngineOver(new NotingBackend()));
    const documents = Array.from({ length: 10_000 }, (_, index) => `document ${index}`);
    documents[7] = 'word '.repeat(2_000_000);
    const outcome = await reranker.rerank({ query: 'word '.repeat(200_000), documents });
    expectEachOnce(outcome, documents);
    expect(outcome.usage).toMatchObject({ truncatedQuery: true, pairs: 10_000 });
  });

  it('can be aborted among 10,000 candidates, and the next run is not held up', async () => {
    const backend = new NotingBackend();
    const reranker = createRerankerOver(await openEngineOver(backend));
    const documents = Array.from({ length: 10_000 }, (_, index) => `document ${index}`);
    const newer = new AbortController();
    const run = reranker.rerank({
      query: 'old',
      documents,
      signal: newer.signal,
      onPartial: () => newer.abort(),
    });
    await expect(run).rejects.toMatchObject({ code: 'aborted' });
    expect(backend.pairs.length).toBeLessThan(1000);
    const outcome = await reranker.rerank({ query: 'new', documents: documents.slice(0, 3) });
    expect(outcome.complete).toBe(true);
  });

  it('is the same with a real model, whose scores are all finite', async () => {
    await using reranker = await openTinyReranker();
    await fc.assert(
      fc.asyncProperty(
        request.filter(({ documents }) => hasText(documents)),
        async (given) => {
          const outcome = await reranker.rerank(given);
          expectEachOnce(outcome, given.documents);
          for (const result of outcome.results) {
            if (result.scored) expect(Number.isFinite(result.logit)).toBe(true);
          }
        },
      ),
      { numRuns: 15 },
    );
  });
});

describe('a cascade', () => {
  it('has every candidate once, whatever each tier gives, keeps and leaves unread', async () => {
    const tier = fc.record({
      keep: fc.integer({ min: 1, max: 8 }),
      logits: fc.array(
        fc.oneof(
          fc.integer({ min: -1, max: 1 }),
          fc.float({ noNaN: true, noDefaultInfinity: true }),
        ),
        { minLength: 8, maxLength: 8 },
      ),
      foreign: fc.subarray(['0', '1', '2', '3', '4', '5', '6', '7']),
      stopsAt: fc.option(fc.constantFrom('0', '3', '7'), { nil: undefined }),
    });
    const runs = fc.tuple(
      fc.array(tier, { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 1, max: 8 }),
    );
    await fc.assert(
      fc.asyncProperty(runs, async ([tiers, count]) => {
        const documents = Array.from({ length: count }, (_, index) => String(index));
        const scorers = tiers.map(({ keep, logits, foreign, stopsAt }) => ({
          keep,
          scorer: createFakeScorer({
            logits: Object.fromEntries(logits.entries()),
            foreign,
            // As a worker does where the time is over.
            beforeText: (text) => (text === stopsAt ? Promise.resolve('stop' as const) : undefined),
          }),
        }));
        const partials: RerankOutcome<string>['results'][] = [];
        const outcome = await createRerankerOver(new CascadeScorer(scorers)).rerank({
          query: 'q',
          documents,
          budgetMs: 60_000 + readClockMs(),
          onPartial: ({ results }) => partials.push(results),
        });
        expectEachOnce(outcome, documents);
        for (const results of partials) {
          expect(results.map(({ document }) => document).toSorted()).toEqual(documents);
        }
      }),
      { numRuns: 60 },
    );
  });
});
