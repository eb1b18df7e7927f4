import { describe, expect, it } from 'vitest';
import { CascadeScorer } from '../../src/client/cascade.ts';
import { createRerankerOver } from '../../src/client/reranker.ts';
import { readClockMs } from '../../src/shared/clock.ts';
import type { RerankOutcome, RerankPartial } from '../../src/shared/types.ts';
import { createFakeScorer, type FakeScorer } from './fake-scorer.ts';

const documents = ['a', 'b', 'c', 'd', 'e'];
/** Best first: e d c b a. */
const rising = { a: 1, b: 2, c: 3, d: 4, e: 5 };
/** Best first: a b c d e, on another scale. */
const falling = { a: 50, b: 40, c: 30, d: 20, e: 10 };

const cascadeOf = (tiers: readonly (readonly [FakeScorer, number])[], stopSpreads?: number) =>
  createRerankerOver(
    new CascadeScorer(
      tiers.map(([scorer, keep]) => ({ scorer, keep })),
      { stopSpreads },
    ),
  );
const orderOf = ({ results }: Pick<RerankPartial<string>, 'results'>): string =>
  results.map(({ document }) => document).join('');
const tiersOf = ({ results }: RerankOutcome<string>): Record<string, number | undefined> =>
  Object.fromEntries(
    results.map((result) => [result.document, result.scored ? result.tier : undefined]),
  );

