import { availableParallelism } from 'node:os';
import { describeError } from '../../shared/errors.ts';
import type { Backend } from '../../worker/backend/backend.ts';
import type { Manifest, ReferencePair, Variant } from '../../worker/model/manifest.ts';
import type { Encoder } from '../../worker/pipeline/tokenize.ts';
import { scorePairs, type EngineParts } from '../../worker/score-pairs.ts';
import type { NodeRuntime } from '../node-engine.ts';
import { COUPLES, REFERENCE_TEXTS } from './reference-texts.ts';

/** What one graph gave for the reference texts. */
export interface Measured {
  readonly logits: readonly number[];
  /** Greatest change of a logit by padding and by other pairs in its batch. */
  readonly batchChange: number;
}

/** Large models take minutes with one thread; the WebAssembly build has no more in Node. */
function openOptions(
  folder: string,
  { inputs }: Manifest,
  { name }: NodeRuntime,
): Parameters<NodeRuntime['open']>[1] {
  const threads = name === 'onnxruntime-node' ? Math.min(4, availableParallelism()) : 1;
  return { folder, inputs, threads };
}

/** Above the last bits that another order of sums costs, far below what moves a rank. */
const BATCH_INVARIANT = 0.01;

/** A device's own arithmetic adds to what was measured here. */
const LEAST_TOLERANCE: Readonly<Record<Variant['dtype'], number>> = {
  fp32: 0.01,
  fp16: 0.05,
  q8: 0.1,
  q4: 0.1,
};

/**
 * The same share of the distance between a relevant and an unrelated pair: int8 rounds otherwise on each
 * kind of processor, by more where a model's logits are larger.
 */
const SPREAD_TOLERANCE: Readonly<Record<Variant['dtype'], number>> = {
  fp32: 0.001,
  fp16: 0.005,
  q8: 0.05,
  q4: 0.05,
};

/** A trained reranker's relevant pair is several logits above an unrelated one. */
const LEAST_GAP = 0.5;

/** The reference texts through one graph on the CPU, each alone and then padded in one batch. */
export async function measureGraph(
  variant: Variant,
  manifest: Manifest,
  encoder: Encoder,
  runtime: NodeRuntime,
  folder: string,
): Promise<Measured> {
  const open = openOptions(folder, manifest, runtime);
  const backend = await runtime.open({ ...variant, device: 'wasm' }, open);
  try {
    const { maxTokens } = manifest;
    const score = (limits: Backend['limits']): Promise<number[]> =>
      scorePairs(REFERENCE_TEXTS, {
        manifest,
        encoder,
        maxTokens,
        backend: { ...backend, limits },
      });
    const alone = await score({
      maxPairs: 1,
      maxTokens: Number.POSITIVE_INFINITY,
      lengthMultiple: 1,
      lanes: 1,
    });
    const together = await score({
      maxPairs: REFERENCE_TEXTS.length,
      maxTokens: Number.POSITIVE_INFINITY,
      lengthMultiple: 8,
      lanes: 1,
    });
    const changes = alone.map((logit, index) => Math.abs(logit - (together[index] ?? Number.NaN)));
    return { logits: alone, batchChange: Math.max(...changes) };
  } finally {
    await backend.dispose();
  }
}

/**
 * Runs one pair of as many tokens as the manifest allows, which a wrong limit does not survive.
 *
 * @throws Error that says so; what the runtime threw where a short pair fails too.
 */
export async function requireFullLength(
  variant: Variant,
  manifest: Manifest,
  encoder: Encoder,
  runtime: NodeRuntime,
  folder: string,
): Promise<void> {
  const open = openOptions(folder, manifest, runtime);
  const backend = await runtime.open({ ...variant, device: 'wasm' }, open);
  const parts: EngineParts = { manifest, encoder, backend, maxTokens: manifest.maxTokens };
  const score = (document: string): Promise<number[]> =>
    scorePairs([{ query: 'read the index', document }], parts);
  const sentence = 'The index of every table is read again. ';
  try {
    await score('');
    await score(sentence.repeat(Math.ceil(manifest.maxTokens / 4))).catch((error: unknown) => {
      throw new Error(
        `The graph fails with ${manifest.maxTokens} tokens, which its files allow: ${describeError(error)}. Give a smaller --max-tokens.`,
        { cause: error },
      );
    });
  } finally {
    await backend.dispose();
  }
}

/** How far apart the relevant and the unrelated pairs lie: the least and the mean distance, in logits. */
export function readGaps(logits: readonly number[]): { least: number; mean: number } {
  const gaps = COUPLES.map(
    (_, index) => (logits[2 * index] ?? Number.NaN) - (logits[2 * index + 1] ?? Number.NaN),
  );
  return { least: Math.min(...gaps), mean: gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length };
}

/** Why a graph's order of the reference texts looks wrong, or undefined. */
export function findOddOrder(
  { logits }: Pick<Measured, 'logits'>,
  graph: string,
  labelCount: number,
): string | undefined {
  if (!logits.every((logit) => Number.isFinite(logit))) {
    return `${graph} gives scores that are not numbers.`;
  }
  const { least, mean } = readGaps(logits);
  if (least > 0 && mean >= LEAST_GAP) return undefined;
  const answers = COUPLES.map(({ query }, index) => {
    const [relevant = 0, unrelated = 0] = logits.slice(2 * index, 2 * index + 2);
    return `"${query}": answer ${relevant.toFixed(2)}, unrelated text ${unrelated.toFixed(2)}`;
  });
  const cause =
    mean <= -LEAST_GAP && labelCount > 1
      ? 'The order is upside down: the positive label is probably another one (--positive-label).'
      : 'The export is broken, the head was never trained or means something else, or the model does not read English.';
  return `${graph} does not tell an answer from an unrelated text (${answers.join('; ')}). ${cause}`;
}

/** Greatest difference between logits of the same texts. */
export function greatestError(logits: readonly number[], expected: readonly number[]): number {
  return Math.max(
    ...expected.map((logit, index) => Math.abs(logit - (logits[index] ?? Number.NaN))),
  );
}

/**
 * Greatest accepted difference from the known answers: twice the greatest that was measured, rounded up
 * to 0.01, and no less than what another processor's arithmetic may add.
 */
export function tolerate(
  dtype: Variant['dtype'],
  logits: readonly number[],
  reference: readonly ReferencePair[],
): number {
  const error = greatestError(
    logits,
    reference.map(({ logit }) => logit),
  );
  const spread = Math.abs(readGaps(reference.map(({ logit }) => logit)).mean);
  const tolerance = Math.max(2 * error, LEAST_TOLERANCE[dtype], SPREAD_TOLERANCE[dtype] * spread);
  return Math.ceil(Number((tolerance * 100).toFixed(6))) / 100;
}

/** Whether a graph's scores do not depend on the other pairs of a batch. */
export function isBatchInvariant({ batchChange }: Measured): boolean {
  return batchChange <= BATCH_INVARIANT;
}
