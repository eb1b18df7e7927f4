import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createReranker, type Reranker, type RerankPartial } from 'rerank-results';

const tiny = { model: 'tiny-split', modelBaseUrl: '/test/models/', device: 'wasm' } as const;
const words = ['index', 'vacuum', 'backup', 'role', 'query', 'trigger', 'view', 'lock', 'cursor'];
const makeDocuments = (count: number, seed: string): string[] =>
  Array.from({ length: count }, (_, index) => {
    const text = words.map((word, position) => `${word} ${index * position}`).join(' ');
    return `${seed} ${index}: ${text}`;
  });

describe('a reranker with a real model', () => {
  it('puts the document that answers first', async () => {
    await using reranker = await createReranker();
    const { results, usage, timing, model } = await reranker.rerank({
      query: 'undo the last commit but keep my changes',
      documents: [
        { title: 'git push', text: 'Updates remote refs using local refs.' },
        { title: 'git reset --soft', text: 'Moves HEAD back and leaves your changes staged.' },
        { title: 'Harbour', text: 'The harbour closes to sailing boats in November.' },
      ],
    });
    expect(results[0]).toMatchObject({ index: 1, rank: 1, originalRank: 2, truncated: false });
    expect(results[2]?.index).toBe(2);
    expect(usage).toMatchObject({ pairs: 3, cachedPairs: 0, truncatedDocuments: 0 });
    expect(usage.tokens).toBeGreaterThan(30);
    expect(timing.totalMs).toBeGreaterThanOrEqual(timing.inferMs);
    expect(model).toMatchObject({ id: 'minilm-l6-split', device: 'wasm', dtype: 'q8' });
    // No GPU is here but an imitated one, and the outcome says why it was not taken.
    expect(model.fallbackReason).toMatch(/^webgpu q8: /);
  });
});

