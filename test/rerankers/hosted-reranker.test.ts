import type { ServerResponse } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { createHostedReranker, type RerankApi } from '../../src/rerankers/index.ts';
import { sendJson, startService, type SeenRequest } from './service-server.ts';

const documents = ['bread', 'soup', 'a very good cake'];
/** What the service thinks of each document, by its length. */
const opinions = new Map([
  ['bread', 0.25],
  ['soup', 0.001],
  ['a very good cake', 0.9],
]);
const score = (text: string): number => opinions.get(text) ?? 0.5;
const byScore = (texts: readonly string[]): [number, number][] =>
  texts.map((text, index) => [index, score(text)] as [number, number]).sort((a, b) => b[1] - a[1]);

/** The answers that the services' documentation shows. */
const services: Record<RerankApi, (request: SeenRequest['body']) => unknown> = {
  cohere: ({ documents: texts }) => ({
    id: '07734bd2-2473-4f07-94e1-0d9f0e6843cf',
    results: byScore(texts as string[]).map(([index, relevance_score]) => ({
      index,
      relevance_score,
    })),
    meta: { api_version: { version: '2' }, billed_units: { search_units: 1 } },
  }),
  jina: ({ documents: texts }) => ({
    model: 'jina-reranker-v2-base-multilingual',
    usage: { total_tokens: 815 },
    results: byScore(texts as string[]).map(([index, relevance_score]) => ({
      index,
      relevance_score,
      document: { text: (texts as string[])[index] },
    })),
  }),
  voyage: ({ documents: texts }) => ({
    object: 'list',
    data: byScore(texts as string[]).map(([index, relevance_score]) => ({
      index,
      relevance_score,
    })),
    model: 'rerank-2.5',
    usage: { total_tokens: 26 },
  }),
  tei: ({ texts, raw_scores: isRaw }) =>
    byScore(texts as string[]).map(([index, probability]) => ({
      index,
      score: isRaw === true ? Math.log(probability / (1 - probability)) : probability,
    })),
};

describe.each(['cohere', 'jina', 'voyage', 'tei'] as const)('a hosted reranker over %s', (api) => {
  it('puts the documents in the service’s order, with its scores', async () => {
    await using service = await startService(({ body }, response) =>
      sendJson(response, services[api](body)),
    );
    await using reranker = createHostedReranker({ api, url: service.url, model: 'a-model' });
    const { results, usage, complete, model } = await reranker.rerank({ query: 'eat', documents });
    expect(results.map(({ index }) => index)).toEqual([2, 0, 1]);
    for (const { document, relevanceScore, logit } of results) {
      expect(relevanceScore).toBeCloseTo(score(document), 6);
      expect(logit).toBeCloseTo(Math.log(score(document) / (1 - score(document))), 5);
    }
    expect(complete).toBe(true);
    expect(usage.pairs).toBe(3);
    expect(usage.tokens).toBe({ cohere: 0, jina: 815, voyage: 26, tei: 0 }[api]);
    expect(model).toMatchObject({ id: 'a-model', engine: 'service', device: 'server' });
  });

  it('sends the request that the service documents', async () => {
    await using service = await startService(({ body }, response) =>
      sendJson(response, services[api](body)),
    );
    await using reranker = createHostedReranker({ api, url: service.url, model: 'a-model' });
    await reranker.rerank({ query: 'eat', documents: [{ title: 'Cake', text: 'good' }], topN: 1 });
    const texts = ['Cake\ngood'];
    expect(service.seen[0]?.body).toEqual(
      {
        cohere: { model: 'a-model', query: 'eat', documents: texts },
        jina: { model: 'a-model', query: 'eat', documents: texts, return_documents: false },
        voyage: {
          ...{ model: 'a-model', query: 'eat', documents: texts },
          ...{ return_documents: false, truncation: true },
        },
        tei: { query: 'eat', texts, raw_scores: true, return_text: false, truncate: true },
      }[api],
    );
  });
});

