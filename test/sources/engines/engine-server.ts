import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { parseCorpus } from '../../../demo/corpus/corpus-record.ts';
import { createSearchIndex, type SearchResults } from '../../../demo/server/search-index.ts';

/** One request as an engine reads it. */
export interface EngineRequest {
  readonly method: string;
  readonly path: string;
  readonly params: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  /** Parsed JSON; an empty object where there is no body. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface EngineAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** A server on this machine that answers as an engine does. */
export interface EngineServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** All that it was asked, in order. */
  readonly requests: EngineRequest[];
}

/** How many of the demo's sections the engines search. */
const SECTIONS = 1200;

const corpus = fileURLToPath(new URL('../../../demo/corpus/postgresql-15.jsonl', import.meta.url));
const lines = readFileSync(corpus, 'utf8').split('\n').slice(0, SECTIONS);
const index = createSearchIndex(parseCorpus(lines.join('\n')));

/** Searches a part of the PostgreSQL manual by words, as the demo does. */
export function searchSections(query: string): SearchResults {
  return index.search(query, SECTIONS);
}

export async function serveEngine(
  answer: (request: EngineRequest) => EngineAnswer,
): Promise<EngineServer> {
  const requests: EngineRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      // Pages of other origins may ask, as they may ask the engines.
      outgoing.setHeader('access-control-allow-origin', '*');
      outgoing.setHeader('access-control-allow-headers', '*');
      if (incoming.method === 'OPTIONS') {
        outgoing.writeHead(204).end();
        return;
      }
      const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://localhost');
      const text = Buffer.concat(chunks).toString();
      const request = {
        method: incoming.method ?? 'GET',
        path: decodeURIComponent(pathname),
        params: searchParams,
        headers: incoming.headers,
        body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>,
      };
      requests.push(request);
      const { status = 200, headers = {}, body } = answer(request);
      outgoing.writeHead(status, { 'content-type': 'application/json', ...headers });
      outgoing.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** Texts of an engine's parameter; empty where it has another type. */
export function readString(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A text with each of the query's words between tags, as engines mark them. */
export function mark(text: string, query: string, before: string, after: string): string {
  const words = query.split(/\W+/).filter((word) => word.length > 2);
  return words.length === 0
    ? text
    : text.replaceAll(new RegExp(`\\b(${words.join('|')})\\b`, 'gi'), `${before}$1${after}`);
}
