import { RerankError, describeError } from '../../shared/errors.ts';
import type { LoadProgress } from '../../shared/types.ts';
import { parseManifest, type FileFacts, type Manifest } from './manifest.ts';

/** Files are kept in this Cache API cache, so that a second visit downloads nothing. */
const CACHE_NAME = 'rerank-results-models-1';

/** Reads the files of one model folder: from the browser's cache, else over the network. */
export interface ModelFolder {
  readonly manifest: Manifest;
  /** The file's bytes, checked against the manifest's size and SHA-256. Asked twice, read once. */
  read(path: string): Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * Fetches a model folder's manifest; its files are fetched when they are read.
 *
 * @param folderUrl Absolute URL that ends in a slash.
 * @throws RerankError `model-load` where the manifest cannot be fetched, `model-integrity` where it is wrong.
 */
export async function openModelFolder(
  folderUrl: string,
  onProgress: (progress: LoadProgress) => void = () => undefined,
): Promise<ModelFolder> {
  const manifest = await fetchManifest(new URL('manifest.json', folderUrl).href);
  const reads = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  const loaded = new Map<string, number>();

  const read = async (path: string): Promise<Uint8Array<ArrayBuffer>> => {
    const facts = factsOf(manifest, path);
    loaded.set(path, 0);
    const report = (bytes: number, fromCache: boolean): void => {
      loaded.set(path, bytes);
      const totalBytes = sum([...loaded.keys()].map((file) => factsOf(manifest, file).bytes));
      onProgress({ loadedBytes: sum([...loaded.values()]), totalBytes, file: path, fromCache });
    };
    // The revision in the key lets a new model version miss the old one's entries.
    const url = new URL(path, folderUrl);
    url.searchParams.set('revision', manifest.revision);
    return readVerified(url.href, facts, report);
  };
  return {
    manifest,
    read(path) {
      const known = reads.get(path) ?? read(path);
      reads.set(path, known);
      return known;
    },
  };
}

/** Network first, so that an update is seen; the cached copy serves an offline visit. */
async function fetchManifest(url: string): Promise<Manifest> {
  const cache = await openCache();
  let text: string;
  try {
    const response = await fetchOk(url, 'no-cache');
    text = await response.text();
  } catch (error) {
    const cached = await cache?.match(url);
    if (!cached) throw error;
    text = await cached.text();
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RerankError(
      'model-load',
      `${url} is not JSON; it begins with "${text.slice(0, 20)}". Does modelBaseUrl point at the folder with the models?`,
      { url },
    );
  }
  const manifest = parseManifest(value, url);
  await store(cache, url, text);
  return manifest;
}

async function readVerified(
  url: string,
  facts: FileFacts,
  report: (bytes: number, fromCache: boolean) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const cache = await openCache();
  const cached = await cache?.match(url);
  if (cached) {
    const bytes = new Uint8Array(await cached.arrayBuffer());
    // A damaged cache entry is no error: the file is fetched again.
    if ((await findDamage(bytes, facts)) === undefined) {
      report(bytes.length, true);
      return bytes;
    }
    await cache?.delete(url);
  }

  const response = await fetchOk(url, 'default');
  const bytes = await readBody(response, url, facts.bytes, (count) => report(count, false));
  const damage = await findDamage(bytes, facts);
  if (damage !== undefined) {
    throw new RerankError(
      'model-integrity',
      `${url} is not the file that the manifest names: ${damage}.`,
      {
        url,
        contentType: response.headers.get('content-type') ?? undefined,
      },
    );
  }
  await store(cache, url, bytes);
  return bytes;
}

async function fetchOk(url: string, cache: RequestCache): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { cache });
  } catch (error) {
    throw new RerankError('model-load', `${url} could not be fetched: ${describeError(error)}.`, {
      url,
    });
  }
  if (response.ok) return response;
  throw new RerankError('model-load', `${url} answered with HTTP status ${response.status}.`, {
    url,
    status: response.status,
  });
}

async function readBody(
  response: Response,
  url: string,
  expectedBytes: number,
  onBytes: (count: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  // One buffer of the promised size; a longer body is cut off, and its size is then found wrong.
  const bytes = new Uint8Array(expectedBytes + 1);
  let length = 0;
  const reader = response.body?.getReader();
  try {
    for (;;) {
      const part = await reader?.read();
      if (part?.value === undefined) break;
      bytes.set(part.value.subarray(0, bytes.length - length), length);
      length = Math.min(length + part.value.length, bytes.length);
      onBytes(length);
      if (length === bytes.length) await reader?.cancel();
    }
  } catch (error) {
    throw new RerankError(
      'model-load',
      `${url} broke off after ${length} of ${expectedBytes} bytes: ${describeError(error)}.`,
      { url, loadedBytes: length, totalBytes: expectedBytes },
    );
  }
  return bytes.subarray(0, length);
}

/** What is wrong with the bytes, or undefined. */
async function findDamage(
  bytes: Uint8Array<ArrayBuffer>,
  facts: FileFacts,
): Promise<string | undefined> {
  if (bytes.length !== facts.bytes) {
    const length = bytes.length > facts.bytes ? `more than ${facts.bytes}` : String(bytes.length);
    return `it has ${length} bytes, not ${facts.bytes}`;
  }
  // Browsers have SubtleCrypto on secure pages only; on plain HTTP the size is all that can be checked.
  if (!isSecureContext) return undefined;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return sha256 === facts.sha256 ? undefined : `its SHA-256 is ${sha256}, not ${facts.sha256}`;
}

/** Absent on pages without HTTPS, and where the reader's settings forbid storage. */
async function openCache(): Promise<Cache | undefined> {
  if (!('caches' in globalThis)) return undefined;
  return caches.open(CACHE_NAME).catch(() => undefined);
}

/** A full disk or a private window must not stop a model that is already in memory. */
async function store(
  cache: Cache | undefined,
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
): Promise<void> {
  await cache?.put(url, new Response(body)).catch(() => undefined);
}

function factsOf(manifest: Manifest, path: string): FileFacts {
  const facts = manifest.files[path];
  if (facts) return facts;
  throw new RerankError(
    'model-integrity',
    `The manifest of ${manifest.id} lists no file ${path}.`,
    {
      file: path,
    },
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
