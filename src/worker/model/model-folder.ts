import { RerankError, describeError } from '../../shared/errors.ts';
import type { LoadProgress } from '../../shared/types.ts';
import { Decompression } from './decompression.ts';
import { Downloads } from './downloads.ts';
import { canHash, hashLike, toIntegrity } from './integrity.ts';
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

/** What a model folder is opened with. */
export interface ModelFolderOptions {
  /** What the manifest's bytes must be, in the form of Subresource Integrity. Any, where absent. */
  readonly integrity?: string | undefined;
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
}

/** What every file of a folder is read with. */
interface FolderAccess {
  readonly downloads: Downloads;
  /** See {@link ModelFolderOptions}. */
  readonly integrity: string | undefined;
}

/** What to do where the host lacks a manifest. */
const ADVICE_MANIFEST =
  'Does modelBaseUrl (the element\'s model-base) point at the folder with the models? "npx rerank-results copy <directory>" puts them there.';

/** What to do where the host has other files than the manifest says. */
const ADVICE_FILES =
  'Copy the model\'s folder anew, and let no host or proxy change its files; "npx rerank-results models check <folder>" compares them.';

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
  { integrity, onProgress = () => undefined }: ModelFolderOptions = {},
): Promise<ModelFolder> {
  const access = { downloads: new Downloads(), integrity };
  const { manifest, keepManifest } = await fetchManifest(folderUrl, id, access);
  let keeping: Promise<void> | undefined;
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
    // Not before: who only asks what a model costs leaves nothing in the browser.
    keeping ??= keepManifest();
    const url = locateFile(folderUrl, manifest, path);
    const [contents] = await Promise.all([readVerified(url, facts, report, access), keeping]);
    return contents;
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

interface FetchedManifest {
  readonly manifest: Manifest;
  /** Keeps it in the browser, and frees what was kept of former revisions. */
  readonly keepManifest: () => Promise<void>;
}

/** Network first, so that an update is seen; without a network the kept copy serves. */
async function fetchManifest(
  folderUrl: string,
  id: string,
  { downloads, integrity }: FolderAccess,
): Promise<FetchedManifest> {
  const url = new URL('manifest.json', folderUrl).href;
  const parse = async (bytes: Uint8Array<ArrayBuffer>): Promise<Manifest> => {
    await requireIntegrity(bytes, url, integrity);
    return parseManifest(parseJson(new TextDecoder().decode(bytes), url), url, id);
  };
  try {
    const bytes = await downloads.read({
      url,
      cache: 'no-cache',
      advice: ADVICE_MANIFEST,
      integrity: canHash() ? undefined : integrity,
    });
    const manifest = await parse(bytes);
    const files = Object.keys(manifest.files).map((path) => locateFile(folderUrl, manifest, path));
    return {
      manifest,
      async keepManifest() {
        await keepOnly(folderUrl, new Set([url, ...files]));
        await keep(url, bytes);
      },
    };
  } catch (error) {
    // Of a pinned model the right copy serves, whatever the host has now.
    const kept = isFinal(error) && !isMismatch(error) ? undefined : await readKept(url);
    if (!kept) throw error;
    const manifest = await parse(kept).catch((damage: unknown) => {
      // A copy that is of no use is no copy, unless it is a sound one of something else.
      throw isMismatch(damage) ? damage : error;
    });
    return { manifest, keepManifest: () => Promise.resolve() };
  }
}

/** Whether this is not what `integrity` pins. */
function isMismatch(error: unknown): boolean {
  return error instanceof RerankError && error.details.expected !== undefined;
}

/** Whether a server said what is: a model that was taken away is gone. In trouble (5xx), it does not know. */
function isFinal(error: unknown): boolean {
  if (!(error instanceof RerankError)) return false;
  const { code, details } = error;
  return code === 'model-integrity' || Number(details.status ?? 500) < 500;
}

async function requireIntegrity(
  bytes: Uint8Array<ArrayBuffer>,
  url: string,
  expected: string | undefined,
): Promise<void> {
  // Where nothing can be hashed, the browser itself was asked to compare.
  if (expected === undefined || !canHash()) return;
  const actual = await hashLike(expected, bytes);
  if (actual === expected) return;
  throw new RerankError(
    'model-integrity',
    `${url} is not the manifest that the option integrity names: it is ${actual}, not ${expected}. After an update of the model, integrity needs the new value ("npx rerank-results models check" prints it); otherwise someone changed the manifest.`,
    { url, expected, actual },
  );
}

function parseJson(text: string, url: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new RerankError(
      'model-load',
      `${url} is not JSON; it begins with ${JSON.stringify(text.slice(0, 15))}. ${ADVICE_MANIFEST}`,
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
  access: FolderAccess,
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
    receive(url, facts, cache, access, (count) => report(count, false));
  let received = await download('default');
  // What the browser's HTTP cache has may be from before the manifest.
  if (received.damage !== undefined) received = await download('reload');
  const { hosted, contents, damage } = received;
  if (damage !== undefined) {
    throw new RerankError(
      'model-integrity',
      `${url} is not the file that the manifest names: ${damage}. ${ADVICE_FILES}`,
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
  url: string,
  facts: FileFacts,
  cache: RequestCache,
  { downloads, integrity }: FolderAccess,
  onBytes: (count: number) => void,
): Promise<Received> {
  const decompression = startDecompression(facts);
  const { bytes, sha256 } = facts.stored ?? facts;
  // A pinned manifest pins nothing where its files are not compared.
  const mustCompare = integrity !== undefined && !canHash();
  const hosted = await downloads.read({
    url,
    cache: mustCompare ? 'no-cache' : cache,
    bytes,
    advice: ADVICE_FILES,
    integrity: mustCompare ? toIntegrity(sha256) : undefined,
    onPart: async (part, count) => {
      onBytes(count);
      await decompression?.write(part);
    },
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

/** What is wrong with the bytes, or undefined. */
async function findDamage(
  bytes: Uint8Array<ArrayBuffer>,
  facts: Pick<FileFacts, 'bytes' | 'sha256'>,
): Promise<string | undefined> {
  if (bytes.length !== facts.bytes) {
    const length = bytes.length > facts.bytes ? `more than ${facts.bytes}` : String(bytes.length);
    return `it has ${length} bytes, not ${facts.bytes}`;
  }
  // On plain HTTP the size is all that can be checked.
  if (!canHash()) return undefined;
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
