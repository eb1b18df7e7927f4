import { describe, expect, it } from 'vitest';
import { createRerankerOver } from '../../src/client/reranker.ts';
import { evaluateReranker, type EvaluationOptions } from '../../src/evaluate/run-eval.ts';
import type { Scorer } from '../../src/shared/protocol.ts';

/** Its logit for a text is the number in it. */
const readingScorer: Scorer = {
  model: {
    id: 'reads-numbers',
    revision: '0',
    engine: 'onnxruntime',
    device: 'wasm',
    dtype: 'fp32',
    threads: 1,
    maxTokens: 512,
    totalBytes: 0,
    calibrated: false,
  },
  score(_query, texts, { signal, onScores }) {
    signal?.throwIfAborted();
    const summary = {
      usage: {
        pairs: texts.length,
        cachedPairs: 0,
        tokens: 0,
        truncatedDocuments: 0,
        unknownLanguageDocuments: 0,
        truncatedQuery: false,
      },
      timing: { tokenizeMs: 0, inferMs: 0 },
    };
    onScores({
      indices: Uint32Array.from(texts, (_text, index) => index),
      logits: Float32Array.from(texts, Number),
      truncated: new Uint8Array(texts.length),
      unknownLanguage: new Uint8Array(texts.length),
      soFar: summary,
    });
    return Promise.resolve(summary);
  },
  warmup: () => Promise.resolve(),
  dispose: () => Promise.resolve(),
};

const texts = new Map([
  ['a', '1'],
  ['b', '4'],
  ['c', '3'],
  ['d', '9'],
]);
const options: EvaluationOptions<string> = {
  reranker: createRerankerOver(readingScorer),
  queries: new Map([
    ['q1', 'first'],
    ['q2', 'second'],
  ]),
  readDocument: (id) => texts.get(id),
  run: new Map([
    ['unjudged', new Map([['nowhere', 1]])],
    ['q1', new Map([...texts.keys()].map((id, index) => [id, 10 - index]))],
    ['q2', new Map([['b', 2], ['a', 1]])], // prettier-ignore
  ]),
  qrels: new Map([
    ['q1', new Map([['a', 1], ['c', 2], ['d', 3]])], // prettier-ignore
    ['q2', new Map([['a', 1]])],
    ['not in the run', new Map([['a', 1]])],
  ]),
  depth: 3,
};

describe('evaluateReranker', () => {
  it('reranks the top and keeps the order of what is deeper', async () => {
    const { queries } = await evaluateReranker(options);
    expect(queries.map(({ queryId, ranking }) => [queryId, ranking])).toEqual([
      ['q1', ['b', 'c', 'a', 'd']],
      ['q2', ['b', 'a']],
    ]);
    expect(queries.map(({ pairs }) => pairs)).toEqual([3, 2]);
  });

  it('compares the first stage, the new order and the best order of the same documents', async () => {
    const { queries, means } = await evaluateReranker({ ...options, cutoff: 2 });
    // q1: the first stage is a b c d, the oracle c a b d; q2 has its relevant document last.
    const [first, second] = queries;
    expect(first?.metrics.firstStage).toMatchObject({ reciprocalRank: 1, recall: 1 / 3 });
    expect(first?.metrics.reranked).toMatchObject({ reciprocalRank: 1 / 2, recall: 1 / 3 });
    expect(first?.metrics.oracle).toMatchObject({ reciprocalRank: 1, recall: 2 / 3 });
    expect(second?.metrics.oracle.ndcg).toBe(1);
    expect(means.reranked.reciprocalRank).toBe(1 / 2);
    expect(means.firstStage.reciprocalRank).toBe(3 / 4);
  });

  it('blends in the order of the run, or its scores', async () => {
    const orderOf = async (blend: EvaluationOptions<string>['blend']): Promise<unknown> => {
      const run = new Map([['q1', new Map([['a', 9], ['b', 8.9], ['c', 1]])]]); // prettier-ignore
      const { queries } = await evaluateReranker({ ...options, run, ...(blend && { blend }) });
      return queries[0]?.ranking;
    };
    expect(await orderOf(undefined)).toEqual(['b', 'c', 'a']);
    expect(await orderOf({ prior: 'rank', weight: 1 })).toEqual(['a', 'b', 'c']);
    // By place a leads b by ln 2, by score by almost nothing, which the model's logits outweigh.
    expect(await orderOf({ prior: 'rank', weight: 0.9 })).toEqual(['a', 'b', 'c']);
    expect(await orderOf({ prior: 'score', weight: 0.9 })).toEqual(['b', 'a', 'c']);
  });

  it('reports each query as it is done', async () => {
    const seen: string[] = [];
    await evaluateReranker({
      ...options,
      onQuery: ({ queryId }, done, total) => seen.push(`${queryId} ${done}/${total}`),
    });
    expect(seen).toEqual(['q1 1/2', 'q2 2/2']);
  });

  it('measures time by query', async () => {
    const { p50Ms, p95Ms, pairsPerSecond, queries } = await evaluateReranker(options);
    const durations = queries.map(({ durationMs }) => durationMs);
    expect(p50Ms).toBe(Math.min(...durations));
    expect(p95Ms).toBe(Math.max(...durations));
    expect(pairsPerSecond).toBeCloseTo(5000 / (p50Ms + p95Ms), 6);
  });

  it('names a document of the run that has no text', async () => {
    const failing = evaluateReranker({ ...options, readDocument: () => undefined });
    await expect(failing).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('document a') as string,
    });
  });

  it('refuses a run of which no query is judged', async () => {
    const failing = evaluateReranker({ ...options, qrels: new Map() });
    await expect(failing).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it('refuses a depth that is no whole number of 1 or more', async () => {
    const failing = evaluateReranker({ ...options, depth: 0 });
    await expect(failing).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it('ends when its signal is aborted', async () => {
    const failing = evaluateReranker({ ...options, signal: AbortSignal.abort() });
    await expect(failing).rejects.toMatchObject({ code: 'aborted' });
  });
});
