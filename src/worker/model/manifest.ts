import { RerankError } from '../../shared/errors.ts';
import type { Device, Dtype } from '../../shared/types.ts';

/** The format that this version reads. A manifest with another number is refused. */
export const MANIFEST_FORMAT = 1;

/** `manifest.json` of a model folder: everything that must be known before its weights are fetched. */
export interface Manifest {
  readonly formatVersion: typeof MANIFEST_FORMAT;
  readonly id: string;
  /** Changes when any file changes. */
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
}

export interface Variant {
  readonly dtype: Dtype;
  readonly device: Device;
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

/**
 * Checks what came as `manifest.json`.
 *
 * @throws RerankError `model-integrity` naming the first field that is wrong.
 */
export function parseManifest(value: unknown, url: string): Manifest {
  const wrong = (field: string, expected: string): RerankError =>
    new RerankError(
      'model-integrity',
      `The manifest ${url} is not usable: ${field} must be ${expected}.`,
      { url, field },
    );
  if (!isRecord(value)) throw wrong('it', 'a JSON object');
  if (value.formatVersion !== MANIFEST_FORMAT) {
    throw wrong('formatVersion', `${MANIFEST_FORMAT}, the format that this version reads`);
  }
  for (const field of ['id', 'revision', 'licence', 'architecture']) {
    if (typeof value[field] !== 'string') throw wrong(field, 'a string');
  }
  if (!isCount(value.maxTokens)) throw wrong('maxTokens', 'a whole number above 0');
  if (!isStringList(value.inputs)) throw wrong('inputs', 'a list of strings');

  const { head, pair, tokenizer, files, variants, referencePairs } = value;
  if (!isRecord(head) || !isStringList(head.labels) || head.labels.length === 0) {
    throw wrong('head.labels', 'a list of label names');
  }
  if (!head.labels.includes(String(head.positiveLabel))) {
    throw wrong('head.positiveLabel', 'one of head.labels');
  }
  if (!isRecord(pair)) throw wrong('pair', 'an object');
  for (const field of ['start', 'between', 'end']) {
    if (!isNumberList(pair[field])) throw wrong(`pair.${field}`, 'a list of token ids');
  }
  if (typeof pair.padTokenId !== 'number') throw wrong('pair.padTokenId', 'a token id');
  if (!isRecord(files)) throw wrong('files', 'an object');
  for (const [path, facts] of Object.entries(files)) {
    if (!isRecord(facts) || !isCount(facts.bytes) || !isSha256(facts.sha256)) {
      throw wrong(`files["${path}"]`, 'an object with bytes and a sha256 of 64 hexadecimal digits');
    }
  }
  const listed = (path: unknown): boolean => typeof path === 'string' && Object.hasOwn(files, path);
  if (!isRecord(tokenizer) || !listed(tokenizer.file) || !listed(tokenizer.config)) {
    throw wrong('tokenizer', 'an object whose file and config are listed in files');
  }
  if (!Array.isArray(variants) || variants.length === 0) throw wrong('variants', 'a list');
  for (const [index, variant] of (variants as unknown[]).entries()) {
    if (
      !isRecord(variant) ||
      !listed(variant.graph) ||
      !(variant.weights === undefined || (variant.weights as unknown[]).every(listed)) ||
      typeof variant.tolerance !== 'number'
    ) {
      throw wrong(`variants[${index}]`, 'an object with a tolerance and files listed in files');
    }
  }
  if (!Array.isArray(referencePairs) || referencePairs.length === 0) {
    throw wrong('referencePairs', 'a list with at least one pair');
  }
  return value as unknown as Manifest;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) > 0;
}

function isSha256(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}

function isStringList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isNumberList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => Number.isInteger(item));
}
