import { rerank } from 'ai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRerankerOver } from '../../src/client/reranker.ts';
import { rerankingModel } from '../../src/integrations/ai-sdk.ts';
import type { Reranker } from '../../src/shared/types.ts';
import { createFakeScorer } from '../client/fake-scorer.ts';
import { documents, openTinyReranker, query } from './tiny-reranker.ts';

describe('a reranker as a model of the AI SDK', () => {
  let reranker: Reranker;
  beforeAll(async () => (reranker = await openTinyReranker()));
  afterAll(() => reranker.dispose());

  it('gives `rerank()` the same order and scores', async () => {
    const { results } = await reranker.rerank({ query, documents });
    const answer = await rerank({ model: rerankingModel(reranker), query, documents });
    expect(answer.ranking).toEqual(
      results.map(({ index, relevanceScore, document }) => ({
        originalIndex: index,
        score: relevanceScore,
        document,
      })),
    );
    expect(answer.rerankedDocuments).toEqual(results.map(({ document }) => document));
    expect(answer.response.modelId).toBe('tiny-bert');
  });

  it('takes the promise of a reranker', async () => {
    const model = rerankingModel(Promise.resolve(reranker));
    expect(model.modelId).toBe('rerank-results');
    const answer = await rerank({ model, query, documents });
    expect(answer.response.modelId).toBe('tiny-bert');
  });

  it('takes topN, and nothing to rank', async () => {
    const model = rerankingModel(reranker);
    expect((await rerank({ model, query, documents, topN: 2 })).ranking).toHaveLength(2);
    expect((await rerank({ model, query, documents: [] })).ranking).toEqual([]);
  });

  it('reads objects whole, or the fields that it is told', async () => {
    const scorer = createFakeScorer({ logits: {} });
    const over = createRerankerOver(scorer);
    const objects = [{ name: 'disk', pages: 3, more: { tags: ['a'] }, none: null }];
    await rerank({ model: rerankingModel(over), query, documents: objects });
    await rerank({
      model: rerankingModel(over, { fields: ['name'] }),
      query,
      documents: objects,
    });
    expect(scorer.asked).toEqual([['name: disk\npages: 3\nmore: {"tags":["a"]}'], ['disk']]);
  });

  it('ends with the abort signal, and is not tried again', async () => {
    const abort = new AbortController();
    let calls = 0;
    const over = createRerankerOver(
      createFakeScorer({
        logits: {},
        beforeText: () => {
          calls += 1;
          abort.abort();
          return undefined;
        },
      }),
    );
    const run = rerank({
      model: rerankingModel(over),
      query,
      documents,
      abortSignal: abort.signal,
    });
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    expect(calls).toBe(1);
  });

  it('is opened with the first call, and again where that failed', async () => {
    let openings = 0;
    const model = rerankingModel(() => {
      openings += 1;
      return openings === 1 ? Promise.reject(new Error('no model')) : Promise.resolve(reranker);
    });
    expect(model.modelId).toBe('rerank-results');
    expect(openings).toBe(0);
    await expect(rerank({ model, query, documents, maxRetries: 0 })).rejects.toThrow('no model');
    await rerank({ model, query, documents });
    await rerank({ model, query, documents });
    expect(openings).toBe(2);
  });
});
