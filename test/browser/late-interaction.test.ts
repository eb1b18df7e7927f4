import { afterAll, describe, expect, it } from 'vitest';
import { createReranker, type Reranker } from 'rerank-results';

const documents = [
  'The buffer manager writes dirty pages at a checkpoint.',
  'auto_explain logs the execution plans of slow statements automatically.',
  'A sequence is a special table with a single row.',
  'log_min_duration_statement writes every statement that runs longer than this to the log.',
  'Grant and revoke change who may read a table.',
];
const query = 'how do I find slow statements';

describe('late interaction', () => {
  const opened: Reranker[] = [];
  afterAll(() => Promise.all(opened.map((reranker) => reranker.dispose())));
  const open = async (options: Parameters<typeof createReranker>[0]): Promise<Reranker> => {
    const reranker = await createReranker(options);
    opened.push(reranker);
    return reranker;
  };

  it('has the model read only the most alike, with the scores that it gives alone', async () => {
    const all = await (await open({ device: 'wasm' })).rerank({ query, documents });
    const reranker = await open({ device: 'wasm', lateInteraction: 2 });
    const { results, usage } = await reranker.rerank({ query, documents });
    const read = results.filter(({ tier }) => tier === 2);
    expect(read.map(({ index }) => index).sort()).toEqual([1, 3]);
    for (const { index, logit } of read) {
      expect(logit).toBe(all.results.find((other) => other.index === index)?.logit);
    }
    const others = results.filter(({ tier }) => tier === 1);
    expect(others).toHaveLength(3);
    for (const { logit, similarityOnly, relevanceScore } of others) {
      expect(Math.abs(logit)).toBeLessThanOrEqual(1);
      expect([similarityOnly, relevanceScore]).toEqual([true, 0]);
    }
    expect(usage.pairs).toBe(7);
  });

  it('leaves all to the model where the engine cannot compare', async () => {
    const options = { modelBaseUrl: '/test/models/', model: 'tiny-bert', dtype: 'fp32' } as const;
    const reranker = await open({ ...options, device: 'wasm', lateInteraction: 2 });
    const { results, usage } = await reranker.rerank({ query, documents });
    expect(usage.pairs).toBe(5);
    expect(results.every(({ tier }) => tier === undefined)).toBe(true);
  });

  it.each([0, 1.5, Number.NaN])('refuses %s', async (lateInteraction) => {
    await expect(createReranker({ lateInteraction })).rejects.toMatchObject({
      code: 'invalid-input',
      details: { argument: 'lateInteraction' },
    });
  });
});
