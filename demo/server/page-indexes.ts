import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import sirv from 'sirv';
import type { Connect, Plugin } from 'vite';
import { parseCorpus, type CorpusRecord } from '../corpus/corpus-record.ts';
import { makeManualPages } from './manual-pages.ts';
import { writePagefindIndex } from './pagefind-index.ts';
import { once } from '../once.ts';

const CORPUS = new URL('../corpus/postgresql-15.jsonl', import.meta.url);
const LICENCE = new URL('../corpus/LICENSE.txt', import.meta.url);
const CACHE = fileURLToPath(
  new URL('../../node_modules/.cache/rerank-results-demo/pagefind', import.meta.url),
);

/**
 * A Vite plugin with what a static site would have on its server for a search in the page:
 * `/indexes/manual.json`, the manual as a JSON list, and `/indexes/pagefind/`, Pagefind's index. The dev server makes each for the
 * first request; a build has them as files.
 *
 * @param headers Sent with each file: an isolated page starts only workers that are isolated too.
 */
export function pageIndexes(headers: Readonly<Record<string, string>>): Plugin {
  const list = once(async () => promisify(gzip)(writeList(await readRecords())));
  const pagefind = once(async () => {
    const folder = await writePagefindIndex(makeManualPages(await readRecords()), CACHE);
    return sirv(folder, { setHeaders: (response) => setHeaders(response, headers) });
  });
  const sendList: Connect.NextHandleFunction = (_request, response) => {
    list()
      .then((body) => {
        setHeaders(response, { ...headers, 'content-encoding': 'gzip' });
        response.setHeader('content-type', 'application/json; charset=utf-8');
        response.end(body);
      })
      .catch((error: unknown) => sendError(response, error));
  };
  const sendPagefind: Connect.NextHandleFunction = (request, response, next) => {
    pagefind()
      .then((serve) => serve(request, response, next))
      .catch((error: unknown) => sendError(response, error));
  };
  return {
    name: 'page-indexes',
    configureServer({ middlewares }) {
      middlewares.use('/indexes/manual.json', sendList);
      middlewares.use('/indexes/pagefind', sendPagefind);
    },
    writeBundle: async ({ dir = '.' }) => writeIndexes(join(dir, 'indexes')),
  };
}

/** What the dev server makes for a request, as files, with the licence of the manual's text. */
async function writeIndexes(folder: string): Promise<void> {
  const records = await readRecords();
  const pagefind = await writePagefindIndex(makeManualPages(records), CACHE);
  await mkdir(folder, { recursive: true });
  await Promise.all([
    writeFile(join(folder, 'manual.json'), writeList(records)),
    cp(pagefind, join(folder, 'pagefind'), { recursive: true }),
    cp(LICENCE, join(folder, 'LICENSE.txt')),
  ]);
}

async function readRecords(): Promise<CorpusRecord[]> {
  return parseCorpus(await readFile(CORPUS, 'utf8'));
}

/** The manual as the JSON list that is searched in the page. */
export function writeList(records: readonly CorpusRecord[]): string {
  return JSON.stringify(records.map(({ id, title, text, url }) => ({ id, title, text, url })));
}

function setHeaders(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

function sendError(response: ServerResponse, error: unknown): void {
  response.statusCode = 500;
  response.setHeader('content-type', 'text/plain; charset=utf-8');
  response.end(error instanceof Error ? error.message : String(error));
}
