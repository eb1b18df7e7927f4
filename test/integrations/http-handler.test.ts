import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CohereClient, CohereClientV2, CohereError } from 'cohere-ai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRerankHandler, type RequestHandler } from '../../src/integrations/http-handler.ts';
import { createHostedReranker } from '../../src/rerankers/index.ts';
import { RerankError } from '../../src/shared/errors.ts';
import type { Reranker, RerankResult } from '../../src/shared/types.ts';
import { documents, openTinyReranker, query } from './tiny-reranker.ts';

let reranker: Reranker;
let expected: readonly RerankResult<string>[];
beforeAll(async () => {
  reranker = await openTinyReranker();
  expected = (await reranker.rerank({ query, documents })).results;
});
afterAll(() => reranker.dispose());

const post = (path: string, body: unknown, headers = {}): Request =>
  new Request(`http://localhost${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const call = async (
  handler: RequestHandler,
  request: Request,
): Promise<{ status: number; body: unknown }> => {
  const response = await handler(request);
  expect(response.headers.get('content-type')).toBe('application/json');
  return { status: response.status, body: await response.json() };
};

/** Serves a handler on a free port, as a site's server would. */
async function serve(handler: RequestHandler): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((message, response) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.on('end', () => {
      const request = new Request(`http://localhost${message.url ?? '/'}`, {
        method: message.method ?? 'GET',
        headers: message.headers as Record<string, string>,
        ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
      });
      void handler(request).then(async (answer) => {
        response.writeHead(answer.status, Object.fromEntries(answer.headers));
        response.end(await answer.text());
      });
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

describe('the handler', () => {
  const usual = (): { index: number; relevance_score: number }[] =>
    expected.map(({ index, relevanceScore }) => ({ index, relevance_score: relevanceScore }));

  it('speaks Cohere’s v2 API', async () => {
    const { status, body } = await call(
      createRerankHandler(reranker),
      post('/v2/rerank', { model: 'rerank-v4.0-pro', query, documents, top_n: 2 }),
    );
    expect(status).toBe(200);
    expect(body).toEqual({
      id: expect.any(String) as string,
      results: usual().slice(0, 2),
      meta: { api_version: { version: '2' } },
    });
  });

  it('speaks Jina’s API, which gives documents back unless it is told not to', async () => {
    const handler = createRerankHandler(reranker);
    const wanted = { model: 'x', query, documents: [{ text: documents[0] }, documents[1]] };
    const { body } = await call(handler, post('/v1/rerank', wanted));
    expect(body).toMatchObject({
      model: 'tiny-bert',
      usage: { total_tokens: expect.any(Number) as number },
      results: [{ document: { text: expect.any(String) as string } }, {}],
    });
    const bare = await call(
      handler,
      post('/local/v1/rerank', { query, documents, return_documents: false }),
    );
    expect(bare.body).toMatchObject({ results: usual() });
    expect(JSON.stringify(bare.body)).not.toContain('document');
  });

  it('speaks Voyage’s API', async () => {
    const { body } = await call(
      createRerankHandler(reranker),
      post('/voyage/v1/rerank', { model: 'x', query, documents, top_k: 1, return_documents: true }),
    );
    expect(body).toEqual({
      object: 'list',
      data: [{ ...usual()[0], document: documents[expected[0]?.index ?? -1] }],
      model: 'tiny-bert',
      usage: { total_tokens: expect.any(Number) as number },
    });
  });

  it('speaks the API of Text Embeddings Inference, with raw scores where they are asked for', async () => {
    const handler = createRerankHandler(reranker);
    const plain = await call(handler, post('/rerank', { query, texts: documents }));
    expect(plain.body).toEqual(
      expected.map(({ index, relevanceScore }) => ({ index, score: relevanceScore })),
    );
    const raw = await call(
      handler,
      post('/rerank', { query, texts: documents, raw_scores: true, return_text: true }),
    );
    expect(raw.body).toEqual(
      expected.map(({ index, logit, document }) => ({ index, score: logit, text: document })),
    );
  });

  it('speaks one API at every path where it is told which', async () => {
    const handler = createRerankHandler(reranker, { api: 'voyage' });
    const { body } = await call(handler, post('/anything', { query, documents }));
    expect(body).toMatchObject({ object: 'list', data: usual() });
  });

  it('opens the reranker with the first request', async () => {
    let openings = 0;
    const handler = createRerankHandler(() => {
      openings += 1;
      return Promise.resolve(reranker);
    });
    expect((await call(handler, post('/v2/rerank', '{'))).status).toBe(400);
    expect(openings).toBe(0);
    const request = (): Request => post('/v2/rerank', { query, documents });
    await Promise.all([handler(request()), handler(request())]);
    expect(openings).toBe(1);
  });

  it('takes the promise of a reranker', async () => {
    const handler = createRerankHandler(Promise.resolve(reranker));
    const answer = await call(handler, post('/v2/rerank', { query, documents }));
    expect(answer).toMatchObject({ status: 200, body: { results: usual() } });
  });

  it('answers with an error where a promise of a reranker was rejected, long before', async () => {
    const handler = createRerankHandler(Promise.reject(new Error('no model')));
    await new Promise((resolve) => setImmediate(resolve));
    const answer = await call(handler, post('/v2/rerank', { query, documents }));
    expect(answer).toMatchObject({ status: 500 });
  });

  it('answers an empty list with an empty list', async () => {
    const { body } = await call(
      createRerankHandler(reranker),
      post('/rerank', { query, texts: [] }),
    );
    expect(body).toEqual([]);
  });
});

