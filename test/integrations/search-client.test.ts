import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { withReranking, type RerankingOptions } from '../../src/integrations/search-client.ts';
import { serveAlgolia } from '../sources/engines/algolia.ts';
import {
  idsOf,
  openAlgolia,
  reverseOrder,
  untilAborted,
  type ShownHit,
  type ShownResponse,
} from './search-client-stage.ts';

const server = await serveAlgolia();
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => {
  server.requests.length = 0;
});
const query = 'how do I find slow queries';

type Client = ReturnType<typeof openAlgolia>;

const wrap = (options: Partial<RerankingOptions> = {}): Client =>
  withReranking(openAlgolia(server), { reranker: reverseOrder(), ...options });

const searchOne = async (
  client: Client,
  request: Readonly<Record<string, unknown>> = {},
): Promise<ShownResponse> => {
  const { results } = await client.search({
    requests: [{ indexName: 'docs', query, hitsPerPage: 10, ...request }],
  });
  return results[0] as unknown as ShownResponse;
};

const own = openAlgolia(server);
const ownOrder = idsOf((await searchOne(own, { hitsPerPage: 100 })).hits);
const reversed = (count: number): string[] => ownOrder.slice(0, count).reverse();

describe('the first page', () => {
  it('is the best of the candidates, with the paging that was asked for', async () => {
    const expected = await searchOne(own);
    const response = await searchOne(wrap());
    expect(idsOf(response.hits)).toEqual(reversed(50).slice(0, 10));
    const { nbHits, nbPages, page, hitsPerPage } = response;
    expect({ nbHits, nbPages, page, hitsPerPage }).toEqual({
      nbHits: expected.nbHits,
      nbPages: expected.nbPages,
      page: 0,
      hitsPerPage: 10,
    });
  });

  it('has both places on each hit, and all else as the engine gave it', async () => {
    const request = { clickAnalytics: true, facets: ['chapter'], highlightPreTag: '<mark>' };
    const { hits: wide } = await searchOne(own, { ...request, hitsPerPage: 50 });
    const { hits: _, ...expected } = await searchOne(own, request);
    const { hits, ...response } = await searchOne(wrap(), request);
    expect(hits[1]).toEqual({
      ...wide[48],
      _rerank: { rank: 2, originalRank: 49, relevanceScore: 0.999 },
    });
    expect(response).toEqual({ ...expected, params: expect.any(String) as string });
    expect(response).toHaveProperty('queryID');
  });

  it('is given in whole pages, so that none is half reranked', async () => {
    const client = wrap();
    const pages = await Promise.all(
      [0, 1, 2].map((page) => searchOne(client, { page, hitsPerPage: 20 })),
    );
    expect(idsOf(pages.flatMap(({ hits }) => hits))).toEqual([
      ...reversed(40),
      ...ownOrder.slice(40, 60),
    ]);
  });

  it('is reranked down to `candidates` where it is longer', async () => {
    const { hits } = await searchOne(wrap({ candidates: 5 }), { hitsPerPage: 8 });
    expect(idsOf(hits)).toEqual([...reversed(5), ...ownOrder.slice(5, 8)]);
    expect(hits.map((hit) => hit._rerank?.originalRank)).toEqual([
      ...[5, 4, 3, 2, 1],
      ...[undefined, undefined, undefined],
    ]);
  });

  it('has the size that the index sets where the request has none', async () => {
    const client = wrap();
    const request = { hitsPerPage: undefined };
    expect(idsOf((await searchOne(client, request)).hits)).toEqual(reversed(40).slice(0, 20));
    server.requests.length = 0;
    const second = await searchOne(client, { ...request, query: 'slow queries' });
    expect(second).toMatchObject({ hitsPerPage: 20 });
    expect(server.requests).toHaveLength(1);
  });
});

describe('later pages', () => {
  it('continue the reranked order, then the engine’s, without a gap or a repetition', async () => {
    const reranker = reverseOrder();
    const client = wrap({ reranker, candidates: 30 });
    const pages: ShownHit[] = [];
    for (let page = 0; page < 5; page += 1) {
      const response = await searchOne(client, { page });
      expect(response).toMatchObject({ page, hitsPerPage: 10 });
      pages.push(...response.hits);
    }
    expect(idsOf(pages)).toEqual([...reversed(30), ...ownOrder.slice(30, 50)]);
    expect(reranker.calls).toHaveLength(1);
  });

  it('asked for beside the first one share its run', async () => {
    const reranker = reverseOrder();
    const client = wrap({ reranker });
    const pages = await Promise.all([0, 1].map((page) => searchOne(client, { page })));
    expect(idsOf(pages.flatMap(({ hits }) => hits))).toEqual(reversed(50).slice(0, 20));
    expect(reranker.calls).toHaveLength(1);
  });

  it('keep the engine’s order where the first page has it', async () => {
    const fails = { ...reverseOrder(), rerank: () => Promise.reject(new Error('no')) };
    const client = wrap({ reranker: fails as never });
    const pages = [await searchOne(client), await searchOne(client, { page: 1 })];
    expect(idsOf(pages.flatMap(({ hits }) => hits))).toEqual(ownOrder.slice(0, 20));
  });

  it('are as many as the engine lets be paged through', async () => {
    const expected = await searchOne(own, { query: 'the' });
    expect(expected.nbHits).toBeGreaterThan(1000);
    expect(await searchOne(wrap(), { query: 'the' })).toMatchObject({
      nbHits: expected.nbHits,
      nbPages: 100,
    });
  });
});

