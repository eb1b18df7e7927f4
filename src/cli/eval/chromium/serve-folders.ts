import { createReadStream, statSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, resolve, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** A server on this machine only. */
export interface LocalServer extends AsyncDisposable {
  /** Ends in a slash. */
  readonly url: string;
}

export interface LocalServerOptions {
  /** The HTML of `/`. */
  readonly page: string;
  /** Folders by the path they are served at; each path begins and ends in a slash. */
  readonly folders: Readonly<Record<string, string>>;
  /** Sent with each answer. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Serves one page and folders on a free port of the loopback address. */
export async function serveFolders({
  page,
  folders,
  headers,
}: LocalServerOptions): Promise<LocalServer> {
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const path = readPath(request.url);
    if (path === '/') {
      response.setHeader('content-type', 'text/html; charset=utf-8').end(page);
      return;
    }
    const mount = Object.entries(folders).find(([start]) => path?.startsWith(start));
    if (path === undefined || !mount) answerNotFound(response);
    else sendFile(mount[1], path.slice(mount[0].length), response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** The decoded path of a request; undefined where it cannot be read. */
function readPath(url = '/'): string | undefined {
  try {
    return decodeURIComponent(new URL(url, 'http://localhost').pathname);
  } catch {
    return undefined;
  }
}

function sendFile(folder: string, path: string, response: ServerResponse): void {
  const root = resolve(folder);
  const file = join(root, path);
  const facts = file.startsWith(root + sep) ? statSync(file, { throwIfNoEntry: false }) : undefined;
  if (!facts?.isFile()) {
    answerNotFound(response);
    return;
  }
  response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream');
  response.setHeader('content-length', facts.size);
  createReadStream(file)
    .on('error', () => response.destroy())
    .pipe(response);
}

function answerNotFound(response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found');
}
