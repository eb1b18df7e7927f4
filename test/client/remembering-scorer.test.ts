import { describe, expect, it } from 'vitest';
import { CascadeScorer } from '../../src/client/cascade.ts';
import { RememberingScorer } from '../../src/client/remembering-scorer.ts';
import { createRerankerOver } from '../../src/client/reranker.ts';
import { createFakeScorer } from './fake-scorer.ts';

const logits = { a: 1, b: 3, c: 2 };
const documents = ['a', 'b', 'c'];

describe('a run that was asked before', () => {
  it('is answered without its scorer, with the same results', async () => {
    const scorer = createFakeScorer({ logits });
    const reranker = createRerankerOver(new RememberingScorer(scorer));
    const first = await reranker.rerank({ query: 'q', documents });
    const partials: unknown[] = [];
    const onPartial = (partial: unknown): void => void partials.push(partial);
    const again = await reranker.rerank({ query: 'q', documents, onPartial });
    expect(scorer.asked).toHaveLength(1);
    expect(again.results).toEqual(first.results);
    expect(again.usage).toEqual({ ...first.usage, cachedPairs: 3, tokens: 0 });
    expect(again.timing.inferMs).toBe(0);
    expect(partials).toEqual([]);
  });

  it.each([
    ['another query', { query: 'r', documents }],
    ['another document', { query: 'q', documents: ['a', 'b', 'd'] }],
    ['fewer documents', { query: 'q', documents: ['a', 'b'] }],
    ['another blend', { query: 'q', documents, blend: { prior: 'rank', weight: 0.5 } as const }],
  ])('is not the same with %s', async (_name, request) => {
    const scorer = createFakeScorer({ logits });
    const reranker = createRerankerOver(new RememberingScorer(scorer));
    await reranker.rerank({ query: 'q', documents });
    await reranker.rerank(request);
    expect(scorer.asked).toHaveLength(2);
  });

  it('is not one that was ended early', async () => {
    const scorer = createFakeScorer({
      logits,
      beforeText: (text) => (text === 'c' ? Promise.resolve('stop') : undefined),
    });
    const reranker = createRerankerOver(new RememberingScorer(scorer));
    await reranker.rerank({ query: 'q', documents, budgetMs: 10_000 });
    await reranker.rerank({ query: 'q', documents, budgetMs: 10_000 });
    expect(scorer.asked).toHaveLength(2);
  });

  it('keeps the tiers of a cascade', async () => {
    const cheap = createFakeScorer({ logits });
    const good = createFakeScorer({ logits: { a: 0, b: 5, c: 9 } });
    const cascade = new CascadeScorer([
      { scorer: cheap, keep: 2 },
      { scorer: good, keep: 0 },
    ]);
    const reranker = createRerankerOver(new RememberingScorer(cascade));
    const first = await reranker.rerank({ query: 'q', documents });
    const again = await reranker.rerank({ query: 'q', documents });
    expect(again.results).toEqual(first.results);
    expect(again.results.map(({ document }) => document)).toEqual(['c', 'b', 'a']);
    expect(good.asked).toHaveLength(1);
  });

  it('is forgotten with its reranker', async () => {
    const scorer = createFakeScorer({ logits });
    const reranker = createRerankerOver(new RememberingScorer(scorer));
    await reranker.rerank({ query: 'q', documents });
    await reranker.dispose();
    await reranker.rerank({ query: 'q', documents });
    expect(scorer.asked).toHaveLength(2);
  });
});

describe('late interaction', () => {
  it('is a tier of the same scorer, which is ended once', async () => {
    const kinds: unknown[] = [];
    const scorer = createFakeScorer({
      logits,
      model: { engine: 'kernels' },
      beforeText: (_text, { kind }) => void kinds.push(kind),
    });
    const cascade = new CascadeScorer([
      { scorer, keep: 2, kind: 'similarity' },
      { scorer, keep: 0 },
    ]);
    const { results, model } = await createRerankerOver(cascade).rerank({ query: 'q', documents });
    expect(kinds).toEqual(['similarity', 'similarity', 'similarity', 'logit', 'logit']);
    expect(
      results.map(({ document, tier, similarityOnly }) => [document, tier, similarityOnly]),
    ).toEqual([
      ['b', 2, undefined],
      ['c', 2, undefined],
      ['a', 1, true],
    ]);
    expect(results[2]?.relevanceScore).toBe(0);
    expect(model.tiers?.map(({ scoresBySimilarity }) => scoresBySimilarity)).toEqual([
      true,
      undefined,
    ]);
    await cascade.dispose();
    expect(scorer.ended.disposals).toBe(1);
  });

  it('is left out where the worker that took over cannot compare', async () => {
    const kinds: unknown[] = [];
    const scorer = createFakeScorer({
      logits,
      model: { engine: 'onnxruntime' },
      beforeText: (_text, { kind }) => void kinds.push(kind),
    });
    const cascade = new CascadeScorer([
      { scorer, keep: 2, kind: 'similarity' },
      { scorer, keep: 0 },
    ]);
    const { results } = await createRerankerOver(cascade).rerank({ query: 'q', documents });
    expect(kinds).toEqual(['logit', 'logit', 'logit']);
    expect(results).toHaveLength(3);
  });
});
