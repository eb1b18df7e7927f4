import { createHash } from 'node:crypto';
import { downloadFile } from './download-file.ts';
import { PassingFault, describeFault, requestUrl, retry, type HubAccess } from './hub-request.ts';
import { isObject, parseObject, readCount, readStrings, type JsonObject } from './json.ts';
import { readCard } from './licence.ts';
import { requirePlainPaths, type ModelSource, type OfferedFile } from './source.ts';

/** Tokenizers of a quarter of a million words have 17 MB. */
const MOST_SMALL_BYTES = 64e6;

/** How patient requests are. */
export interface Patience {
  /** Waits before each new try, in milliseconds. Default 1 s, 3 s and 9 s. */
  readonly delaysMs: readonly number[];
  /** A connection that brings nothing for so long is given up. Default 60 s. */
  readonly idleTimeoutMs: number;
}

export const DEFAULT_PATIENCE: Patience = { delaysMs: [1000, 3000, 9000], idleTimeoutMs: 60_000 };

/**
 * Opens a repository of a hub: asks for the commit of the revision and the list of its files, no more.
 * All files are then read at that commit.
 *
 * @param id `owner/name`, or `name`.
 * @param revision Branch, tag or commit.
 * @throws Error where the repository is not there, needs a token, answers with another commit, or lists files outside itself.
 */
export async function openHubSource(
  id: string,
  revision: string,
  access: HubAccess,
  { delaysMs, idleTimeoutMs }: Patience = DEFAULT_PATIENCE,
): Promise<ModelSource> {
  const { hub } = access;
  const apiUrl = `${hub}/api/models/${id}/revision/${encodeURIComponent(revision)}?blobs=true`;
  const fetchSmall = (url: string, what: string, mostBytes: number): Promise<Uint8Array> =>
    retry(delaysMs, async () => {
      const abort = new AbortController();
      const watch = setTimeout(() => abort.abort(), idleTimeoutMs);
      try {
        const response = await requestUrl(url, access, {}, abort.signal);
        if (!response.ok) {
          await response.body?.cancel();
          throw new Error(`${what}${explainRefusal(response, id, revision, access)}`);
        }
        return await readBytes(response, mostBytes, () => watch.refresh());
      } finally {
        clearTimeout(watch);
      }
    });

  const answer = await fetchSmall(apiUrl, '', MOST_SMALL_BYTES);
  const info = parseObject(new TextDecoder().decode(answer), apiUrl);
  const commit = readStrings(info.sha)[0] ?? '';
  if (!/^[0-9a-f]{40,64}$/.test(commit)) throw new Error(`${apiUrl} names no commit.`);
  if (/^[0-9a-f]{40}$/i.test(revision) && commit !== revision.toLowerCase()) {
    throw new Error(`${hub} answers with the commit ${commit} of ${id}, not ${revision}.`);
  }
  const files = readFiles(info.siblings);
  requirePlainPaths(files.keys(), `${hub}/${id}`);
  const urlOf = (path: string): string =>
    `${hub}/${id}/resolve/${commit}/${path.split('/').map(encodeURIComponent).join('/')}`;

  return {
    name: id,
    shortName: id.split('/').at(-1) ?? id,
    address: `${hub}/${id}/tree/${commit}`,
    revision: commit,
    files,
    card: readCard(info.cardData, info.gated !== undefined && info.gated !== false),

    async readSmall(path) {
      const stated = requireFile(files, path, id);
      if (stated.bytes > MOST_SMALL_BYTES) {
        throw new Error(`${path} has ${stated.bytes} bytes: it cannot be what its name says.`);
      }
      const bytes = await fetchSmall(urlOf(path), `${path} of `, stated.bytes);
      requireStated(bytes, stated, path);
      return bytes;
    },

    copyTo: (path, target, onBytes) =>
      downloadFile({
        target,
        expected: requireFile(files, path, id),
        request: (headers, signal) => requestUrl(urlOf(path), access, headers, signal),
        onBytes,
        delaysMs,
        idleTimeoutMs,
      }),
  };
}

function readFiles(siblings: unknown): Map<string, OfferedFile> {
  const files = new Map<string, OfferedFile>();
  for (const entry of Array.isArray(siblings) ? (siblings as unknown[]) : []) {
    if (!isObject(entry) || typeof entry.rfilename !== 'string') continue;
    const lfs: JsonObject = isObject(entry.lfs) ? entry.lfs : {};
    const sha256 = readStrings(lfs.sha256)[0];
    files.set(entry.rfilename, {
      bytes: readCount(lfs.size) ?? readCount(entry.size) ?? 0,
      sha256,
      // A large file's blob is the pointer to it.
      gitSha1: sha256 === undefined ? readStrings(entry.blobId)[0] : undefined,
    });
  }
  return files;
}

function requireFile(
  files: ReadonlyMap<string, OfferedFile>,
  path: string,
  id: string,
): OfferedFile {
  const file = files.get(path);
  if (!file) throw new Error(`${id} has no file ${path}.`);
  return file;
}

/** Compares a small file with its size and with the hub's SHA-256, or git's SHA-1 of it as a blob. */
function requireStated(bytes: Uint8Array, stated: OfferedFile, path: string): void {
  const wrong = (what: string): Error =>
    new Error(`${path} is not the file that the hub names: ${what}.`);
  if (bytes.length !== stated.bytes) {
    throw wrong(`it has ${bytes.length} bytes, not ${stated.bytes}`);
  }
  if (stated.sha256 !== undefined) {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (sha256 !== stated.sha256) throw wrong(`its SHA-256 is ${sha256}, not ${stated.sha256}`);
  } else if (stated.gitSha1 !== undefined) {
    const sha1 = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
    if (sha1 !== stated.gitSha1) throw wrong(`its blob is ${sha1}, not ${stated.gitSha1}`);
  }
}

function explainRefusal(
  { status }: Response,
  id: string,
  revision: string,
  { hub, token }: HubAccess,
): string {
  if (status === 401 || status === 403) {
    return token === undefined
      ? `${id} is not on ${hub}, or it is private or gated (HTTP ${status}). For one that you may use, set HF_TOKEN.`
      : `${id} is not open to your HF_TOKEN on ${hub} (HTTP ${status}): agree to its terms on its page first.`;
  }
  if (status === 404) return `${id} has no revision "${revision}" on ${hub} (HTTP 404).`;
  return `${id}: ${hub} answered with HTTP status ${status}.`;
}

/** A body of at most so many bytes, whatever the server states: more is an error, before it fills the memory. */
async function readBytes(
  response: Response,
  mostBytes: number,
  onChunk: () => void,
): Promise<Uint8Array> {
  const { host, pathname } = new URL(response.url);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      onChunk();
      bytes += chunk.length;
      if (bytes > mostBytes) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw new PassingFault(`${host} broke off: ${describeFault(error)}`, { cause: error });
  }
  if (bytes > mostBytes) {
    throw new Error(`${host} sends more than ${mostBytes} bytes for ${pathname}.`);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