describe('a request that cannot be answered', () => {
  const paths = {
    cohere: '/v2/rerank',
    jina: '/v1/rerank',
    voyage: '/voyage/v1/rerank',
    tei: '/rerank',
  } as const;
  /** The statuses of each service, and the message under its own name. */
  const forms = {
    cohere: { invalid: 400, failed: 500, form: (message: string) => ({ message }) },
    jina: { invalid: 422, failed: 500, form: (detail: string) => ({ detail }) },
    voyage: { invalid: 400, failed: 500, form: (detail: string) => ({ detail }) },
    tei: { invalid: 422, failed: 424, form: (error: string) => ({ error }) },
  } as const;

  describe.each(['cohere', 'jina', 'voyage', 'tei'] as const)('over %s', (api) => {
    const { form, invalid, failed } = forms[api];
    const saying = (part: string): object => form(expect.stringContaining(part) as string);

    it.each<[string, string, unknown]>([
      ['no JSON', 'JSON', '{"query": '],
      ['a list', 'must be an object', []],
      ['no query', 'query must be a string', { documents, texts: documents }],
      ['no documents', 'must be a list', { query }],
      [
        'a document that is none',
        '[1] must be a string',
        { query, documents: ['a', 1], texts: ['a', 1] },
      ],
    ])('gets the service’s own error for %s', async (_, part, body) => {
      const answer = await call(createRerankHandler(reranker), post(paths[api], body));
      expect(answer).toEqual({
        status: invalid,
        body: expect.objectContaining(saying(part)) as object,
      });
    });

    it('gets it for what is too large', async () => {
      const handler = createRerankHandler(reranker, { maxBodyBytes: 300, maxDocuments: 3 });
      const many = ['a', 'b', 'c', 'd'];
      const count = await call(handler, post(paths[api], { query, documents: many, texts: many }));
      expect(count).toMatchObject({ status: 413, body: saying('4 documents') });
      const body = { query, documents, texts: documents };
      expect(await call(handler, post(paths[api], body))).toMatchObject({
        status: 413,
        body: saying('larger than 300 bytes'),
      });
    });

    it('gets it where the reranker fails, without what only the server may know', async () => {
      const body = { query, documents, texts: documents };
      const crash = createRerankHandler(() =>
        Promise.reject(new Error('ENOENT: /srv/models/x.onnx')),
      );
      expect(await call(crash, post(paths[api], body))).toMatchObject({
        status: failed,
        body: saying('The reranker failed.'),
      });
      const none = createRerankHandler(() =>
        Promise.reject(new RerankError('backend-unavailable', 'No device at gpu-7.internal.')),
      );
      expect(await call(none, post(paths[api], body))).toMatchObject({
        status: 503,
        body: saying('The reranker is not available.'),
      });
    });
  });

  it('has another method, another type or another path', async () => {
    const handler = createRerankHandler(reranker);
    const get = await handler(new Request('http://localhost/v2/rerank'));
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
    const text = post('/v2/rerank', {}, { 'content-type': 'text/plain' });
    expect((await handler(text)).status).toBe(415);
    expect(await call(handler, post('/v2/embed', {}))).toMatchObject({
      status: 404,
      body: { message: expect.stringContaining('/v2/embed') as string },
    });
  });

  it.each([0, -1, 1.5, '3'])('has a wrong top_n: %j', async (top_n) => {
    const { status } = await call(
      createRerankHandler(reranker),
      post('/v2/rerank', { query, documents, top_n }),
    );
    expect(status).toBe(400);
  });
});

describe('Cohere’s own client', () => {
  it('works with the handler when its base URL is changed', async () => {
    await using server = await serve(createRerankHandler(reranker));
    const client = new CohereClientV2({ token: 'any', environment: server.url });
    const { results, id } = await client.rerank({ model: 'any', query, documents, topN: 3 });
    expect(id).toEqual(expect.any(String));
    expect(results.map(({ index }) => index)).toEqual(
      expected.slice(0, 3).map(({ index }) => index),
    );
    expect(results[0]?.relevanceScore).toBeCloseTo(expected[0]?.relevanceScore ?? -1, 12);
  });

  it('reads the handler’s errors', async () => {
    await using server = await serve(createRerankHandler(reranker, { maxDocuments: 1 }));
    const client = new CohereClientV2({ token: 'any', environment: server.url, maxRetries: 0 });
    const run = client.rerank({ model: 'any', query, documents });
    await expect(run).rejects.toBeInstanceOf(CohereError);
    await expect(run).rejects.toMatchObject({
      statusCode: 413,
      body: { message: expect.stringContaining('4 documents') as string },
    });
  });

  it('works with its first API as well, where the handler is told', async () => {
    await using server = await serve(createRerankHandler(reranker, { api: 'cohere' }));
    const client = new CohereClient({ token: 'any', environment: server.url });
    const { results } = await client.rerank({ query, documents, returnDocuments: true, topN: 1 });
    expect(results).toMatchObject([
      { index: expected[0]?.index, document: { text: expected[0]?.document } },
    ]);
  });
});

describe('a hosted reranker over the handler', () => {
  it.each([
    ['cohere', '/v2/rerank'],
    ['jina', '/v1/rerank'],
    ['voyage', '/voyage/v1/rerank'],
    ['tei', '/rerank'],
  ] as const)('gives the scores of the reranker behind it: %s', async (api, path) => {
    await using server = await serve(createRerankHandler(reranker));
    await using hosted = createHostedReranker({ api, url: server.url + path });
    const { results } = await hosted.rerank({ query, documents });
    expect(results.map(({ index }) => index)).toEqual(expected.map(({ index }) => index));
    for (const [place, { logit }] of results.entries()) {
      expect(logit).toBeCloseTo(expected[place]?.logit ?? Number.NaN, 4);
    }
  });
});
