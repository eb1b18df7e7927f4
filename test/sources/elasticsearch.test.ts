import { Client as ElasticsearchClient } from '@elastic/elasticsearch';
import { Client as OpenSearchClient } from '@opensearch-project/opensearch';
import { afterAll, expect, it } from 'vitest';
import { searchElasticsearch } from '../../src/sources/elasticsearch.ts';
import { serveElasticsearch } from './engines/elasticsearch.ts';
import { query, searchWith } from './search-with.ts';

interface Section {
  title: string;
  text: string;
  url: string;
}

const server = await serveElasticsearch();
afterAll(() => server[Symbol.asyncDispose]());
const options = { url: server.url, index: 'docs', queryFields: ['title^2', 'text'] };
const body = { query: { multi_match: { query, fields: ['title^2', 'text'] } }, size: 30 };

it.each([
  {
    name: 'Elasticsearch',
    search: async () => {
      const client = new ElasticsearchClient({ node: server.url });
      return (await client.search<Section>({ index: 'docs', ...body })).hits.hits;
    },
  },
  {
    name: 'OpenSearch',
    search: async () => {
      const client = new OpenSearchClient({ node: server.url });
      return (await client.search({ index: 'docs', body })).body.hits.hits;
    },
  },
])('finds what the official client of $name finds, by the same request', async ({ search }) => {
  server.requests.length = 0;
  const hits = await search();
  const candidates = await searchWith(searchElasticsearch(options), { limit: 30 });
  expect(hits).toHaveLength(30);
  expect(
    candidates.map(({ id, title, text, url, score }) => ({ id, title, text, url, score })),
  ).toEqual(
    hits.map(({ _id, _score, _source }) => {
      const { title, text, url } = _source as Section;
      return { id: _id, title, text, url, score: _score };
    }),
  );
  const [theirs, ours] = server.requests.slice(-2);
  expect(ours?.body).toEqual(theirs?.body);
});

it('sends another body where one is given, and reads other fields of the source', async () => {
  const search = searchElasticsearch({
    url: server.url,
    index: 'docs',
    headers: { authorization: 'ApiKey abc' },
    body: { query: { match: { text: { query: '{query}' } } }, _source: ['title', 'page'] },
    fields: { url: '/docs/{page.slug}', text: '_source.title' },
  });
  const [first] = await searchWith(search, { text: 'vacuum', limit: 3 });
  expect(server.requests.at(-1)).toMatchObject({
    headers: { authorization: 'ApiKey abc' },
    body: { size: 3, query: { match: { text: { query: 'vacuum' } } }, _source: ['title', 'page'] },
  });
  expect(first?.url).toMatch(/^\/docs\/[^/]+\/[^/]+$/);
  expect(first?.text).toBe(first?.title);
});

it('says the status where there is no such index', async () => {
  const search = searchElasticsearch({ ...options, index: 'other' });
  await expect(searchWith(search)).rejects.toMatchObject({
    code: 'source-failed',
    details: { status: 404 },
  });
});
