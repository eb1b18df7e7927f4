import { Client } from 'typesense';
import { afterAll, expect, it } from 'vitest';
import { searchTypesense } from '../../src/sources/typesense.ts';
import { serveTypesense, typesenseKey } from './engines/typesense.ts';
import { query, searchWith } from './search-with.ts';

const server = await serveTypesense();
afterAll(() => server[Symbol.asyncDispose]());
const options = {
  url: server.url,
  apiKey: typesenseKey,
  collection: 'docs',
  queryBy: 'title,text',
};

it('finds what the official client finds, in its order and with its scores', async () => {
  const client = new Client({
    nodes: [{ host: '127.0.0.1', port: server.port, protocol: 'http' }],
    apiKey: typesenseKey,
  });
  const { hits = [] } = await client
    .collections<{ id: string; title: string; text: string; url: string }>('docs')
    .documents()
    .search({ q: query, query_by: 'title,text', per_page: 30 });
  const candidates = await searchWith(searchTypesense(options), { limit: 30 });
  expect(hits).toHaveLength(30);
  expect(
    candidates.map(({ id, title, text, url, score }) => ({ id, title, text, url, score })),
  ).toEqual(
    hits.map(({ document: { id, title, text, url }, text_match: score }) => ({
      ...{ id, title, text, url },
      score,
    })),
  );
});

it('sends given parameters, and asks for no more than Typesense gives', async () => {
  server.requests.length = 0;
  const params = { filter_by: 'page:=vacuum && size:>3', prefix: false };
  const candidates = await searchWith(searchTypesense({ ...options, params }), {
    text: 'a&b=c {candidates} vacuum',
    limit: 400,
  });
  expect(candidates.length).toBeGreaterThan(5);
  expect(Object.fromEntries(server.requests[0]?.params ?? [])).toEqual({
    q: 'a&b=c {candidates} vacuum',
    per_page: '250',
    filter_by: 'page:=vacuum && size:>3',
    prefix: 'false',
    query_by: 'title,text',
  });
});

it('reads other fields of the document or of the hit, without highlighting tags', async () => {
  const fields = { title: ['highlight.title.snippet', 'title'], text: 'document.title' };
  const search = searchTypesense({ ...options, fields });
  const [first] = await searchWith(search, { text: 'vacuum' });
  expect(first?.title).toMatch(/^[^<]*vacuum[^<]*$/i);
  expect(first?.text).toBe(first?.title);
});

it.each([
  { wrong: { apiKey: 'wrong' }, status: 401 },
  { wrong: { collection: 'other' }, status: 404 },
])('says the status $status for $wrong', async ({ wrong, status }) => {
  await expect(searchWith(searchTypesense({ ...options, ...wrong }))).rejects.toMatchObject({
    code: 'source-failed',
    details: { status },
  });
});
