import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  createReranker,
  measureDownload,
  type LoadProgress,
  type RankedResult,
  type Reranker,
  type RerankerOptions,
  type RerankerTier,
} from 'rerank-results';
import { addElement, found, nextEvent } from './element/stage.ts';

const base = { modelBaseUrl: '/test/models/', device: 'wasm' } as const;
const query = 'find slow queries in postgres';
const subjects = ['index', 'log', 'lock', 'vacuum', 'view', 'bread', 'role', 'trigger'];
const makeDocuments = (count: number): string[] =>
  Array.from({ length: count }, (_, index) =>
    `${index} a ${subjects[index % subjects.length]} of a table `.repeat(1 + (index % 9)),
  );
const KEEP = 5;
const tiers = [
  { model: 'tiny-bert', keep: KEEP, maxTokens: 32 },
  { model: 'tiny-distilbert' },
] as const satisfies readonly RerankerTier[];

const logitOf = (results: readonly RankedResult<string>[]): Map<number, number> =>
  new Map(results.flatMap((result) => (result.scored ? [[result.index, result.logit]] : [])));

afterEach(() => {
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

describe('a reranker with two models', () => {
  const documents = makeDocuments(20);
  let cascade: Reranker;
  let first: Reranker;
  let second: Reranker;

  beforeAll(async () => {
    cascade = await createReranker({ ...base, tiers });
    first = await createReranker({ ...base, model: 'tiny-bert', maxTokens: 32 });
    second = await createReranker({ ...base, model: 'tiny-distilbert' });
  });
  afterAll(() => Promise.all([cascade, first, second].map((one) => one.dispose())));

  it('gives the best of the first the logits that the second has alone, and the others the first’s', async () => {
    const byFirst = await first.rerank({ query, documents });
    const survivors = byFirst.results.slice(0, KEEP).map(({ index }) => index);
    const bySecond = await second.rerank({
      query,
      documents: survivors.map((index) => documents[index] ?? ''),
    });
    const outcome = await cascade.rerank({ query, documents });

    expect(outcome.complete).toBe(true);
    const [top, rest] = [outcome.results.slice(0, KEEP), outcome.results.slice(KEEP)];
    expect(top.map(({ index, logit }) => [index, logit])).toEqual(
      bySecond.results.map(({ index, logit }) => [survivors[index], logit]),
    );
    expect(top.every(({ tier }) => tier === 2)).toBe(true);
    expect(rest.map(({ index, logit }) => [index, logit])).toEqual(
      byFirst.results.slice(KEEP).map(({ index, logit }) => [index, logit]),
    );
    expect(rest.every(({ tier, share }) => tier === 1 && share === 0)).toBe(true);
    expect(outcome.usage.pairs).toBe(documents.length + KEEP);
  });

  it('says which models it has', () => {
    const { id, tiers: models } = cascade.model;
    expect(id).toBe('tiny-distilbert');
    expect(models?.map((model) => [model.id, model.maxTokens])).toEqual([
      ['tiny-bert', 32],
      ['tiny-distilbert', second.model.maxTokens],
    ]);
    expect(first.model).not.toHaveProperty('tiers');
  });

  it('keeps the scores of both models for the next run', async () => {
    await cascade.rerank({ query, documents });
    const { usage } = await cascade.rerank({ query, documents });
    expect(usage.cachedPairs).toBe(documents.length + KEEP);
  });

  it('gives orders of the first model first, and ends in that of a run without them', async () => {
    const fresh = 'how to lock a table';
    const seen: (number | undefined)[] = [];
    const outcome = await cascade.rerank({
      query: fresh,
      documents,
      onPartial: ({ results }) => {
        seen.push(results[0]?.scored ? results[0].tier : undefined);
      },
    });
    expect(seen[0]).toBe(1);
    expect(seen.at(-1)).toBe(2);
    const again = await cascade.rerank({ query: fresh, documents });
    expect(again.results).toEqual(outcome.results);
  });

  it('rejects where it is aborted between the two, and serves the next run', async () => {
    const many = makeDocuments(30);
    const controller = new AbortController();
    const run = cascade.rerank({
      query: 'aborted',
      documents: many,
      signal: controller.signal,
      onPartial: ({ scoredCount }) => {
        if (scoredCount === many.length) controller.abort();
      },
    });
    await expect(run).rejects.toMatchObject({ code: 'aborted' });
    const alone = await second.rerank({ query, documents: [documents[0] ?? ''] });
    const next = await cascade.rerank({ query, documents: [documents[0] ?? ''] });
    expect(logitOf(next.results)).toEqual(logitOf(alone.results));
  });

  it('answers in the first model’s order where the time was not enough for more', async () => {
    const many = makeDocuments(800);
    const outcome = await cascade.rerank({ query: 'budget', documents: many, budgetMs: 5 });
    expect(outcome).toMatchObject({ complete: false, stoppedBy: 'budget' });
    const scored = outcome.results.flatMap((result) => (result.scored ? [result] : []));
    expect(scored.every(({ tier }) => tier === 1)).toBe(true);
    const logits = scored.map(({ logit }) => logit);
    expect(logits).toEqual(logits.toSorted((a, b) => b - a));
    expect(outcome.results).toHaveLength(800);
  });

  it('is complete where the time is enough', async () => {
    const outcome = await cascade.rerank({ query: 'enough', documents, budgetMs: 600_000 });
    expect(outcome.complete).toBe(true);
  });
});

describe('loading several models', () => {
  it('reports the bytes of all, never going back', async () => {
    const reports: LoadProgress[] = [];
    await using cascade = await createReranker({
      ...base,
      tiers: 'tiny-bert:5:32 tiny-distilbert',
      onProgress: (progress) => reports.push(progress),
    });
    const sizes = cascade.model.tiers?.map(({ totalBytes }) => totalBytes) ?? [];
    const totalBytes = sizes.reduce((sum, bytes) => sum + bytes, 0);
    expect(new Set(reports.map((report) => report.totalBytes))).toEqual(new Set([totalBytes]));
    expect(reports.at(-1)).toMatchObject({ loadedBytes: totalBytes });
    const loaded = reports.map(({ loadedBytes }) => loadedBytes);
    expect(loaded).toEqual(loaded.toSorted((a, b) => a - b));
    const { totalBytes: measured } = await measureDownload({ ...base, tiers });
    expect(measured).toBe(totalBytes);
  });

  it('fails where one cannot be loaded, and leaves no worker', async () => {
    let running = 0;
    class CountedWorker extends Worker {
      constructor(...args: ConstructorParameters<typeof Worker>) {
        super(...args);
        running += 1;
      }

      override terminate(): void {
        super.terminate();
        running -= 1;
      }
    }
    vi.stubGlobal('Worker', CountedWorker);
    const opening = createReranker({ ...base, tiers: 'tiny-bert no-such-model' });
    await expect(opening).rejects.toMatchObject({ code: 'model-load' });
    expect(running).toBe(0);
  });

  it.each<[RerankerOptions, string]>([
    [{ tiers, model: 'tiny-bert' }, 'model'],
    [{ tiers: '' }, 'tiers'],
    [{ tiers: '../models:3 tiny-bert' }, 'model'],
    [{ tiers: 'tiny-bert:3:8 tiny-distilbert' }, 'maxTokens'],
    [{ model: 'tiny-bert', stopSpreads: 2 }, 'stopSpreads'],
    [{ tiers, stopSpreads: 0 }, 'stopSpreads'],
  ])('refuses %j', async (options, argument) => {
    const opening = createReranker({ ...base, ...options });
    await expect(opening).rejects.toMatchObject({
      code: 'invalid-input',
      details: { argument },
    });
  });
});

describe('the element’s `tiers`', () => {
  it.each([
    ['as an attribute', 'tiny-bert:2:48 tiny-distilbert'],
    ['as a list', [{ model: 'tiny-bert', keep: 2, maxTokens: 48 }, { model: 'tiny-distilbert' }]],
  ] as const)('counts in place of `model`, %s', async (_form, value) => {
    const element = addElement({ model: 'no-such-model', search: () => found });
    if (typeof value === 'string') element.setAttribute('tiers', value);
    else element.tiers = value;
    element.query = query;
    const { detail } = await nextEvent(element, 'rerank-complete');
    expect(detail.model.tiers?.map(({ id }) => id)).toEqual(['tiny-bert', 'tiny-distilbert']);
    expect(detail.results.map((result) => result.scored && result.tier)).toEqual([2, 2, 1]);
    await element.updateComplete;
    expect(element.renderRoot.querySelectorAll('[part="item"]')).toHaveLength(3);
  });

  it('says what is wrong with them, and the search’s order stays', async () => {
    const element = addElement({ search: () => found, tiers: 'tiny-bert:few tiny-distilbert' });
    element.query = query;
    const { detail } = await nextEvent(element, 'rerank-error');
    expect(detail.error).toMatchObject({
      code: 'invalid-input',
      details: { argument: 'tiers[0].keep' },
    });
  });
});
