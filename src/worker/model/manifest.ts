import { RerankError } from '../../shared/errors.ts';
import type { Device, Dtype } from '../../shared/types.ts';

/**
 * The format that this version writes. It reads 1 too, which had no `stored` files; a manifest with another
 * number is refused.
 */
export const MANIFEST_FORMAT = 2;

const READ_FORMATS: readonly unknown[] = [1, MANIFEST_FORMAT];

/** `manifest.json` of a model folder: everything that must be known before its weights are fetched. */
export interface Manifest {
  readonly formatVersion: 1 | typeof MANIFEST_FORMAT;
  readonly id: string;
  /** Changes when any file changes; how a host holds it does not count. */
  readonly revision: string;
  readonly title: string;
  /** SPDX identifier. */
  readonly licence: string;
  /** What the weights were made from. */
  readonly origin: readonly { readonly name: string; readonly licence: string }[];
  /** BCP 47 tags of the languages that the model reads. */
  readonly languages: readonly string[];
  readonly architecture: string;
  /** Most tokens in a pair, special tokens included. */
  readonly maxTokens: number;
  /** Names of the graph's inputs; `token_type_ids` only where the model has them. */
  readonly inputs: readonly string[];
  readonly head: { readonly labels: readonly string[]; readonly positiveLabel: string };
  readonly pair: {
    readonly start: readonly number[];
    readonly between: readonly number[];
    readonly end: readonly number[];
    readonly padTokenId: number;
  };
  readonly tokenizer: { readonly file: string; readonly config: string };
  /** File with the curve from logit to probability. Absent where the model was not calibrated. */
  readonly calibration?: string;
  /** Every file that may be loaded, by its path in the folder. */
  readonly files: Readonly<Record<string, FileFacts>>;
  /** Graphs for a device and dtype, the preferred one of each device first. */
  readonly variants: readonly Variant[];
  /** Known answers: logits of the fp32 original. A backend that misses them is not used. */
  readonly referencePairs: readonly ReferencePair[];
}

export interface FileFacts {
  readonly bytes: number;
  /** SHA-256, 64 hexadecimal digits. */
  readonly sha256: string;
  /** What the folder has in place of the file. Absent where it has the file itself. */
  readonly stored?: StoredFile;
}

/**
 * A file that the folder holds compressed, because hosts do not compress weights. Size and SHA-256 are those of the
 * compressed bytes.
 */
export interface StoredFile {
  /** Its place in the folder. It must not end as servers' own encodings do (`.gz`, `.br`): they would undo it. */
  readonly path: string;
  /** As `DecompressionStream` calls it. */
  readonly encoding: 'deflate-raw';
  readonly bytes: number;
  readonly sha256: string;
}

/** What the folder holds for a file: the compressed one, or the file itself. */
export function toHostedFile(path: string, facts: FileFacts): Omit<StoredFile, 'encoding'> {
  return facts.stored ?? { path, bytes: facts.bytes, sha256: facts.sha256 };
}

/** Bytes that come over the network for these files of a manifest's table. */
export function sumHostedBytes(files: Manifest['files'], paths: readonly string[]): number {
  return paths.reduce((total, path) => {
    const facts = files[path];
    return total + (facts ? toHostedFile(path, facts).bytes : 0);
  }, 0);
}

export interface Variant {
  readonly dtype: Dtype;
  readonly device: Device;
  /** The engine that alone can run it. Absent: `graph` is ONNX, for onnxruntime and transformers.js. */
  readonly engine?: 'kernels';
  readonly graph: string;
  /** Weight files that the graph refers to by their file name; several variants may share one. */
  readonly weights?: readonly string[];
  /** Greatest accepted difference between a logit and the fp32 original's. */
  readonly tolerance: number;
  /** Whether a pair's logit is the same whatever else is in its batch. */
  readonly batchInvariant: boolean;
}

export interface ReferencePair {
  readonly query: string;
  readonly document: string;
  /** Relevance logit (log-odds of the positive label) of the fp32 original. */
  readonly logit: number;
}

/** Names in the folder or below; never another place. */
const FILE_PATH = /^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/;

/** More than any browser gives one array buffer. */
const MOST_BYTES = 2 ** 32;

const DEVICES: readonly unknown[] = ['webgpu', 'wasm'] satisfies Device[];
const DTYPES: readonly unknown[] = ['fp32', 'fp16', 'q8', 'q4'] satisfies Dtype[];

/**
 * Checks what came as `manifest.json`.
 *
 * @param id The model that was asked for.
 * @throws RerankError `model-integrity` naming the first field that is wrong.
 */
