import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** A request that a server got, and how many bytes of a body it sent. */
export interface SeenRequest {
  readonly host: 'hub' | 'storage';
  readonly path: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
  sentBytes: number;
}

/** What the servers do wrong, to be changed between requests. */
export interface Faults {
  /** Breaks the connection after so many bytes of each body of a large file. */
  cutAfter?: number;
  /** Answers these many requests for large files with 503 first. */
  failTimes?: number;
  ignoreRange?: boolean;
  /** Changes a byte of the large files whose path ends so. */
  corrupt?: string;
  /** Sends small files in four pieces, so many milliseconds apart. */
  pieceMs?: number;
  /** Sends small files whose path ends so without an end. */
  endless?: string;
  /** The ETag of large files. Default: made of the content. */
  etag?: string;
}

/** A repository as the hub serves it. */
export interface HubRepository {
  readonly files: Map<string, Buffer>;
  cardData?: Record<string, unknown>;
  /** Default {@link COMMIT}. */
  readonly commit?: string;
  /** The commit that the answer names, where it is not the one asked for. */
  readonly statedCommit?: string;
  /** Files for which the list states no SHA-256, but the blob. */
  readonly withoutSha256?: string[];
  /** Names that the list has beside the files. */
  readonly extraNames?: string[];
  /** Blob ids that the list states, where they are not the files' own. */
  readonly statedBlobs?: Record<string, string>;
  /** Sizes that the list states, where they are not the files' own. */
  readonly statedBytes?: Record<string, number>;
}

export const COMMIT = 'c0ffee'.padEnd(40, '0');

/** A hub with the Hugging Face API's paths, and the host that its large files lie on. */
export interface LocalHub extends AsyncDisposable {
  readonly url: string;
  readonly seen: SeenRequest[];
  readonly faults: Faults;
  readonly repositories: Map<string, HubRepository>;
  /** Paths of ONNX files and weights that were asked for, on either host. */
  weightRequests(): string[];
}

/** A folder's files as a repository. */
export function readRepository(folder: string): HubRepository {
  const files = new Map<string, Buffer>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name === 'manifest.json') continue;
    const path = join(entry.parentPath, entry.name);
    files.set(path.slice(folder.length + 1).replaceAll('\\', '/'), readFileSync(path));
  }
  return { files };
}

/** Starts both servers on ports of their own. */
export async function startHub(repositories: Record<string, HubRepository>): Promise<LocalHub> {
  const seen: SeenRequest[] = [];
  const faults: Faults = {};
  const known = new Map(Object.entries(repositories));
  const note = (host: SeenRequest['host'], request: IncomingMessage): SeenRequest => {
    const { range, authorization } = request.headers;
    const entry = { host, path: request.url ?? '', range, authorization, sentBytes: 0 };
    seen.push(entry);
    return entry;
  };
  const find = (path: string): Buffer | undefined => {
    const [, id = '', file = ''] = /^\/(.+?)\/resolve\/[^/]+\/(.+)$/.exec(path) ?? [];
    return known.get(id)?.files.get(decodeURIComponent(file));
  };

  const storage = createServer((request, response) => {
    const entry = note('storage', request);
    const content = find(entry.path);
    if (!content) return void response.writeHead(404).end();
    if ((faults.failTimes ?? 0) > 0) {
      faults.failTimes = (faults.failTimes ?? 0) - 1;
      return void response.writeHead(503).end();
    }
    sendLarge(request, response, content, entry, faults);
  });
  const storageUrl = await listen(storage);

  const hub = createServer((request, response) => {
    const entry = note('hub', request);
    const api = /^\/api\/models\/(.+)\/revision\/([^?]+)\?blobs=true$/.exec(entry.path);
    if (api) {
      sendInfo(response, known.get(api[1] ?? ''), decodeURIComponent(api[2] ?? ''));
      return;
    }
    const content = find(entry.path);
    if (!content) return void response.writeHead(404).end();
    if (isLarge(entry.path)) {
      return void response.writeHead(302, { location: `${storageUrl}${entry.path}` }).end();
    }
    entry.sentBytes = content.length;
    sendSmall(response, entry.path, content, faults);
  });
  const url = await listen(hub);

  return {
    url,
    seen,
    faults,
    repositories: known,
    weightRequests: () =>
      seen.map(({ path }) => path).filter((path) => /\.onnx([._]data)?$/.test(path)),
    async [Symbol.asyncDispose]() {
      await Promise.all([hub, storage].map(close));
    },
  };
}

function isLarge(path: string): boolean {
  return /\.onnx([._]data)?$|tokenizer\.json$/.test(path);
}

function sendInfo(
  response: ServerResponse,
  repository: HubRepository | undefined,
  revision: string,
): void {
  const commit = repository?.commit ?? COMMIT;
  if (!repository || !['main', commit].includes(revision)) {
    response.writeHead(repository ? 404 : 401).end();
    return;
  }
  const siblings = [...repository.files].map(([rfilename, content]) => {
    const size = repository.statedBytes?.[rfilename] ?? content.length;
    const sha256 = createHash('sha256').update(content).digest('hex');
    const blobId =
      repository.statedBlobs?.[rfilename] ??
      createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
    const isLfs = isLarge(rfilename) && !repository.withoutSha256?.includes(rfilename);
    return { rfilename, size, blobId, ...(isLfs && { lfs: { sha256, size } }) };
  });
  const extra = (repository.extraNames ?? []).map((rfilename) => ({ rfilename, size: 10 }));
  response.writeHead(200, { 'content-type': 'application/json' }).end(
    JSON.stringify({
      sha: repository.statedCommit ?? commit,
      gated: false,
      cardData: repository.cardData,
      siblings: [...siblings, ...extra],
    }),
  );
}

function sendSmall(
  response: ServerResponse,
  path: string,
  content: Buffer,
  { pieceMs, endless }: Faults,
): void {
  if (endless !== undefined && path.endsWith(endless)) {
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536, ' ')));
    };
    response.on('drain', more).writeHead(200);
    more();
    return;
  }
  response.writeHead(200, { 'content-length': content.length });
  if (pieceMs === undefined) return void response.end(content);
  const quarter = Math.ceil(content.length / 4);
  const send = (from: number): void => {
    if (from >= content.length) return void response.end();
    response.write(content.subarray(from, from + quarter));
    setTimeout(() => send(from + quarter), pieceMs);
  };
  send(0);
}

function sendLarge(
  request: IncomingMessage,
  response: ServerResponse,
  original: Buffer,
  entry: SeenRequest,
  faults: Faults,
): void {
  const content = Buffer.from(original);
  if (faults.corrupt !== undefined && entry.path.endsWith(faults.corrupt)) {
    content[content.length - 1] = (content.at(-1) ?? 0) ^ 1;
  }
  const etag = faults.etag ?? `"${createHash('sha256').update(original).digest('hex')}"`;
  const ifRange = request.headers['if-range'];
  const from = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
  const isPart =
    from !== undefined && !faults.ignoreRange && (ifRange === undefined || ifRange === etag);
  const body = isPart ? content.subarray(Number(from)) : content;
  response.writeHead(isPart ? 206 : 200, {
    etag,
    'content-length': body.length,
    ...(isPart && { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` }),
  });
  const sent = body.subarray(0, faults.cutAfter ?? body.length);
  entry.sentBytes = sent.length;
  if (sent.length === body.length) response.end(body);
  else response.write(sent, () => setTimeout(() => response.destroy(), 20));
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