describe('passed through as they are', () => {
  it.each([
    ['a query without text', { query: ' ' }],
    ['a request for facets alone', { hitsPerPage: 0 }],
    ['a request by offset', { offset: 3, length: 5 }],
    ['an index that the reader sorted, at Typesense', { indexName: 'docs/sort/date:desc' }],
    ['an index that the reader sorted, at Meilisearch', { indexName: 'docs:date:asc' }],
  ])('%s', async (_, request) => {
    const reranker = reverseOrder();
    const response = await searchOne(wrap({ reranker }), request);
    expect(response).toEqual(await searchOne(own, request));
    expect(server.requests[0]?.body).toEqual(server.requests[1]?.body);
    expect(reranker.calls).toHaveLength(0);
  });

  it('what shouldRerank says no to', async () => {
    const shouldRerank = vi.fn(() => false);
    const response = await searchOne(wrap({ shouldRerank }), { filters: 'a:b' });
    expect(idsOf(response.hits)).toEqual(ownOrder.slice(0, 10));
    expect(shouldRerank).toHaveBeenCalledWith(
      expect.objectContaining({
        indexName: 'docs',
        query,
        params: { indexName: 'docs', query, hitsPerPage: 10, filters: 'a:b' },
      }),
    );
  });

  it('other methods and properties of the client, with their own this', async () => {
    class Private {
      readonly #answer = 42;
      readonly appId = 'x';
      search(): Promise<unknown> {
        return Promise.resolve({ results: [] });
      }
      searchForFacetValues(): number {
        return this.#answer;
      }
    }
    const client = withReranking(new Private(), { reranker: reverseOrder() });
    expect(client.searchForFacetValues()).toBe(42);
    expect(client.appId).toBe('x');
    expect(Object.keys(client)).toEqual(['appId']);
    expect(await client.search()).toEqual({ results: [] });
  });

  it('a frozen client, and what is set on one that is not', async () => {
    const search = () => Promise.resolve({ results: [] });
    const frozen = withReranking(Object.freeze({ appId: 'x', search }), {
      reranker: reverseOrder(),
    });
    expect(frozen.appId).toBe('x');
    expect('appId' in frozen).toBe(true);
    expect(await frozen.search()).toEqual({ results: [] });
    const { search: copied } = { ...frozen };
    expect(copied).not.toBe(search);
    expect(await copied()).toEqual({ results: [] });
    const open = { appId: 'x', search };
    withReranking(open, { reranker: reverseOrder() }).appId = 'y';
    expect(open.appId).toBe('y');
  });

  it('calls in shapes that are not known', async () => {
    const search = vi.fn((request: unknown) => Promise.resolve(request));
    const client = withReranking({ search }, { reranker: reverseOrder() });
    const requests = [
      { compositionID: 'x' },
      null,
      [{ indexName: 'a', query: 'b', params: 'c=d' }],
    ];
    for (const request of requests) expect(await client.search(request)).toBe(request);
  });
});