describe('a hosted reranker', () => {
  const answerAsCohere = ({ body }: SeenRequest, response: ServerResponse): void =>
    sendJson(response, services.cohere(body));

  it('honours blend, topN and fields as every reranker', async () => {
    await using service = await startService(answerAsCohere);
    await using reranker = createHostedReranker({ api: 'cohere', url: service.url });
    const { results } = await reranker.rerank({
      query: 'eat',
      documents: documents.map((name) => ({ name })),
      fields: ['name'],
      topN: 2,
      blend: { prior: 'rank', weight: 1 },
    });
    expect(results.map(({ index }) => index)).toEqual([0, 1]);
  });

  it('asks in several requests where there are more documents than one may have', async () => {
    await using service = await startService(({ body }, response) =>
      sendJson(response, services.tei(body)),
    );
    await using reranker = createHostedReranker({ api: 'tei', url: service.url });
    const many = Array.from({ length: 70 }, (_, index) => `text ${index}`);
    const counts: number[] = [];
    const { results } = await reranker.rerank({
      query: 'eat',
      documents: many,
      onPartial: ({ scoredCount }) => counts.push(scoredCount),
    });
    expect(service.seen.map(({ body }) => (body.texts as string[]).length)).toEqual([32, 32, 6]);
    expect(counts).toEqual([32, 64]);
    expect(new Set(results.map(({ index }) => index)).size).toBe(70);
  });

  it('does not ask twice for the same', async () => {
    await using service = await startService(answerAsCohere);
    await using reranker = createHostedReranker({ api: 'cohere', url: service.url });
    await reranker.rerank({ query: 'eat', documents });
    const { usage } = await reranker.rerank({ query: 'eat', documents });
    expect(service.seen).toHaveLength(1);
    expect(usage.cachedPairs).toBe(3);
  });

  it('sends no text without a word in it, and puts it last', async () => {
    await using service = await startService(answerAsCohere);
    await using reranker = createHostedReranker({ api: 'cohere', url: service.url });
    const { results } = await reranker.rerank({ query: 'eat', documents: [' ', 'soup', ''] });
    expect(service.seen[0]?.body.documents).toEqual(['soup']);
    expect(results.map(({ index }) => index)).toEqual([1, 0, 2]);
  });

  it('gives the whole text as the passage that was asked for', async () => {
    await using service = await startService(answerAsCohere);
    await using reranker = createHostedReranker({ api: 'cohere', url: service.url });
    const { results } = await reranker.rerank({
      query: 'eat',
      documents: [{ title: 'Cake', text: 'good' }],
      longDocuments: 'best-passage',
    });
    expect(results[0]?.passage).toEqual({ field: 'text', start: 0, end: 4, text: 'good' });
  });

  it('takes scores of 0 and 1, and logits where it is told', async () => {
    await using service = await startService((_, response) =>
      sendJson(response, {
        results: [
          { index: 1, relevance_score: 1 },
          { index: 0, relevance_score: 0 },
        ],
      }),
    );
    await using reranker = createHostedReranker({ api: 'jina', url: service.url });
    const { results } = await reranker.rerank({ query: 'eat', documents: ['a', 'b'] });
    expect(results.map(({ relevanceScore }) => relevanceScore)).toEqual([
      expect.closeTo(1, 12),
      expect.closeTo(0, 12),
    ]);
    await using plain = createHostedReranker({ api: 'jina', url: service.url, scores: 'logit' });
    const again = await plain.rerank({ query: 'eat', documents: ['a', 'b'] });
    expect(again.results.map(({ logit }) => logit)).toEqual([1, 0]);
  });

  it('ends with its budget, with the order of the request', async () => {
    await using service = await startService(() => undefined);
    await using reranker = createHostedReranker({ api: 'cohere', url: service.url });
    const outcome = await reranker.rerank({ query: 'eat', documents, budgetMs: 50 });
    expect(outcome).toMatchObject({ complete: false, stoppedBy: 'budget' });
    expect(outcome.results.map(({ index, scored }) => [index, scored])).toEqual([
      [0, false],
      [1, false],
      [2, false],
    ]);
  });

  it('is ended by the caller’s signal and by dispose', async () => {
    let tellArrival = (): void => undefined;
    const arrival = new Promise<void>((resolve) => (tellArrival = resolve));
    await using service = await startService(() => tellArrival());
    const reranker = createHostedReranker({ api: 'cohere', url: service.url });
    const abort = new AbortController();
    const run = reranker.rerank({ query: 'eat', documents, signal: abort.signal });
    await arrival;
    abort.abort();
    await expect(run).rejects.toMatchObject({ code: 'aborted', name: 'AbortError' });
    const other = reranker.rerank({ query: 'drink', documents });
    await reranker.dispose();
    await expect(other).rejects.toMatchObject({ code: 'disposed' });
    await expect(reranker.rerank({ query: 'x', documents })).rejects.toMatchObject({
      code: 'disposed',
    });
  });

  it('sends nothing where there is nothing to rank', async () => {
    await using service = await startService(answerAsCohere);
    await using reranker = createHostedReranker({ api: 'cohere', url: service.url });
    await reranker.warmup();
    await reranker.rerank({ query: 'eat', documents: [] });
    expect(service.seen).toEqual([]);
  });
});

