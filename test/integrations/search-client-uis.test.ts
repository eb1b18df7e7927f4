import { instantMeiliSearch } from '@meilisearch/instant-meilisearch';
import instantsearch from 'instantsearch.js';
import { connectConfigure, connectHits } from 'instantsearch.js/es/connectors';
import { fileURLToPath } from 'node:url';
import TypesenseAdapter from 'typesense-instantsearch-adapter';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { openNodeReranker } from '../../src/cli/node-engine.ts';
import { withReranking } from '../../src/integrations/search-client.ts';
import { serveAlgolia } from '../sources/engines/algolia.ts';
import { searchSections } from '../sources/engines/engine-server.ts';
import { meilisearchKey, serveMeilisearch } from '../sources/engines/meilisearch.ts';
import { serveTypesense, typesenseKey } from '../sources/engines/typesense.ts';
import { idsOf, openAlgolia, type ShownHit } from './search-client-stage.ts';

/** A hit as InstantSearch gives it to a widget. */
interface WidgetHit extends ShownHit {
  readonly __position: number;
  readonly __queryID?: string;
  readonly _highlightResult: { readonly title: { readonly value: string } };
}

const [algolia, typesense, meilisearch, reranker] = await Promise.all([
  serveAlgolia(),
  serveTypesense(),
  serveMeilisearch(),
  openNodeReranker({
    folder: fileURLToPath(new URL('../../public/models/minilm-l6-split', import.meta.url)),
    maxTokens: 128,
  }),
]);
afterAll(async () => {
  await Promise.all(
    [algolia, typesense, meilisearch, reranker].map((one) => one[Symbol.asyncDispose]()),
  );
});

const candidates = 20;
const query = 'how do I restore a backup';
const options = { reranker, candidates, budgetMs: 60_000, timeoutMs: 60_000 };

/** The order that the reranker gives, without any client between. */
const outcome = await reranker.rerank({
  query,
  documents: searchSections(query).results.slice(0, candidates),
  blend: { prior: 'rank', weight: 0.2 },
});
const expected = outcome.results.map(({ document }) => document.id);

type InstantSearchClient = Parameters<typeof instantsearch>[0]['searchClient'];

/** Starts InstantSearch and gives the hits that its widget is shown for the query. */
async function showHits(searchClient: InstantSearchClient): Promise<readonly WidgetHit[]> {
  let shown: readonly WidgetHit[] = [];
  const search = instantsearch({
    indexName: 'docs',
    searchClient,
    future: { preserveSharedStateOnUnmount: true },
  });
  search.addWidgets([
    connectConfigure(() => undefined)({ searchParameters: { query, hitsPerPage: 5 } }),
    connectHits(({ items }) => {
      shown = items as unknown as readonly WidgetHit[];
    })({}),
  ]);
  search.start();
  try {
    await vi.waitUntil(() => shown.length > 0, { timeout: 5000 });
    return shown;
  } finally {
    search.dispose();
  }
}

it('the reranker changes what is on the first page', () => {
  const found = searchSections(query).results.map(({ id }) => id);
  expect(expected.slice(0, 5)).not.toEqual(found.slice(0, 5));
});

describe('InstantSearch shows the reranked order', () => {
  it.each([
    { name: 'Algolia', client: () => openAlgolia(algolia) },
    {
      name: 'Typesense',
      client: () =>
        new TypesenseAdapter({
          server: {
            apiKey: typesenseKey,
            nodes: [{ host: '127.0.0.1', port: typesense.port, protocol: 'http' }],
          },
          additionalSearchParameters: { query_by: 'title,text' },
        }).searchClient,
    },
    {
      name: 'Meilisearch',
      client: () =>
        instantMeiliSearch(meilisearch.url, meilisearchKey, { primaryKey: 'id' }).searchClient,
    },
    {
      name: 'Meilisearch with finite pagination',
      client: () =>
        instantMeiliSearch(meilisearch.url, meilisearchKey, {
          primaryKey: 'id',
          finitePagination: true,
        }).searchClient,
    },
  ])('of $name', async ({ client }) => {
    const hits = await showHits(withReranking(client() as never, options));
    expect(idsOf(hits)).toEqual(expected.slice(0, 5));
    expect(hits.map(({ __position }) => __position)).toEqual([1, 2, 3, 4, 5]);
    expect(hits.map((hit) => hit._rerank?.rank)).toEqual([1, 2, 3, 4, 5]);
    expect(hits.some((hit) => hit._highlightResult.title.value.includes('mark>'))).toBe(true);
  });
});
