import { RerankError, describeError } from '../../shared/errors.ts';
import type { LoadProgress } from '../../shared/types.ts';
import { Decompression } from './decompression.ts';
import { isKept, keep, keepOnly, readKept } from './kept-files.ts';
import {
  parseManifest,
  sumHostedBytes,
  toHostedFile,
  type FileFacts,
  type Manifest,
} from './manifest.ts';

/** Reads the files of one model folder: from the browser's cache, else over the network. */
export interface ModelFolder {
  readonly manifest: Manifest;
  /**
   * Counts these files into the progress before their first bytes come; files that were expected and
   * never begun no longer count.
   */
  expect(paths: readonly string[]): void;
  /**
   * The file's bytes, checked against the manifest's size and SHA-256, and decompressed where the folder holds them
   * so. Asked twice, read once.
   */
  read(path: string): Promise<Uint8Array<ArrayBuffer>>;
  /** How many bytes of these files would come over the network: of those that the browser did not keep. */
  countMissingBytes(paths: readonly string[]): Promise<number>;
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
  const manifest = await fetchManifest(folderUrl, id);
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
      const totalBytes = sumHostedBytes(manifest.files, [...loadedBytes.keys()]);
      const loaded = sum([...loadedBytes.values()]);
      onProgress({ loadedBytes: loaded, totalBytes, file: path, fromCache });
    };
    return readVerified(locateFile(folderUrl, manifest, path), facts, report);
  };
  return {
    manifest,
    expect,
    read(path) {
      const known = reads.get(path) ?? read(path);
      reads.set(path, known);
      return known;
    },
    async countMissingBytes(paths) {
      const kept = await Promise.all(
        paths.map((path) => isKept(locateFile(folderUrl, manifest, path))),
      );
      const missing = paths.filter((_, index) => kept[index] !== true);
      return sumHostedBytes(manifest.files, missing);
    },
  };
}

/** Where a file comes from. The revision lets a new model version miss what was kept of the old one. */
function locateFile(folderUrl: string, manifest: Manifest, path: string): string {
  const url = new URL(toHostedFile(path, factsOf(manifest, path)).path, folderUrl);
  url.searchParams.set('revision', manifest.revision);
  return url.href;
}

/** Network first, so that an update is seen; without a network the kept copy serves. */
async function fetchManifest(folderUrl: string, id: string): Promise<Manifest> {
  const url = new URL('manifest.json', folderUrl).href;
  try {
    const text = await (await fetchOk(url, 'no-cache')).text();
    const manifest = parseManifest(parseJson(text, url), url, id);
    const files = Object.keys(manifest.files).map((path) => locateFile(folderUrl, manifest, path));
    await keepOnly(folderUrl, new Set([url, ...files]));
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

/** A file as it came, what it decompresses to, and what is wrong with either, or undefined. */
interface Received {
  readonly hosted: Uint8Array<ArrayBuffer>;
  readonly contents: Uint8Array<ArrayBuffer>;
  readonly damage: string | undefined;
}

async function readVerified(
  url: string,
  facts: FileFacts,
  report: (bytes: number, fromCache: boolean) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const kept = await readKept(url);
  if (kept) {
    const { contents, damage } = await checkKept(kept, facts);
    // A damaged copy is no error: the file is fetched again.
    if (damage === undefined) {
      report(kept.length, true);
      return contents;
    }
  }
  const download = async (cache: RequestCache): Promise<Received> =>
    receive(await fetchOk(url, cache), url, facts, (count) => report(count, false));
  let received = await download('default');
  // What the browser's HTTP cache has may be from before the manifest.
  if (received.damage !== undefined) received = await download('reload');
  const { hosted, contents, damage } = received;
  if (damage !== undefined) {
    throw new RerankError(
      'model-integrity',
      `${url} is not the file that the manifest names: ${damage}.`,
      { url },
    );
  }
  await keep(url, hosted);
  return contents;
}

async function checkKept(kept: Uint8Array<ArrayBuffer>, facts: FileFacts): Promise<Received> {
  const decompression = startDecompression(facts);
  // Beside it, the bytes are hashed.
  void decompression?.write(kept);
  return check(kept, facts, decompression);
}

/** Decompresses while bytes still come; what came out is used only if all that came in was right. */
async function receive(
  response: Response,
  url: string,
  facts: FileFacts,
  onBytes: (count: number) => void,
): Promise<Received> {
  const decompression = startDecompression(facts);
  const { bytes } = facts.stored ?? facts;
  const hosted = await readBody(response, url, bytes, async (part, count) => {
    onBytes(count);
    await decompression?.write(part);
  });
  return check(hosted, facts, decompression);
}

function startDecompression({ stored, bytes }: FileFacts): Decompression | undefined {
  return stored && new Decompression(stored.encoding, bytes);
}

async function check(
  hosted: Uint8Array<ArrayBuffer>,
  facts: FileFacts,
  decompression: Decompression | undefined,
): Promise<Received> {
  const [damage, contents] = await Promise.all([
    findDamage(hosted, facts.stored ?? facts),
    decompression ? decompression.end().catch(describeError) : hosted,
  ]);
  if (typeof contents === 'string') return { hosted, contents: hosted, damage: damage ?? contents };
  return { hosted, contents, damage };
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
  onPart: (part: Uint8Array<ArrayBuffer>, count: number) => Promise<void>,
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
      await onPart(part.value, length);
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
  facts: Pick<FileFacts, 'bytes' | 'sha256'>,
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