export function parseManifest(value: unknown, url: string, id: string): Manifest {
  const wrong = (field: string, expected: string): RerankError =>
    new RerankError(
      'model-integrity',
      `The manifest ${url} is not usable: ${field} must be ${expected}. Copy the model's folder anew.`,
      { url, field },
    );
  const require = (condition: boolean, field: string, expected: string): void => {
    if (!condition) throw wrong(field, expected);
  };
  if (!isRecord(value)) throw wrong('it', 'a JSON object');
  require(READ_FORMATS.includes(
    value.formatVersion,
  ), 'formatVersion', `${READ_FORMATS.join(' or ')}, the formats that this version reads (a newer model needs a newer rerank-results)`);
  require(value.id === id, 'id', `"${id}", the name of its folder`);
  for (const field of ['revision', 'licence', 'architecture']) {
    require(typeof value[field] === 'string', field, 'a string');
  }
  require(isCount(value.maxTokens) &&
    value.maxTokens >= 16, 'maxTokens', 'a whole number of 16 or more');
  require(isStringList(value.inputs), 'inputs', 'a list of strings');
  require(isStringList(value.languages), 'languages', 'a list of language tags');

  const { head, pair, tokenizer, files, variants, referencePairs } = value;
  if (!isRecord(head) || !isStringList(head.labels) || head.labels.length === 0) {
    throw wrong('head.labels', 'a list of label names');
  }
  require(head.labels.includes(
    String(head.positiveLabel),
  ), 'head.positiveLabel', 'one of head.labels');
  if (!isRecord(pair)) throw wrong('pair', 'an object');
  for (const field of ['start', 'between', 'end']) {
    require(isTokenList(pair[field]), `pair.${field}`, 'a list of token ids');
  }
  require(Number.isInteger(pair.padTokenId), 'pair.padTokenId', 'a token id');

  if (!isRecord(files)) throw wrong('files', 'an object');
  for (const [path, facts] of Object.entries(files)) {
    require(FILE_PATH.test(path), `files["${path}"]`, 'named by a path below the folder');
    require(isFileFacts(
      facts,
    ), `files["${path}"]`, 'an object with bytes and a sha256 of 64 hexadecimal digits, and where it has a stored, that with a path below the folder, the encoding "deflate-raw", bytes and sha256');
  }
  const isListed = (path: unknown): boolean =>
    typeof path === 'string' && Object.hasOwn(files, path);
  require(isRecord(tokenizer) &&
    isListed(tokenizer.file) &&
    isListed(tokenizer.config), 'tokenizer', 'an object whose file and config are listed in files');

  require(value.calibration === undefined ||
    isListed(value.calibration), 'calibration', 'a file listed in files');

  if (!Array.isArray(variants) || variants.length === 0) throw wrong('variants', 'a list');
  for (const [index, variant] of (variants as unknown[]).entries()) {
    require(isVariant(
      variant,
      isListed,
    ), `variants[${index}]`, 'an object with device, dtype, tolerance, batchInvariant, and files listed in files');
  }
  if (!Array.isArray(referencePairs) || referencePairs.length === 0) {
    throw wrong('referencePairs', 'a list with at least one pair');
  }
  for (const [index, reference] of (referencePairs as unknown[]).entries()) {
    require(isReferencePair(
      reference,
    ), `referencePairs[${index}]`, 'an object with query, document and logit');
  }
  return value as unknown as Manifest;
}

function isVariant(value: unknown, isListed: (path: unknown) => boolean): boolean {
  if (!isRecord(value)) return false;
  const { device, dtype, engine, graph, weights = [], tolerance, batchInvariant } = value;
  return (
    DEVICES.includes(device) &&
    DTYPES.includes(dtype) &&
    (engine === undefined || engine === 'kernels') &&
    isListed(graph) &&
    Array.isArray(weights) &&
    weights.every(isListed) &&
    Number.isFinite(tolerance) &&
    typeof batchInvariant === 'boolean'
  );
}

function isReferencePair(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value.query === 'string' &&
    typeof value.document === 'string' &&
    Number.isFinite(value.logit)
  );
}

/** Whether a value is an entry of a manifest's table of files. */
export function isFileFacts(value: unknown): value is FileFacts {
  return isBytes(value) && (value.stored === undefined || isStoredFile(value.stored));
}

function isStoredFile(value: unknown): boolean {
  return (
    isBytes(value) &&
    typeof value.path === 'string' &&
    FILE_PATH.test(value.path) &&
    value.encoding === 'deflate-raw'
  );
}

function isBytes(value: unknown): value is Record<string, unknown> {
  return (
    isRecord(value) &&
    isCount(value.bytes) &&
    value.bytes < MOST_BYTES &&
    typeof value.sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(value.sha256)
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0;
}

function isStringList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isTokenList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => Number.isInteger(item) && item >= 0);
}
