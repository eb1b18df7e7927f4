import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, preview } from 'vite';
import type { PreviewServer, ViteDevServer } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { searchApi } from '../../demo/server/search-api.ts';

const RECORDS = Array.from({ length: 260 }, (_, index) => ({
  id: `page#${index}`,
  title: `Table ${index}`,
  text: index === 7 ? 'A table with a trigger.' : 'A table.',
  url: `https://example.org/page.html#${index}`,
  path: ['Tables'],
}));

interface Answer {
  query: string;
  total: number;
  tookMs: number;
  results: { id: string; score: number }[];
}

let folder = '';
let server: ViteDevServer;

async function startServer(corpusFile: string): Promise<ViteDevServer> {
  const started = await createServer({
    root: folder,
    configFile: false,
    logLevel: 'silent',
    server: { host: '127.0.0.1', port: 0, ws: false },
    optimizeDeps: { noDiscovery: true },
    plugins: [searchApi({ corpusFile })],
  });
  return started.listen();
}

function originOf(running: ViteDevServer | PreviewServer): string {
  const address = running.httpServer?.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.');
  return `http://127.0.0.1:${address.port}`;
}

const get = (search: string, init?: RequestInit): Promise<Response> =>
  fetch(`${originOf(server)}/api/search${search}`, init);

async function errorCodeOf(response: Response): Promise<string> {
  const body = (await response.json()) as { error: { code: string; message: string } };
  expect(body.error.message).not.toBe('');
  return body.error.code;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'search-api-'));
  const corpusFile = join(folder, 'corpus.jsonl');
  await writeFile(corpusFile, RECORDS.map((entry) => JSON.stringify(entry)).join('\n'));
  server = await startServer(corpusFile);
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

describe('GET /api/search', () => {
  it('answers with the query, the number of matches, the time, and the best record first', async () => {
    const response = await get('?q=trigger');
    expect(response.status).toBe(200);
    const body = (await response.json()) as Answer;
    expect(body).toEqual({
      query: 'trigger',
      total: 1,
      tookMs: expect.any(Number) as number,
      results: [{ ...RECORDS[7], score: expect.any(Number) as number }],
    });
  });

  it('is JSON that no cache keeps and no browser guesses at', async () => {
    const { headers } = await get('?q=table');
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each([
    ['?q=table', 50],
    ['?q=table&limit=3', 3],
    ['?q=table&limit=0', 1],
    ['?q=table&limit=-5', 1],
    ['?q=table&limit=100000', 200],
  ])('returns for %s %i of 260 results', async (search, count) => {
    const body = (await (await get(search)).json()) as Answer;
    expect(body.results).toHaveLength(count);
    expect(body.total).toBe(260);
  });

  it.each(['', '?q=', '?q=%20%20', '?limit=5'])(
    'refuses %j, which asks nothing',
    async (search) => {
      const response = await get(search);
      expect(response.status).toBe(400);
      expect(await errorCodeOf(response)).toBe('bad-query');
    },
  );

  it('takes a query of 1,000 characters and refuses one more', async () => {
    expect((await get(`?q=${'x'.repeat(1000)}`)).status).toBe(200);
    const response = await get(`?q=${'x'.repeat(1001)}`);
    expect(response.status).toBe(400);
    expect(await errorCodeOf(response)).toBe('bad-query');
  });

  it.each(['ten', '', '1.5'])('refuses the limit %j', async (limit) => {
    const response = await get(`?q=table&limit=${limit}`);
    expect(response.status).toBe(400);
    expect(await errorCodeOf(response)).toBe('bad-limit');
  });

  it('refuses other methods and names those it takes', async () => {
    const response = await get('?q=table', { method: 'POST' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD');
  });

  it('answers a query that is no valid percent encoding', async () => {
    expect((await get('?q=%E0%A4%A')).status).toBe(200);
  });

  it('leaves addresses below it to others', async () => {
    const response = await fetch(`${originOf(server)}/api/search/else?q=table`);
    expect(response.headers.get('content-type') ?? '').not.toContain('application/json');
  });
});

describe('a corpus that cannot be read', () => {
  it('gives an error without paths, and is read once it is there', async () => {
    const corpusFile = join(folder, 'late.jsonl');
    const late = await startServer(corpusFile);
    try {
      const address = `${originOf(late)}/api/search?q=trigger`;
      const response = await fetch(address);
      expect(response.status).toBe(500);
      const text = await response.text();
      expect(text).toContain('search-failed');
      expect(text).not.toContain(folder);
      await writeFile(corpusFile, JSON.stringify(RECORDS[7]));
      expect((await fetch(address)).status).toBe(200);
    } finally {
      await late.close();
    }
  });
});

describe('vite preview', () => {
  it('answers searches too', async () => {
    const outDir = join(folder, 'dist');
    await writeFile(join(folder, 'index.html'), '<!doctype html><title>Built</title>');
    const { build } = await import('vite');
    await build({ root: folder, configFile: false, logLevel: 'silent', build: { outDir } });
    const previewed = await preview({
      root: folder,
      configFile: false,
      logLevel: 'silent',
      build: { outDir },
      preview: { host: '127.0.0.1', port: 0 },
      plugins: [searchApi({ corpusFile: join(folder, 'corpus.jsonl') })],
    });
    try {
      const response = await fetch(`${originOf(previewed)}/api/search?q=trigger`);
      const body = (await response.json()) as Answer;
      expect(body.results.map(({ id }) => id)).toEqual(['page#7']);
    } finally {
      await previewed.close();
    }
  });
});
