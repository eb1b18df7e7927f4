import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { build } from 'vite';
import { builtPackageAlias, isolationHeaders } from '../scripts/built-package.ts';
import type { LoadedFile } from './results.ts';
import type { Workloads } from './workload.ts';

/** The types of files that hosts compress, and those that they send as they are. */
const COMPRESSED_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.wasm': 'application/wasm',
};

/** What a host takes that compresses while it sends; one that does it beforehand takes more, and sends less. */
const BROTLI_QUALITY = 5;

/** A site that was built for production, on a host that knows nothing of the package. */
export interface VisitSite extends AsyncDisposable {
  /** Ends in a slash. */
  readonly address: string;
  /** What was answered since the last call. */
  takeLog(): LoadedFile[];
}

interface Prepared {
  readonly body: Buffer;
  readonly type: string;
  readonly encoding: string;
  readonly tag: string;
}

/** @param workloads Where `/candidates?q=…` takes its candidates from. */
export async function startVisitSite(workloads: Workloads, count: number): Promise<VisitSite> {
  const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
  const built = mkdtempSync(join(tmpdir(), 'rerank-results-visit-'));
  await build({
    configFile: false,
    root: path('./visit'),
    publicDir: false,
    resolve: { alias: builtPackageAlias },
    build: { target: 'es2022', outDir: built, emptyOutDir: true },
    logLevel: 'error',
  });
  const folders = [built, path('../public')];
  const prepared = new Map<string, Prepared | undefined>();
  let log: LoadedFile[] = [];

  const answerFile = (
    pathname: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): void => {
    const known = prepared.has(pathname) ? prepared.get(pathname) : prepare(folders, pathname);
    prepared.set(pathname, known);
    const send = (status: number, encoding: string, body?: Buffer): void => {
      log.push({ path: pathname, status, encoding, bytes: body?.length ?? 0 });
      response.writeHead(status).end(body);
    };
    if (!known) {
      send(404, '');
      return;
    }
    response.setHeader('etag', known.tag);
    response.setHeader('cache-control', cachingOf(pathname));
    if (request.headers['if-none-match'] === known.tag) {
      send(304, '');
      return;
    }
    response.setHeader('content-type', known.type);
    if (known.encoding !== '') response.setHeader('content-encoding', known.encoding);
    send(200, known.encoding, known.body);
  };

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    for (const [name, value] of Object.entries(isolationHeaders)) response.setHeader(name, value);
    if (pathname !== '/candidates') {
      answerFile(pathname, request, response);
      return;
    }
    workloads.take(count, searchParams.get('q') ?? '').then(
      ({ documents }) => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(documents.map(toCandidate)));
      },
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://localhost:${port}/`,
    takeLog() {
      const taken = log;
      log = [];
      return taken;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(built, { recursive: true, force: true });
    },
  };
}

/** A file as it is sent; undefined where no folder has it. */
function prepare(folders: readonly string[], pathname: string): Prepared | undefined {
  const relative = normalize(pathname === '/' ? '/index.html' : pathname);
  const file = folders
    .map((folder) => join(folder, relative))
    .find((one) => existsSync(one) && statSync(one).isFile());
  if (file === undefined) return undefined;
  const contents = readFileSync(file);
  const type = COMPRESSED_TYPES[extname(file)];
  const tag = `"${createHash('sha256').update(contents).digest('hex').slice(0, 16)}"`;
  if (type === undefined) {
    return { body: contents, type: 'application/octet-stream', encoding: '', tag };
  }
  const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY };
  return { body: brotliCompressSync(contents, { params }), type, encoding: 'br', tag };
}

/** As hosts do: names with a hash never change; everything else is asked about. */
function cachingOf(pathname: string): string {
  return pathname.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
}

function toCandidate(document: string, index: number): object {
  const [title = '', ...lines] = document.split('\n');
  return { id: String(index), title, text: lines.join('\n'), url: `/pages/${index}` };
}