describe('several queries in one call', () => {
  it('to one index are all reranked, and ended by a later call alone', async () => {
    const two = ['vacuum', 'index'].map((text) => ({
      indexName: 'docs',
      query: text,
      hitsPerPage: 5,
    }));
    const reranker = reverseOrder(({ signal, query: text }) =>
      text === query ? untilAborted({ query: text, documents: [], signal }) : undefined,
    );
    const client = wrap({ reranker, timeoutMs: 60_000 });
    const { results } = await client.search({ requests: two });
    for (const { hits } of results as unknown as ShownResponse[]) {
      expect(hits[0]).toHaveProperty('_rerank');
    }
    const slow = searchOne(client);
    await vi.waitFor(() => expect(reranker.calls).toHaveLength(3));
    await client.search({ requests: two.toReversed() });
    expect((await slow).hits[0]).not.toHaveProperty('_rerank');
  });

  const requests = [
    { indexName: 'docs', query, hitsPerPage: 5 },
    { indexName: 'docs', query, hitsPerPage: 0, facets: ['chapter'] },
    { indexName: 'docsearch', query: 'vacuum', hitsPerPage: 3 },
    { indexName: 'docs', query: '', hitsPerPage: 2 },
  ];

  it('are each handled, by one request to the engine', async () => {
    const expected = (await own.search({ requests })).results as unknown as ShownResponse[];
    server.requests.length = 0;
    const { results } = await wrap().search({ requests });
    const responses = results as unknown as ShownResponse[];
    expect(server.requests).toHaveLength(1);
    expect(idsOf(responses[0]?.hits ?? [])).toEqual(reversed(50).slice(0, 5));
    expect(responses[1]).toEqual(expected[1]);
    expect(responses[2]?.hits.map((hit) => hit._rerank?.rank)).toEqual([1, 2, 3]);
    expect(responses[3]).toEqual(expected[3]);
  });

  it('work in the older shape and by searchForHits too', async () => {
    const [first] = requests;
    const { hitsPerPage, ...rest } = first ?? {};
    const legacy = [{ ...rest, params: { hitsPerPage, page: 1 } }] as never;
    const older = await wrap().search(legacy);
    expect(idsOf((older.results[0] as unknown as ShownResponse).hits)).toEqual(
      reversed(50).slice(5, 10),
    );
    const { results } = await wrap().searchForHits<ShownHit>({
      requests: requests.slice(0, 1),
    });
    expect(idsOf(results[0]?.hits ?? [])).toEqual(reversed(50).slice(0, 5));
  });
});

describe('what the model reads', () => {
  const readOf = async (options: Partial<RerankingOptions>, indexName = 'docs') => {
    const reranker = reverseOrder();
    await searchOne(wrap({ ...options, reranker }), { indexName });
    return reranker.calls[0]?.documents[0];
  };

  it('is title and text, of DocSearch’s records headings and content', async () => {
    const [hit] = (await searchOne(own)).hits as unknown as { title: string; text: string }[];
    expect(await readOf({})).toBe(`${hit?.title}\n${hit?.text}`);
    expect(await readOf({}, 'docsearch')).toMatch(new RegExp(`${hit?.title}\n`));
  });

  it('is what fields or toText say', async () => {
    expect(await readOf({ fields: ['chapter', 'objectID'] })).toContain(`\n${ownOrder[0]}`);
    expect(await readOf({ toText: ({ objectID }) => `id ${String(objectID)}` })).toBe(
      `id ${ownOrder[0]}`,
    );
  });

  it('is told to be missing where no hit has it', async () => {
    const onError = vi.fn();
    const { hits } = await searchOne(wrap({ fields: ['headline'], onError }));
    expect(idsOf(hits)).toEqual(ownOrder.slice(0, 10));
    await vi.waitFor(() => {
      expect(onError).toHaveBeenCalledOnce();
    });
    expect(onError.mock.calls[0]?.[0]).toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('objectID, title, text, url') as string,
    });
  });
});

