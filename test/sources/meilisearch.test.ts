import { Meilisearch } from 'meilisearch';
import { afterAll, expect, it } from 'vitest';
import { searchMeilisearch } from '../../src/sources/meilisearch.ts';
import { meilisearchKey, serveMeilisearch } from './engines/meilisearch.ts';
import { query, searchWith } from './search-with.ts';

const server = await serveMeilisearch();
afterAll(() => server[Symbol.asyncDispose]());
const options = { url: `${server.url}/`, apiKey: meilisearchKey, indexUid: 'docs' };

it('finds what the official client finds, in its order and with its scores', async () => {
  const client = new Meilisearch({ host: server.url, apiKey: meilisearchKey });
  const { hits } = await client
    .index<{ id: string; title: string; text: string; url: string }>('docs')
    .search(query, { limit: 30, showRankingScore: true });
  const candidates = await searchWith(searchMeilisearch(options), { limit: 30 });
  expect(hits).toHaveLength(30);
  expect(
    candidates.map(({ id, title, text, url, score }) => ({ id, title, text, url, score })),
  ).toEqual(
    hits.map(({ id, title, text, url, _rankingScore: score }) => ({ id, title, text, url, score })),
  );
});

it('reads formatted fields without their tags, and sends given parameters', async () => {
  const params = { attributesToHighlight: ['title'], filter: 'version = 15' };
  const fields = { title: '_formatted.title' };
  const search = searchMeilisearch({ ...options, params, fields });
  const [first] = await searchWith(search, { text: 'vacuum' });
  expect(first?.title).toMatch(/^[^<]*vacuum[^<]*$/i);
  expect(server.requests.at(-1)?.body).toEqual({
    ...params,
    q: 'vacuum',
    limit: 50,
    showRankingScore: true,
  });
});

it('says the status where the key is missing', async () => {
  const search = searchMeilisearch({ ...options, apiKey: undefined });
  await expect(searchWith(search)).rejects.toMatchObject({
    code: 'source-failed',
    details: { status: 403 },
  });
});
