import type { ServerResponse } from 'node:http';
import type { Connect, Plugin } from 'vite';
import { lazySearchIndex } from './load-search-index.ts';
import type { SearchIndex } from './search-index.ts';
import { readSearchRequest } from './search-request.ts';

/** Where the plugin answers. */
const PATH = '/api/search';
const CORPUS = new URL('../corpus/postgresql-15.jsonl', import.meta.url);

/** Settings of {@link searchApi}. */
export interface SearchApiOptions {
  /** JSON Lines file of records. Default: the PostgreSQL 15 manual beside this folder. */
  readonly corpusFile?: string | URL;
}

/**
 * A Vite plugin that answers `GET /api/search?q=…&limit=50` with
 * `{query, total, tookMs, results: [{id, title, text, url, path, score}]}`, best first, in the dev
 * server and in `vite preview`. `limit` is a whole number, clamped to 1…200.
 *
 * Errors are JSON as well, `{error: {code, message}}`: 400 `bad-query` or `bad-limit`,
 * 405 `bad-method`, 500 `search-failed`. The index is built in the background when a server starts
 * listening; requests before that wait for it.
 */
export function searchApi(options: SearchApiOptions = {}): Plugin {
  const load = lazySearchIndex(options.corpusFile ?? CORPUS);
  const handle = answerSearch(load);
  // A corpus that cannot be read is reported by the first request, not by a server that won't start.
  const warm = (): void => void load().catch(() => undefined);
  return {
    name: 'search-api',
    configureServer(server) {
      server.middlewares.use(PATH, handle);
      server.httpServer?.once('listening', warm);
    },
    configurePreviewServer(server) {
      server.middlewares.use(PATH, handle);
      server.httpServer.once('listening', warm);
    },
  };
}

function answerSearch(load: () => Promise<SearchIndex>): Connect.NextHandleFunction {
  return (request, response, next) => {
    const address = request.url ?? '';
    // Connect also hands over what lies below the path; that is somebody else's.
    if (!/^\/?(?:\?|$)/.test(address)) {
      next();
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      sendError(response, 405, 'bad-method', 'Search with GET.');
      return;
    }
    const asked = readSearchRequest(address);
    if (asked.kind === 'invalid') {
      sendError(response, 400, asked.code, asked.message);
      return;
    }
    load()
      .then((index) => {
        const startMs = performance.now();
        const found = index.search(asked.query, asked.limit);
        const tookMs = Math.round((performance.now() - startMs) * 10) / 10;
        sendJson(response, 200, { query: asked.query, tookMs, ...found });
      })
      .catch(() => {
        sendError(response, 500, 'search-failed', 'The search index could not be built or read.');
      });
  };
}

function sendError(response: ServerResponse, status: number, code: string, message: string): void {
  sendJson(response, status, { error: { code, message } });
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  if (response.headersSent || response.destroyed) return;
  response.statusCode = status;
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.setHeader('cache-control', 'no-store');
  response.setHeader('x-content-type-options', 'nosniff');
  // Node sends no body in answer to HEAD.
  response.end(JSON.stringify(body));
}
