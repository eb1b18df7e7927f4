import { Document } from '@langchain/core/documents';
import * as ai from 'ai';
import instantsearch from 'instantsearch.js';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as product from '../../src/index.ts';
import * as aiSdk from '../../src/integrations/ai-sdk.ts';
import * as http from '../../src/integrations/http-handler.ts';
import * as langchain from '../../src/integrations/langchain.ts';
import * as searchClients from '../../src/integrations/search-client.ts';
import * as rerankers from '../../src/rerankers/index.ts';
import type { Reranker, RerankResult } from '../../src/shared/types.ts';
import { openAlgolia, type ShownResponse } from '../integrations/search-client-stage.ts';
import { documents, openTinyReranker, query } from '../integrations/tiny-reranker.ts';
import { sendJson, startService } from '../rerankers/service-server.ts';
import { serveAlgolia } from '../sources/engines/algolia.ts';
import { readCodeBlocks, runCode } from './code-blocks.ts';

let reranker: Reranker;
let expected: readonly RerankResult<string>[];
beforeAll(async () => {
  reranker = await openTinyReranker();
  expected = (await reranker.rerank({ query, documents })).results;
});
afterAll(() => reranker.dispose());

/** Node has no worker of a page: the model runs in this thread. */
const createReranker = (): Promise<Reranker> => Promise.resolve(reranker);
const main = { ...product, createReranker };

describe('the guide to adapters', () => {
  const [sdk = '', compressor = '', handler = ''] = readCodeBlocks('adapters', 'js');

  it('has code that ranks with the AI SDK', async () => {
    const modules = { ai, 'rerank-results': main, 'rerank-results/ai-sdk': aiSdk };
    const given = { query, documents };
    const { ranking } = await runCode(sdk, given, { modules, names: ['ranking'] });
    expect(ranking).toMatchObject(expected.map(({ index }) => ({ originalIndex: index })));
  });

  it('has code that ranks documents of LangChain', async () => {
    const pages = documents.map((pageContent) => new Document({ pageContent }));
    const modules = { 'rerank-results/langchain': langchain };
    const given = { createReranker, query, documents: pages };
    const { best } = await runCode(compressor, given, { modules, names: ['best'] });
    expect(best).toMatchObject(
      expected.map(({ document, relevanceScore }) => ({
        pageContent: document,
        metadata: { relevanceScore },
      })),
    );
  });

  it('has code that answers as hosted services do', async () => {
    const modules = { 'rerank-results/http': http };
    const found = await runCode(handler, { reranker }, { modules, names: ['handler'] });
    const answer = found['handler'] as http.RequestHandler;
    const body = JSON.stringify({ query, documents });
    const headers = { 'content-type': 'application/json' };
    const url = 'http://localhost/v2/rerank';
    const response = await answer(new Request(url, { method: 'POST', headers, body }));
    expect(await response.json()).toMatchObject({
      results: expected.map(({ index }) => ({ index })),
    });
  });
});

describe('the guide to other rerankers', () => {
  const [, proxy = '', languageModel = '', fallback = ''] = readCodeBlocks('rerankers', 'js');

  it('has a server that passes requests on and adds the key', async () => {
    await using service = await startService((_, response) => sendJson(response, { ok: 1 }, 201));
    let listener: RequestListener = () => undefined;
    await runCode(
      proxy,
      {
        fetch: (url: string, init: RequestInit) => {
          expect(url).toBe('https://api.cohere.com/v2/rerank');
          return fetch(service.url, init);
        },
        process: { env: { RERANK_API_KEY: 'secret' } },
      },
      {
        modules: {
          'node:http': {
            createServer: (given: RequestListener) => {
              listener = given;
              return { listen: () => undefined };
            },
          },
        },
      },
    );
    // The guide's own port may be taken.
    const server = createServer(listener);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    const body = JSON.stringify({ query, documents });
    const answer = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body });
    expect([answer.status, await answer.json()]).toEqual([201, { ok: 1 }]);
    expect(service.seen).toMatchObject([
      { headers: { authorization: 'Bearer secret' }, body: { query, documents } },
    ]);
    server.closeAllConnections();
    server.close();
  });

  it('has code that fails where there is no language model, and code that tells of a fallback', async () => {
    const modules = { 'rerank-results': main, 'rerank-results/rerankers': rerankers };
    await expect(runCode(languageModel, {}, { modules })).rejects.toMatchObject({
      code: 'backend-unavailable',
    });

    const reports: string[] = [];
    const given = { report: (line: string) => reports.push(line) };
    const broken = {
      ...modules,
      'rerank-results': {
        ...product,
        createReranker: () => Promise.reject(new product.RerankError('model-load', 'Not there.')),
      },
      'rerank-results/rerankers': {
        ...rerankers,
        // Outside of a page an address is whole.
        createHostedReranker: (options: rerankers.HostedRerankerOptions) =>
          rerankers.createHostedReranker({ ...options, url: `http://localhost${options.url}` }),
      },
    };
    await runCode(fallback, given, { modules: broken });
    expect(reports).toEqual(['reranker 0 → 1: Not there.']);
  });
});

describe('the guide to search clients', () => {
  const [client = '', docSearch = '', , hit = '', refresh = ''] = readCodeBlocks(
    'search-clients',
    'js',
  );
  const modules = { 'rerank-results': main, 'rerank-results/search-client': searchClients };

  it('has code whose client gives hits in the better order, with both places', async () => {
    await using algolia = await serveAlgolia();
    const found = await runCode(
      client,
      {},
      {
        modules: {
          ...modules,
          'algoliasearch/lite': { liteClient: () => openAlgolia(algolia) },
          'instantsearch.js': { default: instantsearch },
        },
        names: ['searchClient', 'search'],
      },
    );
    expect(found['search']).toMatchObject({ indexName: 'docs' });
    const { search } = found['searchClient'] as {
      search: (requests: readonly object[]) => Promise<{ results: readonly ShownResponse[] }>;
    };
    const requests = [{ indexName: 'docs', params: { query: 'restore a backup', hitsPerPage: 5 } }];
    // The first answer does not wait for the model.
    const readHit = async (): Promise<unknown> => {
      const [first] = (await search(requests)).results[0]?.hits ?? [];
      return runCode(`const place = ${hit}`, { hit: first }, { names: ['place'] });
    };
    await expect.poll(readHit).toMatchObject({
      place: {
        rank: 1,
        originalRank: expect.any(Number) as number,
        relevanceScore: expect.any(Number) as number,
      },
    });
  });

  it('has settings of DocSearch, and code that refreshes once the model is there', async () => {
    const settings: { transformSearchClient?: (client: object) => object } = {};
    const { withReranking } = searchClients;
    const docsearch = (given: object): object => Object.assign(settings, given);
    await runCode(docSearch, { docsearch, appId: 'a', apiKey: 'b', withReranking, createReranker });
    expect(settings.transformSearchClient?.({ search: () => undefined })).toHaveProperty('search');

    let refreshes = 0;
    const search = { refresh: () => (refreshes += 1) };
    const given = { createReranker, withReranking, client: { search: () => undefined }, search };
    await runCode(refresh, given);
    await expect.poll(() => refreshes).toBe(1);
  });
});