describe('a service that fails', () => {
  const result = (index: unknown, relevance_score: unknown): object => ({ index, relevance_score });
  const json =
    (body: unknown, status = 200) =>
    (_: SeenRequest, response: ServerResponse): void =>
      sendJson(response, body, status);

  it.each<[string, (request: SeenRequest, response: ServerResponse) => void, RegExp]>([
    ['a status of 500', json({ message: 'out of order' }, 500), /status 500: out of order/],
    ['a status of 401', json({ detail: 'no key' }, 401), /key or session.*401\): no key/],
    ['a status of 429', json({ error: 'slow down' }, 429), /too many requests.*slow down/],
    [
      'HTML',
      (_, response) => response.setHeader('content-type', 'text/html').end('<h1>Sign in</h1>'),
      /did not answer with JSON/,
    ],
    ['an error page', (_, response) => response.writeHead(502).end('<h1>Bad</h1>'), /status 502\./],
    ['a list', json([]), /must be an object/],
    ['no results', json({}), /results must be a list/],
    ['a result that is null', json({ results: [null] }), /results\[0\] must be an object/],
    ['a missing index', json({ results: [result(0, 0.5)] }), /document 1 has no score/],
    [
      'a repeated index',
      json({ results: [result(0, 0.5), result(0, 0.4), result(1, 0.1)] }),
      /index 0 comes twice/,
    ],
    ['an index of nothing', json({ results: [result(2, 0.5)] }), /index 2 is of none/],
    ['a negative index', json({ results: [result(-1, 0.5)] }), /index -1 is of none/],
    ['an index in a text', json({ results: [result('0', 0.5)] }), /index must be a whole number/],
    ['a score of NaN', json({ results: [result(0, Number.NaN)] }), /must be a number/],
    ['a score of null', json({ results: [result(0, null)] }), /must be a number/],
    ['a score beyond 32 bits', json({ results: [result(0, 1e39)] }), /must be a number/],
    ['a logit', json({ results: [result(0, 7.7), result(1, -2)] }), /scores: 'logit'/],
    [
      'too much',
      (_, response) => response.end(JSON.stringify({ results: [], more: 'x'.repeat(5000) })),
      /more than 1000 bytes/,
    ],
    ['a cut connection', (_, response) => response.destroy(), /could not be reached/],
    [
      'a redirect',
      (_, response) => response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end(),
      /could not be reached/,
    ],
  ])('by %s gives a typed error', async (_, answer, message) => {
    await using service = await startService(answer);
    await using reranker = createHostedReranker({
      api: 'cohere',
      url: service.url,
      maxBytes: 1000,
    });
    const run = reranker.rerank({ query: 'eat', documents: ['a', 'b'] });
    await expect(run).rejects.toThrow(message);
    await expect(run).rejects.toMatchObject({
      code: 'service-failed',
      details: { url: service.url },
    });
  });

  it('by silence gives a typed error after its time', async () => {
    await using service = await startService(() => undefined);
    await using reranker = createHostedReranker({ api: 'tei', url: service.url, timeoutMs: 40 });
    await expect(reranker.rerank({ query: 'eat', documents })).rejects.toThrow(/within 40 ms/);
  });
});

it('a hosted reranker refuses to look for long documents, and sends nothing', async () => {
  await using service = await startService(() => undefined);
  await using reranker = createHostedReranker({ api: 'tei', url: service.url });
  const run = reranker.rerank({ query: 'eat', documents, longDocuments: 'error' });
  await expect(run).rejects.toMatchObject({
    code: 'invalid-input',
    message: expect.stringContaining('a hosted reranker cannot tell how much') as string,
    details: { argument: 'longDocuments' },
  });
  expect(service.seen).toEqual([]);
});

describe('the options of a hosted reranker', () => {
  const good = { api: 'cohere', url: 'http://127.0.0.1/rerank' } as const;

  it.each([
    [{ ...good, api: 'openai' as RerankApi }, /api must be one of cohere, jina, voyage, tei/],
    [{ ...good, url: '/rerank' }, /url must be an absolute URL/],
    [{ ...good, url: 'ftp://example.org/' }, /url must be/],
    [{ ...good, url: 'http://user:password@127.0.0.1/' }, /url must be/],
    [{ ...good, timeoutMs: 0 }, /timeoutMs/],
    [{ ...good, maxBytes: 0.5 }, /maxBytes/],
    [{ ...good, maxDocuments: 0 }, /maxDocuments/],
    [{ ...good, scores: 'percent' as 'logit' }, /scores/],
    [{ ...good, headers: { 'not a name': 'x' } }, /headers/],
  ])('are checked: %j', (options, message) => {
    expect(() => createHostedReranker(options)).toThrow(message);
  });

  it.each(['x-api-key', 'X-Goog-Api-Key', 'Ocp-Apim-Subscription-Key'])(
    'refuse the key header %s of any service',
    (name) => {
      vi.stubGlobal('location', new URL('https://docs.example.org/page'));
      try {
        const url = 'https://api.example.com/rerank';
        const create = (): unknown =>
          createHostedReranker({ ...good, url, headers: { [name]: 'x' } });
        expect(create).toThrow(`${name.toLowerCase()} must not be sent`);
      } finally {
        vi.unstubAllGlobals();
      }
    },
  );

  it('refuse a key that a page would send to another origin', () => {
    const headers = { Authorization: 'Bearer secret' };
    const create = (url: string): unknown => createHostedReranker({ api: 'cohere', url, headers });
    const elsewhere = 'https://api.cohere.com/v2/rerank';
    // Here, in Node, a key is on the site's own server.
    expect(() => create(elsewhere)).not.toThrow();
    vi.stubGlobal('location', new URL('https://docs.example.org/page'));
    try {
      expect(() => create(elsewhere)).toThrow(/authorization must not be sent/);
      expect(() => create('https://docs.example.org/api/rerank')).not.toThrow();
      expect(() => create('/api/rerank')).not.toThrow();
      expect(() => create('http://localhost:8080/rerank')).not.toThrow();
      expect(() => create('http://localhost.evil.example/rerank')).toThrow(/must not be sent/);
    } finally {
      vi.unstubAllGlobals();
    }
  });
});