describe('a reranker', () => {
  it('that is still loading holds nothing back, and is used once it is there', async () => {
    let resolve: (reranker: ReturnType<typeof reverseOrder>) => void = () => undefined;
    const onError = vi.fn();
    const reranker = new Promise<ReturnType<typeof reverseOrder>>((done) => (resolve = done));
    const client = wrap({ reranker, onError });
    expect(idsOf((await searchOne(client)).hits)).toEqual(ownOrder.slice(0, 10));
    resolve(reverseOrder());
    await reranker;
    expect(idsOf((await searchOne(client, { page: 1 })).hits)).toEqual(ownOrder.slice(10, 20));
    expect(idsOf((await searchOne(client)).hits)).toEqual(reversed(50).slice(0, 10));
    expect(idsOf((await searchOne(client, { page: 1 })).hits)).toEqual(reversed(50).slice(10, 20));
    expect(onError).not.toHaveBeenCalled();
  });

  it('is opened with the first query that needs it, and again after a failure', async () => {
    const onError = vi.fn();
    const reranker = vi.fn(() => Promise.reject(new Error('no model')));
    const client = wrap({ reranker, onError });
    await searchOne(client, { query: '' });
    expect(reranker).not.toHaveBeenCalled();
    await searchOne(client);
    await searchOne(client, { query: 'vacuum' });
    expect(reranker).toHaveBeenCalledTimes(2);
    expect(onError).toHaveBeenCalledTimes(2);
  });

  it('is used by a search that starts as soon as its promise resolves', async () => {
    let again: Promise<ShownResponse> | undefined;
    const client = wrap({
      reranker: () => {
        const opening = Promise.resolve(reverseOrder());
        void opening.then(() => (again = searchOne(client)));
        return opening;
      },
    });
    await searchOne(client);
    expect(idsOf((await again)?.hits ?? [])).toEqual(reversed(50).slice(0, 10));
  });

  it('whose promise is rejected leaves the engine’s order', async () => {
    const onError = vi.fn();
    const client = wrap({ reranker: Promise.reject(new Error('no model')), onError });
    expect(idsOf((await searchOne(client)).hits)).toEqual(ownOrder.slice(0, 10));
    expect(onError).toHaveBeenCalledExactlyOnceWith(new Error('no model'));
  });

  it('that never answers is left after timeoutMs, and its run ended', async () => {
    const onError = vi.fn();
    const reranker = reverseOrder(untilAborted);
    const client = wrap({ reranker, timeoutMs: 30, onError });
    expect(idsOf((await searchOne(client)).hits)).toEqual(ownOrder.slice(0, 10));
    expect(reranker.calls[0]?.signal?.aborted).toBe(true);
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ code: 'worker-failed' }),
    );
  });

  it('that leaves hits out or names none that exists loses no hit', async () => {
    const rerank = () =>
      Promise.resolve({
        results: [
          { index: 7, scored: true, relevanceScore: 1 },
          { index: 99, scored: true },
        ],
      });
    const { hits } = await searchOne(wrap({ reranker: { rerank } as never }));
    expect(idsOf(hits)).toEqual([ownOrder[7], ...ownOrder.filter((_, at) => at !== 7).slice(0, 9)]);
  });

  it('that a budget cut short goes on when the first page is asked for again', async () => {
    const rerank = vi.fn(({ documents }: { documents: readonly string[] }) =>
      Promise.resolve({
        results: documents.map((_, index) => ({
          index: documents.length - 1 - index,
          scored: rerank.mock.calls.length > 1,
          relevanceScore: 0.5,
        })),
      }),
    );
    const client = wrap({ reranker: { rerank } as never });
    for (const page of [0, 1, 0, 1, 0]) await searchOne(client, { page });
    expect(rerank).toHaveBeenCalledTimes(2);
  });

  it('answers the newest query of an index alone: the older run is ended', async () => {
    let release: () => void = () => undefined;
    const isRunning = new Promise<void>((resolve) => (release = resolve));
    const onError = vi.fn();
    const reranker = reverseOrder((call) => {
      if (call.query !== query) return undefined;
      release();
      return untilAborted(call);
    });
    const client = wrap({ reranker, onError });
    const older = searchOne(client);
    await isRunning;
    const newer = searchOne(client, { query: 'vacuum' });
    expect(idsOf((await older).hits)).toEqual(ownOrder.slice(0, 10));
    expect((await newer).hits[0]).toHaveProperty('_rerank');
    expect(onError).not.toHaveBeenCalled();
  });
});

describe('an engine', () => {
  it('that fails has its own error, and the reranker nothing to do', async () => {
    const error = new Error('offline');
    const reranker = reverseOrder();
    const client = withReranking({ search: () => Promise.reject(error) }, { reranker });
    const search = client.search as unknown as (requests: unknown) => Promise<unknown>;
    await expect(search([{ indexName: 'a', query, params: { hitsPerPage: 5 } }])).rejects.toBe(
      error,
    );
    expect(reranker.calls).toHaveLength(0);
  });

  it.each([
    ['refuses so many hits', (size: number) => size > 20, (size: number) => size],
    ['gives fewer hits than asked for', () => false, (size: number) => Math.min(size, 20)],
  ])('that %s is asked for its own page, and the error told', async (_, refuses, cap) => {
    const onError = vi.fn();
    const search = ([{ params }]: [{ params: { hitsPerPage: number; page: number } }]) => {
      if (refuses(params.hitsPerPage)) return Promise.reject(new Error('too many'));
      const hitsPerPage = cap(params.hitsPerPage);
      const hits = ownOrder.slice(0, hitsPerPage).map((objectID) => ({ objectID, text: objectID }));
      return Promise.resolve({ results: [{ hits, hitsPerPage, nbHits: 99, nbPages: 9, page: 0 }] });
    };
    const client = withReranking({ search }, { reranker: reverseOrder(), onError });
    const request = { indexName: 'a', query, params: { hitsPerPage: 10, page: 0 } };
    const { results } = (await client.search([request])) as { results: ShownResponse[] };
    expect(idsOf(results[0]?.hits ?? [])).toEqual(ownOrder.slice(0, 10));
    await vi.waitFor(() => {
      expect(onError).toHaveBeenCalledOnce();
    });
  });
});

it.each([
  { candidates: 0 },
  { candidates: 2000 },
  { budgetMs: -1 },
  { timeoutMs: Number.NaN },
  { blend: { prior: 'rank', weight: 2 } as const },
])('%o is refused', (wrong) => {
  expect(() => wrap(wrong)).toThrow(expect.objectContaining({ code: 'invalid-input' }) as Error);
});
