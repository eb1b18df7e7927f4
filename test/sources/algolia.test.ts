import { algoliasearch } from 'algoliasearch';
import { afterAll, expect, it } from 'vitest';
import { searchAlgolia } from '../../src/sources/algolia.ts';
import { algoliaKeys, serveAlgolia } from './engines/algolia.ts';
import { serveEngine } from './engines/engine-server.ts';
import { query, searchWith } from './search-with.ts';

const server = await serveAlgolia();
afterAll(() => server[Symbol.asyncDispose]());
const options = { ...algoliaKeys, indexName: 'docs', hosts: [server.url] };

it('finds what the official client finds, in its order', async () => {
  const client = algoliasearch(algoliaKeys.appId, algoliaKeys.apiKey, {
    hosts: [{ url: `127.0.0.1:${server.port}`, protocol: 'http', accept: 'readWrite' }],
  });
  const { hits } = await client.searchSingleIndex<{ title: string; text: string; url: string }>({
    indexName: 'docs',
    searchParams: { query, hitsPerPage: 30 },
  });
  const candidates = await searchWith(searchAlgolia(options), { limit: 30 });
  expect(hits).toHaveLength(30);
  expect(candidates.map(({ id, title, text, url }) => ({ id, title, text, url }))).toEqual(
    hits.map(({ objectID, title, text, url }) => ({ id: objectID, title, text, url })),
  );
});

it('sends the query, the limit and the given parameters', async () => {
  server.requests.length = 0;
  await searchWith(searchAlgolia({ ...options, params: { filters: 'version:15' } }), { limit: 7 });
  expect(server.requests.map(({ body }) => body)).toEqual([
    { query, hitsPerPage: 7, filters: 'version:15' },
  ]);
});

it('gives the records of DocSearch their headings as title and their content as text', async () => {
  const candidates = await searchWith(searchAlgolia({ ...options, indexName: 'docsearch' }));
  const plain = await searchWith(searchAlgolia(options));
  expect(candidates.map(({ id, text, url }) => ({ id, text, url }))).toEqual(
    plain.map(({ id, text, url }) => ({ id, text, url })),
  );
  expect(candidates.filter(({ title }) => title.includes(' › ')).length).toBeGreaterThan(10);
  for (const [place, { title }] of plain.entries()) {
    expect(candidates[place]?.title.split(' › ').at(-1)).toBe(title);
  }
});

it('reads other attributes where fields says so, and takes highlighting tags away', async () => {
  const fields = { title: '_highlightResult.title.value', text: '_snippetResult.text.value' };
  const candidates = await searchWith(searchAlgolia({ ...options, fields }), { text: 'vacuum' });
  expect(candidates[0]?.title).toMatch(/vacuum/i);
  expect(JSON.stringify(candidates.map(({ title, text }) => [title, text]))).not.toContain('<em>');
});

it('takes the next host where one cannot be reached or fails', async () => {
  await using broken = await serveEngine(() => ({ status: 503, body: {} }));
  const hosts = ['http://127.0.0.1:1', broken.url, server.url];
  expect(await searchWith(searchAlgolia({ ...options, hosts }), { limit: 5 })).toHaveLength(5);
  expect(broken.requests).toHaveLength(1);
});

it('says the status where the key is wrong, and asks no other host', async () => {
  server.requests.length = 0;
  const search = searchAlgolia({ ...options, apiKey: 'wrong', hosts: [server.url, server.url] });
  await expect(searchWith(search)).rejects.toMatchObject({
    code: 'source-failed',
    details: { status: 403, url: `${server.url}/1/indexes/docs/query` },
  });
  expect(server.requests).toHaveLength(1);
});