describe('rerank', () => {
  let reranker: Reranker;
  beforeAll(async () => {
    reranker = await createReranker(tiny);
  });
  afterAll(() => reranker.dispose());

  it('gives an empty outcome for no documents', async () => {
    const outcome = await reranker.rerank({ query: 'anything', documents: [] });
    expect(outcome.results).toEqual([]);
    expect(outcome.usage).toMatchObject({ pairs: 0, cachedPairs: 0, tokens: 0 });
    expect(outcome.model).toEqual(reranker.model);
  });

  it('mixes the first stage into the order where it is asked to, and leaves the scores', async () => {
    const documents = makeDocuments(6, 'blend');
    const request = { query: 'backup role', documents };
    const alone = await reranker.rerank(request);
    const first = await reranker.rerank({ ...request, blend: { prior: 'rank', weight: 1 } });
    expect(first.results.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
    const byScore = await reranker.rerank({
      ...request,
      blend: { prior: 'score', weight: 1 },
      priorScores: [1, 2, 3, 4, 5, 6],
    });
    expect(byScore.results.map(({ index }) => index)).toEqual([5, 4, 3, 2, 1, 0]);
    const logits = (outcome: typeof alone): number[] =>
      outcome.results.toSorted((a, b) => a.index - b.index).map(({ logit }) => logit);
    expect(logits(first)).toEqual(logits(alone));
  });

  it('leaves documents in a language that the model does not read at their place', async () => {
    const german = 'Mit diesem Befehl wird ein Index angelegt, damit eine Abfrage schneller ist.';
    const documents = [...makeDocuments(2, 'x'), german, ...makeDocuments(3, 'y')];
    const { results, usage } = await reranker.rerank({ query: 'lock view', documents });
    expect(results[2]).toMatchObject({ index: 2, rank: 3, unknownLanguage: true });
    expect(results.filter(({ unknownLanguage }) => unknownLanguage)).toHaveLength(1);
    expect(usage.unknownLanguageDocuments).toBe(1);
  });

  it('gives the documents as they were passed', async () => {
    const documents = [{ title: 'a', extra: 1 }, { title: 'b' }];
    const { results } = await reranker.rerank({ query: 'q', documents });
    for (const { document, index } of results) expect(document).toBe(documents[index]);
  });

  it('reads the named fields in their order', async () => {
    const { results } = await reranker.rerank({
      query: 'table size',
      documents: [
        { name: 'Size', body: 'of tables', text: 'not read' },
        { name: 'Size\nof tables', body: '' },
        { body: 'of tables', name: 'Size' },
      ],
      fields: ['name', 'body'],
    });
    // The same text each time, so the same score and the given order.
    expect(results.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(new Set(results.map(({ logit }) => logit)).size).toBe(1);
  });

  it('returns no more than topN, with shares over all documents', async () => {
    const documents = makeDocuments(6, 'top');
    const all = await reranker.rerank({ query: 'vacuum', documents });
    const top = await reranker.rerank({ query: 'vacuum', documents, topN: 2 });
    expect(top.results).toEqual(all.results.slice(0, 2));
    const total = all.results.reduce((sum, { share }) => sum + share, 0);
    expect(total).toBeCloseTo(1, 9);
  });

  it('scores equal documents once and keeps their order', async () => {
    const documents = ['same', 'same', 'same', 'same'];
    const { results, usage } = await reranker.rerank({ query: 'same', documents });
    expect(results.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(usage).toMatchObject({ pairs: 4, cachedPairs: 3 });
  });

  it('says which documents were cut', async () => {
    const documents = ['short', 'long '.repeat(1000)];
    const { results, usage } = await reranker.rerank({ query: 'cut', documents });
    expect(usage.truncatedDocuments).toBe(1);
    expect(results.find(({ index }) => index === 1)?.truncated).toBe(true);
    expect(results.find(({ index }) => index === 0)?.truncated).toBe(false);
  });

  it('says that the query was cut', async () => {
    const cut = await reranker.rerank({ query: 'long '.repeat(500), documents: ['a', 'b'] });
    expect(cut.usage.truncatedQuery).toBe(true);
    const whole = await reranker.rerank({ query: 'short', documents: ['a', 'b'] });
    expect(whole.usage.truncatedQuery).toBe(false);
  });

  it('scores no pair twice', async () => {
    const documents = makeDocuments(5, 'cached');
    const first = await reranker.rerank({ query: 'role', documents });
    const second = await reranker.rerank({ query: 'role', documents: [...documents, 'new'] });
    expect(first.usage).toMatchObject({ pairs: 5, cachedPairs: 0 });
    expect(second.usage).toMatchObject({ pairs: 6, cachedPairs: 5 });
    const third = await reranker.rerank({ query: 'role', documents });
    expect(third.usage).toMatchObject({ cachedPairs: 5, tokens: 0 });
    expect(third.results).toEqual(first.results);
  });

  it('reports the order so far, every candidate in it, and no final order twice', async () => {
    const documents = makeDocuments(6, 'partial');
    const partials: RerankPartial<string>[] = [];
    const onPartial = (partial: RerankPartial<string>): void => {
      partials.push(partial);
    };
    await reranker.rerank({ query: 'lock', documents, onPartial });
    expect(partials.map(({ scoredCount }) => scoredCount)).toEqual([1, 2, 3, 4, 5]);
    for (const { results, totalCount } of partials) {
      expect(totalCount).toBe(6);
      expect(results.map(({ index }) => index).toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
    }
    // The first stage's best are scored first, as many at once as there are threads.
    const [first] = partials[0]?.results ?? [];
    expect(first?.scored).toBe(true);
    expect(first?.index).toBeLessThan(reranker.model.threads);
  });

  it('goes on when a listener throws, and reports what it threw', async () => {
    const report = vi.spyOn(globalThis, 'reportError').mockImplementation(() => undefined);
    const onPartial = (): void => {
      throw new Error('the caller’s mistake');
    };
    const documents = makeDocuments(3, 'throws');
    const { results } = await reranker.rerank({ query: 'lock', documents, onPartial });
    expect(results).toHaveLength(3);
    expect(report).toHaveBeenCalledWith(new Error('the caller’s mistake'));
    report.mockRestore();
  });

  it('streams orders, the last of which is the outcome', async () => {
    const documents = makeDocuments(8, 'stream');
    const orders: RerankPartial<string>[] = [];
    for await (const partial of reranker.stream({ query: 'view', documents })) orders.push(partial);
    const outcome = await reranker.rerank({ query: 'view', documents });
    const last = orders.at(-1);
    expect(last?.scoredCount).toBe(8);
    expect(last?.results.map(({ index }) => index)).toEqual(
      outcome.results.map(({ index }) => index),
    );
  });

  it('stops working when the reader of a stream leaves', async () => {
    const documents = makeDocuments(400, 'left');
    for await (const partial of reranker.stream({ query: 'cursor', documents })) {
      expect(partial.scoredCount).toBeLessThan(400);
      break;
    }
    const { usage } = await reranker.rerank({ query: 'cursor', documents });
    expect(usage.cachedPairs).toBeLessThan(400);
  });

  it('runs requests that overlap, each with its own documents', async () => {
    const outcomes = await Promise.all(
      ['trigger', 'backup', 'query'].map((query) =>
        reranker.rerank({ query, documents: makeDocuments(4, query) }),
      ),
    );
    for (const [position, query] of ['trigger', 'backup', 'query'].entries()) {
      const documents = outcomes[position]?.results.map(({ document }) => document) ?? [];
      expect(documents.every((document) => document.startsWith(query))).toBe(true);
    }
  });

  it('warms up without touching the caches', async () => {
    await reranker.warmup();
    const { usage } = await reranker.rerank({ query: 'warm', documents: ['warm'] });
    expect(usage.cachedPairs).toBe(0);
  });
});

describe('an aborted run', () => {
  it('rejects at once, and a newer run waits for one batch at most', async () => {
    await using reranker = await createReranker(tiny);
    const controller = new AbortController();
    const many = makeDocuments(800, 'aborted');
    const aborted = reranker.rerank({
      query: 'index',
      documents: many,
      signal: controller.signal,
      onPartial: () => controller.abort(new Error('typed on')),
    });
    await expect(aborted).rejects.toMatchObject({ code: 'aborted', name: 'AbortError' });
    await expect(aborted).rejects.toHaveProperty('cause.message', 'typed on');

    await reranker.rerank({ query: 'index', documents: makeDocuments(2, 'newer') });
    // Had the aborted run gone on, all its pairs would have been scored before the newer run's.
    const { usage } = await reranker.rerank({ query: 'index', documents: many });
    expect(usage.cachedPairs).toBeGreaterThan(0);
    expect(usage.cachedPairs).toBeLessThan(200);
  });

  it('does nothing where the signal was aborted before', async () => {
    await using reranker = await createReranker(tiny);
    const signal = AbortSignal.abort();
    const run = reranker.rerank({ query: 'q', documents: ['d'], signal });
    await expect(run).rejects.toMatchObject({ code: 'aborted' });
    const { usage } = await reranker.rerank({ query: 'q', documents: ['d'] });
    expect(usage.cachedPairs).toBe(0);
  });
});
