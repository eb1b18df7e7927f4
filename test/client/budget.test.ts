import { describe, expect, it } from 'vitest';
import { createRerankerOver } from '../../src/client/reranker.ts';
import type { Scorer, ScoreOptions, ScoreSummary } from '../../src/shared/protocol.ts';
import { fakeModel } from './fake-scorer.ts';

const documents = ['a', 'b', 'c', 'd'];

const summary = (pairs: number): ScoreSummary => ({
  usage: {
    pairs,
    cachedPairs: 0,
    tokens: 10 * pairs,
    truncatedDocuments: 0,
    unknownLanguageDocuments: 0,
    truncatedQuery: false,
  },
  timing: { tokenizeMs: 1, inferMs: 2 },
});

/** A scorer that gives the first texts a score, each a better one than the last, and then answers as `end` says. */
function createScorer(
  scored: number,
  end: (options: ScoreOptions) => Promise<ScoreSummary>,
): Scorer & { options?: ScoreOptions } {
  const scorer: Scorer & { options?: ScoreOptions } = {
    model: fakeModel,
    score(_query, _texts, options) {
      scorer.options = options;
      for (let index = 0; index < scored; index += 1) giveScore(options, index);
      return end(options);
    },
    warmup: () => Promise.resolve(),
    dispose: () => Promise.resolve(),
  };
  return scorer;
}

function giveScore({ onScores }: ScoreOptions, index: number): void {
  onScores({
    indices: Uint32Array.of(index),
    logits: Float32Array.of(index),
    truncated: new Uint8Array(1),
    unknownLanguage: new Uint8Array(1),
    soFar: summary(index + 1),
  });
}

/** Answers never, as a worker that is busy. */
const hang = (): Promise<ScoreSummary> => new Promise(() => undefined);
const endAtOnce = (pairs: number) => (): Promise<ScoreSummary> => Promise.resolve(summary(pairs));

describe('a run with a budget', () => {
  it('gives the best order so far when the time is over, and stops the work', async () => {
    const scorer = createScorer(2, hang);
    const reranker = createRerankerOver(scorer);
    const outcome = await reranker.rerank({ query: 'q', documents, budgetMs: 1 });
    expect(outcome).toMatchObject({ complete: false, stoppedBy: 'budget' });
    expect(outcome.results.map(({ document }) => document)).toEqual(['b', 'a', 'c', 'd']);
    expect(outcome.results.map(({ scored }) => scored)).toEqual([true, true, false, false]);
    expect(outcome.results.map(({ rank }) => rank)).toEqual([1, 2, 3, 4]);
    expect(outcome.usage).toEqual(summary(2).usage);
    expect(outcome.timing).toMatchObject(summary(2).timing);
    expect(scorer.options?.signal?.aborted).toBe(true);
  });

  it('gives the request’s order where nothing was scored', async () => {
    const reranker = createRerankerOver(createScorer(0, hang));
    const outcome = await reranker.rerank({ query: 'q', documents, budgetMs: 1, topN: 3 });
    expect(outcome).toMatchObject({ complete: false, usage: { pairs: 0, tokens: 0 } });
    expect(outcome.results).toEqual(
      ['a', 'b', 'c'].map((document, index) => ({
        document,
        index,
        rank: index + 1,
        originalRank: index + 1,
        scored: false,
      })),
    );
  });

  it('is complete where every document was scored in time', async () => {
    const reranker = createRerankerOver(createScorer(4, endAtOnce(4)));
    const outcome = await reranker.rerank({ query: 'q', documents, budgetMs: 60_000 });
    expect(outcome.complete).toBe(true);
    expect(outcome).not.toHaveProperty('stoppedBy');
    expect(outcome.results.map(({ document }) => document)).toEqual(['d', 'c', 'b', 'a']);
  });

  it('is not complete where the scorer left documents out to be in time', async () => {
    const reranker = createRerankerOver(createScorer(3, endAtOnce(3)));
    const outcome = await reranker.rerank({ query: 'q', documents, budgetMs: 60_000 });
    expect(outcome).toMatchObject({ complete: false, stoppedBy: 'budget', usage: { pairs: 3 } });
  });

  it('takes no score that comes after its answer', async () => {
    const scorer = createScorer(1, hang);
    const partials: number[] = [];
    const { results } = await createRerankerOver(scorer).rerank({
      query: 'q',
      documents,
      budgetMs: 1,
      onPartial: ({ scoredCount }) => partials.push(scoredCount),
    });
    if (scorer.options) giveScore(scorer.options, 3);
    expect(partials).toEqual([1]);
    expect(results.filter(({ scored }) => scored)).toHaveLength(1);
  });

  it('rejects where the caller aborts, whatever the time', async () => {
    const controller = new AbortController();
    const scorer = createScorer(
      1,
      ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(new Error('ended')));
        }),
    );
    const run = createRerankerOver(scorer).rerank({
      query: 'q',
      documents,
      budgetMs: 60_000,
      signal: controller.signal,
    });
    controller.abort(new Error('typed on'));
    await expect(run).rejects.toThrow('ended');
  });

  it('rejects where the caller aborted, also if the scorer saw it too late', async () => {
    const controller = new AbortController();
    const run = createRerankerOver(createScorer(1, hang)).rerank({
      query: 'q',
      documents,
      budgetMs: 1,
      signal: controller.signal,
    });
    controller.abort();
    await expect(run).rejects.toMatchObject({ code: 'aborted', name: 'AbortError' });
  });

  it('fails as the scorer does', async () => {
    const scorer = createScorer(1, () => Promise.reject(new Error('broken')));
    const run = createRerankerOver(scorer).rerank({ query: 'q', documents, budgetMs: 60_000 });
    await expect(run).rejects.toThrow('broken');
  });

  it('streams the orders up to the one that the time allowed', async () => {
    const reranker = createRerankerOver(createScorer(2, hang));
    const counts: number[] = [];
    for await (const { scoredCount, totalCount, results } of reranker.stream({
      query: 'q',
      documents,
      budgetMs: 1,
    })) {
      counts.push(scoredCount);
      expect(totalCount).toBe(4);
      expect(results).toHaveLength(4);
    }
    expect(counts.at(-1)).toBe(2);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, '100'])('refuses %s', async (budgetMs) => {
    const reranker = createRerankerOver(createScorer(4, endAtOnce(4)));
    const request = { query: 'q', documents, budgetMs: budgetMs as number };
    await expect(reranker.rerank(request)).rejects.toMatchObject({
      code: 'invalid-input',
      details: { argument: 'budgetMs' },
    });
  });
});
