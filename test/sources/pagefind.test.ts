import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { close } from 'pagefind';
import sirv from 'sirv';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeManualPages } from '../../demo/server/manual-pages.ts';
import { writePagefindIndex } from '../../demo/server/pagefind-index.ts';
import { searchPagefind, type Pagefind } from '../../src/sources/pagefind.ts';
import { RECORDS, find } from './corpus.ts';

const MANUAL = 'https://www.postgresql.org/docs/15';

/** Pagefind's own module, which runs in Node as well when it is told where its index is. */
let pagefind: Pagefind & { options(options: object): Promise<void> };
let cache: string;
let server: Server;
/** Paths of the fragments, one for each page's data, that were asked for. */
const fragments: string[] = [];

beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'pagefind-'));
  const folder = await writePagefindIndex(makeManualPages(RECORDS), cache);
  const serve = sirv(folder);
  server = createServer((request, response) => {
    if (request.url?.startsWith('/fragment/') === true) fragments.push(request.url);
    serve(request, response, () => {
      response.writeHead(404).end();
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  pagefind = (await import(pathToFileURL(join(folder, 'pagefind.js')).href)) as typeof pagefind;
  await pagefind.options({
    basePath: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    baseUrl: '/',
  });
});

beforeEach(() => {
  fragments.length = 0;
});

afterAll(async () => {
  await close();
  server.close();
  await rm(cache, { recursive: true });
});

describe('a Pagefind index as a source', () => {
  it('loads the data of the first results only', async () => {
    expect((await pagefind.search('vacuum')).results.length).toBeGreaterThan(2);
    await find(searchPagefind(pagefind), 'vacuum', 2);
    expect(fragments).toHaveLength(2);
  });

  it('gives the page’s own text, title and address, in Pagefind’s order with its scores', async () => {
    const results = await find(searchPagefind(pagefind), 'deadlock', 1);
    const [first] = (await pagefind.search('deadlock')).results;
    expect(results).toEqual([
      {
        title: 'Explicit Locking',
        text: (await first?.data())?.content,
        url: `${MANUAL}/explicit-locking.html`,
        score: first?.score,
      },
    ]);
    expect(results[0]?.['text']).not.toContain('<mark>');
    expect(results[0]?.['text']).toContain('PostgreSQL automatically detects deadlock situations');
  });

  it('finds pages for a question, of which no page has every word', async () => {
    const question = 'advisory locks when the disk is full';
    expect((await pagefind.search(question)).results).toEqual([]);
    const urls = (await find(searchPagefind(pagefind), question)).map(({ url }) => url);
    expect(urls).toContain(`${MANUAL}/disk-full.html`);
    expect(new Set(urls).size).toBe(urls.length);
  });

  it('gives sections with their anchors, texts and headings where that is asked for', async () => {
    const search = searchPagefind(pagefind, { subResults: true });
    const results = await find(search, 'deadlock');
    const section = results.find(({ url }) => String(url).endsWith('#LOCKING-DEADLOCKS'));
    expect(section?.['title']).toBe('Explicit Locking: Deadlocks');
    expect(section?.['text']).toMatch(
      /^The use of explicit locking can increase the likelihood of/,
    );
    expect(section?.['text']).not.toContain('Advisory Locks');
    const page = results.filter(({ url }) => String(url).includes('/explicit-locking.html'));
    expect(page.length).toBeLessThanOrEqual(3);
  });

  it('hands Pagefind’s own options on', async () => {
    const search = searchPagefind(pagefind, { searchOptions: { filters: { version: 'none' } } });
    expect(await find(search, 'vacuum')).toEqual([]);
  });

  it('stops waiting when the search is aborted', async () => {
    const run = new AbortController();
    const pending = find(searchPagefind(pagefind), 'tables', 10, run.signal);
    run.abort();
    await expect(pending).rejects.toMatchObject({ code: 'aborted' });
  });

  it('finds nothing for nothing', async () => {
    expect(await find(searchPagefind(pagefind), '   ')).toEqual([]);
  });

  it('says where it looked when the module cannot be loaded', async () => {
    const url = pathToFileURL(join(cache, 'none.js')).href;
    await expect(find(searchPagefind(url), 'vacuum')).rejects.toMatchObject({
      code: 'source-failed',
      details: { url },
    });
  });
});
