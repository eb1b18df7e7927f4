import { RerankError, describeError } from '../../shared/errors.ts';
import type { LoadProgress } from '../../shared/types.ts';
import { keep, readKept } from './kept-files.ts';
import { parseManifest, type FileFacts, type Manifest } from './manifest.ts';

/** Reads the files of one model folder: from the browser's cache, else over the network. */
export interface ModelFolder {
  readonly manifest: Manifest;
  /**
   * Counts these files into the progress before their first bytes come; files that were expected and
   * never begun no longer count.
   */
  expect(paths: readonly string[]): void;
  /** The file's bytes, checked against the manifest's size and SHA-256. Asked twice, read once. */
  read(path: string): Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * Fetches a model folder's manifest; its files are fetched when they are read.
 *
 * @param folderUrl Absolute URL that ends in a slash.
 * @param id The model that must be there.
 * @throws RerankError `model-load` where the manifest cannot be fetched, `model-integrity` where it is
 * wrong.
 */
export async function openModelFolder(
  folderUrl: string,
  id: string,
  onProgress: (progress: LoadProgress) => void = () => undefined,
): Promise<ModelFolder> {
  const manifest = await fetchManifest(new URL('manifest.json', folderUrl).href, id);
  const reads = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  const loadedBytes = new Map<string, number>();
  const expect = (paths: readonly string[]): void => {
    for (const path of loadedBytes.keys()) if (!reads.has(path)) loadedBytes.delete(path);
    for (const path of paths) loadedBytes.set(path, loadedBytes.get(path) ?? 0);
  };

  const read = async (path: string): Promise<Uint8Array<ArrayBuffer>> => {
    const facts = factsOf(manifest, path);
    loadedBytes.set(path, 0);
    const report = (bytes: number, fromCache: boolean): void => {
      loadedBytes.set(path, bytes);
      const totalBytes = sum([...loadedBytes.keys()].map((file) => factsOf(manifest, file).bytes));
      const loaded = sum([...loadedBytes.values()]);
      onProgress({ loadedBytes: loaded, totalBytes, file: path, fromCache });
    };
    // The revision in the key lets a new model version miss the old one's entries.
    const url = new URL(path, folderUrl);
    url.searchParams.set('revision', manifest.revision);
    return readVerified(url.href, facts, report);
  };
  return {
    manifest,
    expect,
    read(path) {
      const known = reads.get(path) ?? read(path);
      reads.set(path, known);
      return known;
    },
  };
}

/** Network first, so that an update is seen; without a network the kept copy serves. */
async function fetchManifest(url: string, id: string): Promise<Manifest> {
  try {
    const text = await (await fetchOk(url, 'no-cache')).text();
    const manifest = parseManifest(parseJson(text, url), url, id);
    await keep(url, text);
    return manifest;
  } catch (error) {
    // A server that answers knows better than the copy: a model that was taken away is gone.
    const isAnswer = error instanceof RerankError && error.details.status !== undefined;
    const isWrong = error instanceof RerankError && error.code === 'model-integrity';
    const kept = isAnswer || isWrong ? undefined : await readKept(url);
    if (!kept) throw error;
    return parseManifest(parseJson(new TextDecoder().decode(kept), url), url, id);
  }
}

function parseJson(text: string, url: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new RerankError(
      'model-load',
      `${url} is not JSON; it begins with ${JSON.stringify(text.slice(0, 15))}. Does modelBaseUrl (the element's model-base) point at the folder with the models? "npx rerank-results copy <directory>" puts them there.`,
      { url },
    );
  }
}

async function readVerified(
  url: string,
  facts: FileFacts,
  report: (bytes: number, fromCache: boolean) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const kept = await readKept(url);
  // A damaged copy is no error: the file is fetched again.
  if (kept && (await findDamage(kept, facts)) === undefined) {
    report(kept.length, true);
    return kept;
  }
  const download = async (cache: RequestCache): Promise<Uint8Array<ArrayBuffer>> => {
    const response = await fetchOk(url, cache);
    return readBody(response, url, facts.bytes, (count) => report(count, false));
  };
  let bytes = await download('default');
  let damage = await findDamage(bytes, facts);
  if (damage !== undefined) {
    // What the browser's HTTP cache has may be from before the manifest.
    bytes = await download('reload');
    damage = await findDamage(bytes, facts);
  }
  if (damage !== undefined) {
    throw new RerankError(
      'model-integrity',
      `${url} is not the file that the manifest names: ${damage}.`,
      { url },
    );
  }
  await keep(url, bytes);
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
