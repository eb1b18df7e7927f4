import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openNodeReranker } from '../../src/cli/node-engine.ts';
import { CascadeScorer } from '../../src/client/cascade.ts';
import { RememberingScorer } from '../../src/client/remembering-scorer.ts';
import { createRerankerOver } from '../../src/client/reranker.ts';
import type { RerankRequest, RerankResult } from '../../src/shared/types.ts';
import { FakeBackend, openEngineOver } from './fake-backend.ts';

const folder = fileURLToPath(new URL('../../public/models/minilm-l6-split', import.meta.url));
const filler = (count: number, name = 'part'): string =>
  Array.from(
    { length: count },
    (_, index) => `The committee of ${name} ${index} met and agreed on nothing new.`,
  ).join(' ');
const answer = 'When the disk is full, the server stops accepting writes until space is freed.';
const query = 'what happens when the disk is full';
const longPage = { title: 'Minutes', text: `${filler(60)} ${answer} ${filler(60)}` };
const shortPage = { title: 'Disks', text: 'A disk has sectors and a controller.' };
const documents = [shortPage, longPage];

describe('long documents', () => {
  it('finds the answer in the middle of a page, and says where it is', async () => {
    await using reranker = await openNodeReranker({ folder });
    const cut = await reranker.rerank({ query, documents });
    expect(cut.results[0]?.document).toBe(shortPage);
    expect(cut.results[1]).toMatchObject({ truncated: true });
    expect(cut.results[1]).not.toHaveProperty('passage');

    const { results, usage } = await reranker.rerank({
      query,
      documents,
      longDocuments: 'best-passage',
      passageTokens: 64,
    });
    const [first, second] = results;
    expect(first?.document).toBe(longPage);
    expect(first?.relevanceScore).toBeGreaterThan(0.5);
    expect(first?.truncated).toBe(false);
    const { passage } = first as RerankResult<typeof longPage>;
    expect(passage?.field).toBe('text');
    expect(passage?.text).toContain(answer);
    expect(longPage.text.slice(passage?.start, passage?.end)).toBe(passage?.text);
    // A short document is one passage, and has the score that it has alone.
    expect(second?.passage).toEqual({
      field: 'text',
      start: 0,
      end: shortPage.text.length,
      text: shortPage.text,
    });
    expect(second?.logit).toBe(cut.results[0]?.logit);
    // Two of the long one and the short one, which was read before.
    expect(usage).toMatchObject({ pairs: 3, cachedPairs: 1, truncatedDocuments: 0 });
  });

  it('gives the score that the best passage has as a document of its own', async () => {
    await using reranker = await openNodeReranker({ folder });
    const { results } = await reranker.rerank({
      query,
      documents: [longPage],
      longDocuments: 'best-passage',
      maxPassages: 50,
    });
    const [best] = results;
    const alone = await reranker.rerank({
      query,
      documents: [{ title: longPage.title, text: best?.passage?.text ?? '' }],
    });
    expect(alone.results[0]?.logit).toBe(best?.logit);
  });

  it('reads the text’s own words however long its other fields are', async () => {
    await using reranker = await openNodeReranker({ folder });
    const summary = 'Minutes of a meeting about nothing much, once more. '.repeat(80);
    const { results } = await reranker.rerank({
      query,
      documents: [{ summary, text: longPage.text }],
      fields: ['summary', 'text'],
      longDocuments: 'best-passage',
    });
    const [best] = results;
    expect(best).toMatchObject({ truncated: false, passage: { field: 'text' } });
    expect(best?.passage?.text).toContain(answer);
  });

  it('reads plain texts in passages too', async () => {
    await using reranker = await openNodeReranker({ folder });
    const { results } = await reranker.rerank({
      query,
      documents: [longPage.text],
      longDocuments: 'best-passage',
    });
    expect(results[0]?.passage).not.toHaveProperty('field');
    expect(results[0]?.passage?.text).toContain(answer);
  });

  it('reads no more passages of a document than it is told', async () => {
    await using reranker = await openNodeReranker({ folder });
    const request = { query, documents: [longPage], longDocuments: 'best-passage' } as const;
    const one = await reranker.rerank({ ...request, maxPassages: 1 });
    expect(one.usage.pairs).toBe(1);
    expect(one.results[0]?.passage?.text).toContain(answer);
    const five = await reranker.rerank({ ...request, maxPassages: 5 });
    expect(five.usage).toMatchObject({ pairs: 5, cachedPairs: 1 });
    expect(five.results[0]?.logit).toBeGreaterThanOrEqual(one.results[0]?.logit ?? Number.NaN);
  });

  it('makes passages that fit a model told to read little', async () => {
    await using reranker = await openNodeReranker({ folder, maxTokens: 64 });
    const { results } = await reranker.rerank({
      query,
      documents: [longPage],
      longDocuments: 'best-passage',
    });
    expect(results[0]).toMatchObject({ truncated: false });
    expect(results[0]?.passage?.text.length).toBeLessThan(400);
  });

  it('refuses what is too long where it shall', async () => {
    await using reranker = await openNodeReranker({ folder });
    const request = { query, longDocuments: 'error' } as const;
    await expect(reranker.rerank({ ...request, documents: [shortPage] })).resolves.toMatchObject({
      complete: true,
    });
    await expect(reranker.rerank({ ...request, documents })).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('"Minutes') as string,
    });
  });

  it('reads no more of a query than any model could', async () => {
    const seen: string[] = [];
    const engine = await openEngineOver(new FakeBackend(1));
    const reranker = createRerankerOver({
      model: engine.model,
      score: (asked) => {
        seen.push(asked);
        throw new Error('enough');
      },
      warmup: () => Promise.resolve(),
      dispose: () => Promise.resolve(),
    });
    await expect(reranker.rerank({ query: 'a'.repeat(5e6), documents })).rejects.toThrow('enough');
    expect(seen[0]?.length).toBe(10_000);
  });

  it.each([
    [{ longDocuments: 'cut' }, 'longDocuments'],
    [{ maxPassages: 0 }, 'maxPassages'],
    [{ passageTokens: 8 }, 'passageTokens'],
    [{ minScore: 1.5 }, 'minScore'],
    [{ minScore: Number.NaN }, 'minScore'],
  ])('refuses %j', async (options, name) => {
    const reranker = createRerankerOver(await openEngineOver(new FakeBackend(1)));
    const request = { query, documents, ...options } as RerankRequest<object>;
    await expect(reranker.rerank(request)).rejects.toMatchObject({
      code: 'invalid-input',
      details: { argument: name },
    });
  });

  it('reads one passage of every document before the second of any, and says what is left unread', async () => {
    const backend = new FakeBackend(1);
    backend.answersAfterMs = 1;
    const engine = await openEngineOver(backend);
    const pages = ['a', 'b', 'c'].map((name) => filler(80, name));
    const seen: number[][] = [];
    const summary = await engine.score('committee', pages, {
      passages: { tokens: 60, most: 3, headLengths: [0, 0, 0] },
      onScores: ({ indices, soFar: { pendingTexts = 0 } }) => seen.push([...indices, pendingTexts]),
    });
    expect(backend.started).toBe(9);
    expect(seen.slice(0, 3).map(([index]) => index)).toEqual([0, 1, 2]);
    // No document is done before its third passage is.
    expect(seen.slice(0, 6).map((each) => each.at(-1))).toEqual([3, 3, 3, 3, 3, 3]);
    expect(summary).toMatchObject({ usage: { pairs: 9 }, pendingTexts: 0 });
  });

  it('ends a run in time with a passage of each, and says that it is not complete', async () => {
    const backend = new FakeBackend(1);
    backend.answersAfterMs = 20;
    const engine = await openEngineOver(backend);
    await engine.warmup();
    const reranker = createRerankerOver(engine);
    const pages = ['a', 'b'].map((name) => filler(400, name));
    const outcome = await reranker.rerank({
      query: 'committee',
      documents: pages,
      longDocuments: 'best-passage',
      passageTokens: 64,
      maxPassages: 50,
      budgetMs: 400,
    });
    expect(outcome.complete).toBe(false);
    expect(outcome.results.map(({ scored }) => scored)).toEqual([true, true]);
  });

  it('keeps passages through tiers, and remembers them', async () => {
    const open = async (): Promise<Awaited<ReturnType<typeof openEngineOver>>> => {
      const backend = new FakeBackend(1);
      backend.answersAfterMs = 1;
      return openEngineOver(backend);
    };
    const cascade = new CascadeScorer([
      { scorer: await open(), keep: 1 },
      { scorer: await open(), keep: 0 },
    ]);
    const reranker = createRerankerOver(new RememberingScorer(cascade));
    const request = {
      query: 'committee',
      documents: ['a', 'b', 'c'].map((name) => ({ title: name, text: filler(40, name) })),
      longDocuments: 'best-passage',
      passageTokens: 48,
    } as const;
    const first = await reranker.rerank(request);
    expect(first).toMatchObject({ complete: true, usage: { pairs: 8 } });
    expect(first.results.map(({ tier }) => tier)).toEqual([2, 1, 1]);
    for (const { document, passage } of first.results) {
      expect(document.text.slice(passage?.start, passage?.end)).toBe(passage?.text);
      expect(passage?.text).toMatch(/^The committee/);
    }
    const again = await reranker.rerank(request);
    expect(again.usage.cachedPairs).toBe(again.usage.pairs);
    expect(again.results).toEqual(first.results);
    const whole = await reranker.rerank({ ...request, longDocuments: 'truncate' });
    expect(whole.results[0]).not.toHaveProperty('passage');
  });
});

describe('minScore', () => {
  it('leaves out what scores less, before topN, and keeps what the model does not judge', async () => {
    await using reranker = await openNodeReranker({ folder });
    const request = {
      query,
      documents: [
        shortPage,
        { title: 'Disk full', text: answer },
        {
          title: 'Platte',
          text: 'Wenn die Platte voll ist, dann hält der Server an und nimmt keine neuen Daten mehr an, bis es wieder Platz gibt.',
        },
      ],
    };
    const all = await reranker.rerank(request);
    const best = all.results.find(({ index }) => index === 1)?.relevanceScore ?? 0;
    const { results } = await reranker.rerank({ ...request, minScore: best });
    expect(results.map(({ index }) => index)).toEqual([1, 2]);
    expect(results[1]?.unknownLanguage).toBe(true);
    const top = await reranker.rerank({ ...request, minScore: best, topN: 1 });
    expect(top.results.map(({ index }) => index)).toEqual([1]);
    // Places are those of the whole order.
    expect(top.results[0]?.rank).toBe(1);
  });
});