describe('a cascade', () => {
  it('reads everything with the first model, and the best of it with the second', async () => {
    const [first, second] = [
      createFakeScorer({ logits: rising }),
      createFakeScorer({ logits: falling }),
    ];
    const outcome = await cascadeOf([
      [first, 3],
      [second, 0],
    ]).rerank({ query: 'q', documents });
    expect(first.asked).toEqual([documents]);
    expect(second.asked).toEqual([['e', 'd', 'c']]);
    expect(outcome.complete).toBe(true);
    expect(orderOf(outcome)).toBe('cdeba');
    expect(tiersOf(outcome)).toEqual({ a: 1, b: 1, c: 2, d: 2, e: 2 });
    expect(outcome.results.map(({ logit }) => logit)).toEqual([30, 20, 10, 2, 1]);
  });

  it('puts what got further first, whatever the scales of the models', async () => {
    const low = { a: -100, b: -101, c: -102, d: -103, e: -104 };
    const reranker = cascadeOf([
      [createFakeScorer({ logits: rising }), 2],
      [createFakeScorer({ logits: low }), 0],
    ]);
    expect(orderOf(await reranker.rerank({ query: 'q', documents }))).toBe('decba');
  });

  it('goes through more than two models', async () => {
    const third = createFakeScorer({ logits: rising });
    const reranker = cascadeOf([
      [createFakeScorer({ logits: rising }), 4],
      [createFakeScorer({ logits: falling }), 2],
      [third, 0],
    ]);
    const outcome = await reranker.rerank({ query: 'q', documents });
    expect(third.asked).toEqual([['b', 'c']]);
    expect(orderOf(outcome)).toBe('cbdea');
    expect(tiersOf(outcome)).toEqual({ a: 1, b: 3, c: 3, d: 2, e: 2 });
  });

  it('gives a model nothing that the one before it did not read', async () => {
    const third = createFakeScorer({ logits: rising });
    const reranker = cascadeOf([
      [createFakeScorer({ logits: rising }), 2],
      [createFakeScorer({ logits: falling }), 4],
      [third, 0],
    ]);
    await reranker.rerank({ query: 'q', documents });
    expect(third.asked).toEqual([['d', 'e']]);
  });

  it('lets survive what the blend puts on top, and blends each group apart', async () => {
    const second = createFakeScorer({ logits: falling });
    const reranker = cascadeOf([
      [createFakeScorer({ logits: rising }), 2],
      [second, 0],
    ]);
    const blend = { prior: 'rank', weight: 1 } as const;
    const outcome = await reranker.rerank({ query: 'q', documents, blend });
    expect(second.asked).toEqual([['a', 'b']]);
    expect(orderOf(outcome)).toBe('abcde');
  });

  it('leaves a document in an unknown language at its place, and unread by the second model', async () => {
    const second = createFakeScorer({ logits: falling });
    const reranker = cascadeOf([
      [createFakeScorer({ logits: rising, foreign: ['e'] }), 2],
      [second, 0],
    ]);
    const outcome = await reranker.rerank({ query: 'q', documents });
    expect(second.asked).toEqual([['d', 'c']]);
    expect(orderOf(outcome)).toBe('cdbae');
    expect(outcome.usage.unknownLanguageDocuments).toBe(1);
  });

  it('asks no second model where nothing survives', async () => {
    const second = createFakeScorer({ logits: falling });
    const reranker = cascadeOf([
      [createFakeScorer({ logits: rising, foreign: documents }), 2],
      [second, 0],
    ]);
    const outcome = await reranker.rerank({ query: 'q', documents });
    expect(outcome.complete).toBe(true);
    expect(orderOf(outcome)).toBe('abcde');
    expect(second.asked).toEqual([]);
  });

  it('gives shares among the documents of the last model only', async () => {
    const { results } = await cascadeOf([
      [createFakeScorer({ logits: rising }), 2],
      [createFakeScorer({ logits: { d: 0, e: 0 } }), 0],
    ]).rerank({ query: 'q', documents });
    expect(results.map(({ share }) => share)).toEqual([0.5, 0.5, 0, 0, 0]);
  });

  it('counts the work of all models, and a cut document once, as the model read it that scored it', async () => {
    const { usage, timing } = await cascadeOf([
      [createFakeScorer({ logits: rising, truncated: ['a', 'd', 'e'] }), 2],
      [createFakeScorer({ logits: falling, truncated: ['e'] }), 0],
    ]).rerank({ query: 'q', documents });
    expect(usage).toMatchObject({ pairs: 7, tokens: 70, truncatedDocuments: 2 });
    expect(timing).toMatchObject({ tokenizeMs: 2, inferMs: 14 });
  });

  it('turns each logit into a score by its own model’s calibration', async () => {
    const calibrated = (intercept: number) => ({
      calibrated: true,
      calibration: { method: 'platt', slope: 0, intercept } as const,
    });
    const reranker = cascadeOf([
      [createFakeScorer({ logits: rising, model: calibrated(-20) }), 1],
      [createFakeScorer({ logits: falling, model: calibrated(20) }), 0],
    ]);
    const { results } = await reranker.rerank({ query: 'q', documents });
    expect(results.map(({ relevanceScore }) => Math.round(relevanceScore))).toEqual([
      1, 0, 0, 0, 0,
    ]);
    expect(reranker.model.calibrated).toBe(true);
  });

  it('describes the last model and lists all; it is calibrated only if all are', () => {
    const calibration = { method: 'platt', slope: 1, intercept: 0 } as const;
    const { model } = cascadeOf([
      [createFakeScorer({ logits: {}, model: { id: 'small' } }), 2],
      [createFakeScorer({ logits: {}, model: { id: 'good', calibrated: true, calibration } }), 0],
    ]);
    expect(model).toMatchObject({ id: 'good', calibrated: false });
    expect(model).not.toHaveProperty('calibration');
    expect(model.tiers?.map(({ id }) => id)).toEqual(['small', 'good']);
  });

  it('warms up and disposes all models', async () => {
    const scorers = [createFakeScorer({ logits: {} }), createFakeScorer({ logits: {} })] as const;
    const reranker = cascadeOf([
      [scorers[0], 2],
      [scorers[1], 0],
    ]);
    await reranker.warmup();
    await reranker.dispose();
    for (const { ended } of scorers) expect(ended).toEqual({ warmups: 1, disposals: 1 });
  });

  it('is at the first model’s order when the second begins, and streams on from there', async () => {
    const reranker = cascadeOf([
      [createFakeScorer({ logits: rising }), 3],
      [createFakeScorer({ logits: falling }), 0],
    ]);
    const partials: string[] = [];
    const counts: number[] = [];
    for await (const partial of reranker.stream({ query: 'q', documents })) {
      partials.push(orderOf(partial));
      counts.push(partial.scoredCount);
    }
    expect(partials).toContain('edcba');
    expect(partials.at(-1)).toBe('cdeba');
    // A document that two models read is still one document.
    expect(counts.slice(-3)).toEqual([5, 5, 5]);
  });
});

