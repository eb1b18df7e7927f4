import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import sirv from 'sirv';
import type { Connect, Plugin } from 'vite';
import { parseCorpus } from '../corpus/corpus-record.ts';
import { makeManualPages } from './manual-pages.ts';
import { writePagefindIndex } from './pagefind-index.ts';
import { once } from '../once.ts';

const CORPUS = new URL('../corpus/postgresql-15.jsonl', import.meta.url);
const CACHE = fileURLToPath(
  new URL('../../node_modules/.cache/rerank-results-demo/pagefind', import.meta.url),
);

/**
 * A Vite plugin with what a static site would have on its server for a search in the page:
 * `/indexes/manual.json`, the manual as a JSON list, and `/indexes/pagefind/`, Pagefind's index. Each is made for the
 * first request.
 *
 * @param headers Sent with each file: an isolated page starts only workers that are isolated too.
 */
export function pageIndexes(headers: Readonly<Record<string, string>>): Plugin {
  const list = once(async () => {
    const records = parseCorpus(await readFile(CORPUS, 'utf8'));
    const documents = records.map(({ id, title, text, url }) => ({ id, title, text, url }));
    return promisify(gzip)(JSON.stringify(documents));
  });
  const pagefind = once(async () => {
    const records = parseCorpus(await readFile(CORPUS, 'utf8'));
    const folder = await writePagefindIndex(makeManualPages(records), CACHE);
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
  const use = (middlewares: Connect.Server): void => {
    middlewares.use('/indexes/manual.json', sendList);
    middlewares.use('/indexes/pagefind', sendPagefind);
  };
  return {
    name: 'page-indexes',
    configureServer: ({ middlewares }) => use(middlewares),
    configurePreviewServer: ({ middlewares }) => use(middlewares),
  };
}

function setHeaders(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

function sendError(response: ServerResponse, error: unknown): void {
  response.statusCode = 500;
  response.setHeader('content-type', 'text/plain; charset=utf-8');
  response.end(error instanceof Error ? error.message : String(error));
}