describe('a cascade that is ended', () => {
  it('rejects between the models, and the second reads nothing', async () => {
    const controller = new AbortController();
    const second = createFakeScorer({ logits: falling });
    const first = createFakeScorer({ logits: rising });
    const run = cascadeOf([
      [
        {
          ...first,
          // The abort falls between the last score and the answer.
          score: async (...call) => {
            const summary = await first.score(...call);
            controller.abort();
            return summary;
          },
        },
        2,
      ],
      [second, 0],
    ]).rerank({ query: 'q', documents, signal: controller.signal });
    await expect(run).rejects.toMatchObject({ code: 'aborted', name: 'AbortError' });
    expect(second.asked).toEqual([]);
  });

  it('rejects while the second model reads', async () => {
    const controller = new AbortController();
    const second = createFakeScorer({
      logits: falling,
      beforeText: (text) => {
        if (text === 'd') controller.abort(new Error('typed on'));
      },
    });
    const run = cascadeOf([
      [createFakeScorer({ logits: rising }), 3],
      [second, 0],
    ]).rerank({ query: 'q', documents, signal: controller.signal });
    await expect(run).rejects.toThrow('typed on');
    expect(second.read).toEqual(['e']);
  });

  it('fails as the second model does', async () => {
    const second = createFakeScorer({
      logits: {},
      beforeText: () => Promise.reject(new Error('broken')),
    });
    const run = cascadeOf([
      [createFakeScorer({ logits: rising }), 3],
      [second, 0],
    ]).rerank({ query: 'q', documents });
    await expect(run).rejects.toThrow('broken');
  });

  it('has the first model’s order where the time is over before the second begins', async () => {
    const second = createFakeScorer({ logits: falling });
    const first = createFakeScorer({ logits: rising });
    const outcome = await cascadeOf([
      [
        {
          ...first,
          score: async (query, texts, options) => {
            const summary = await first.score(query, texts, options);
            const leftMs = (options.deadlineMs ?? 0) - readClockMs();
            await new Promise((resolve) => setTimeout(resolve, leftMs + 5));
            return summary;
          },
        },
        3,
      ],
      [second, 0],
    ]).rerank({ query: 'q', documents, budgetMs: 100 });
    expect(outcome).toMatchObject({ complete: false, stoppedBy: 'budget', usage: { pairs: 5 } });
    expect(orderOf(outcome)).toBe('edcba');
    expect(tiersOf(outcome)).toEqual({ a: 1, b: 1, c: 1, d: 1, e: 1 });
    expect(second.asked).toEqual([]);
  });

  it('does not begin the second model late, even if nobody has ended the run', async () => {
    const second = createFakeScorer({ logits: falling });
    const cascade = new CascadeScorer([
      { scorer: createFakeScorer({ logits: rising }), keep: 3 },
      { scorer: second, keep: 0 },
    ]);
    const deadlineMs = readClockMs() - 1;
    const summary = await cascade.score('q', documents, { deadlineMs, onScores: () => undefined });
    expect(summary).toMatchObject({ pendingTexts: 3, usage: { pairs: 5 } });
    expect(second.asked).toEqual([]);
  });

  it('does not begin the second model where the time was too short for the first', async () => {
    const second = createFakeScorer({ logits: falling });
    const first = createFakeScorer({
      logits: rising,
      beforeText: (text) => (text === 'd' ? Promise.resolve('stop') : undefined),
    });
    const outcome = await cascadeOf([
      [first, 2],
      [second, 0],
    ]).rerank({ query: 'q', documents, budgetMs: 60_000 });
    expect(outcome).toMatchObject({ complete: false, stoppedBy: 'budget' });
    expect(orderOf(outcome)).toBe('cbade');
    expect(second.asked).toEqual([]);
  });

  it('has what the second model read in time above the rest', async () => {
    const second = createFakeScorer({
      logits: { d: 1, e: 0 },
      beforeText: (text) => (text === 'c' ? new Promise(() => undefined) : undefined),
    });
    const outcome = await cascadeOf([
      [createFakeScorer({ logits: rising }), 3],
      [second, 0],
    ]).rerank({ query: 'q', documents, budgetMs: 200 });
    expect(outcome).toMatchObject({ complete: false, stoppedBy: 'budget', usage: { pairs: 7 } });
    expect(orderOf(outcome)).toBe('decba');
  });
});

describe('a cascade that stops when the top is sure', () => {
  const many = Array.from({ length: 30 }, (_, index) => `${index}`);
  /** The first document is the best for both models, which agree but for a little noise. */
  const logits = Object.fromEntries(many.map((name, index) => [name, -index]));
  const noisy = Object.fromEntries(many.map((name, index) => [name, -index + (index % 3) * 0.4]));
  const run = async (stopSpreads: number | undefined, topN: number | undefined) => {
    const second = createFakeScorer({ logits: noisy });
    const reranker = cascadeOf(
      [
        [createFakeScorer({ logits }), 20],
        [second, 0],
      ],
      stopSpreads,
    );
    const outcome = await reranker.rerank({
      query: 'q',
      documents: many,
      ...(topN !== undefined && { topN }),
    });
    return { outcome, readCount: second.read.length };
  };

  it('reads less, and returns the same top', async () => {
    const stopped = await run(2, 3);
    const whole = await run(undefined, 3);
    expect(stopped.readCount).toBeLessThan(12);
    expect(whole.readCount).toBe(20);
    expect(stopped.outcome.complete).toBe(true);
    expect(orderOf(stopped.outcome)).toBe(orderOf(whole.outcome));
    expect(stopped.outcome.usage.pairs).toBe(30 + stopped.readCount);
  });

  it('reads everything where the whole order is asked for', async () => {
    expect((await run(2, undefined)).readCount).toBe(20);
  });
});
