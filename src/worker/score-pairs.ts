import { RerankError } from '../shared/errors.ts';
import type { ScoreKind } from '../shared/protocol.ts';
import type { Backend, Batch } from './backend/backend.ts';
import type { Manifest } from './model/manifest.ts';
import {
  assemblePair,
  maxDocumentTokens,
  maxQueryTokens,
  type Pair,
} from './pipeline/assemble-pairs.ts';
import { planBatches, type BatchPlan } from './pipeline/plan-batches.ts';
import { relevanceLogits } from './pipeline/score.ts';
import { SpeedEstimate } from './pipeline/speed-estimate.ts';
import type { Encoder } from './pipeline/tokenize.ts';

/** A backend's speed is measured from its known answers on, before it has an engine. */
const speeds = new WeakMap<Backend, SpeedEstimate>();

/** What turns texts into logits. */
export interface EngineParts {
  readonly manifest: Manifest;
  readonly encoder: Encoder;
  readonly backend: Backend;
  readonly maxTokens: number;
}

/**
 * Relevance logits of pairs, past every cache and queue: for known answers and warm-up. Pairs share
 * batches, padding included, as a run's pairs do.
 */
export async function scorePairs(
  pairs: readonly { readonly query: string; readonly document: string }[],
  parts: EngineParts,
): Promise<number[]> {
  const { manifest, encoder, backend, maxTokens } = parts;
  const assembled = pairs.map(({ query, document }) =>
    assemblePair(
      encoder.encode(query, maxQueryTokens(maxTokens)),
      encoder.encode(document, maxDocumentTokens(manifest.pair, maxTokens)),
      manifest.pair,
      maxTokens,
    ),
  );
  const logits = new Array<number>(pairs.length).fill(Number.NaN);
  for (const { batch, positions, length } of batchPairs(assembled, backend)) {
    for (const [row, logit] of (await scoreBatch(batch, length, parts)).entries()) {
      logits[positions[row] ?? 0] = logit;
    }
  }
  return logits;
}

/** Pairs for one call of the model. */
export interface PairBatch<TPair> extends BatchPlan {
  /** The pairs at `positions`. */
  readonly batch: readonly TPair[];
}

/** Pairs in the batches that the backend takes: see `planBatches`. */
export function batchPairs<TPair extends Pair>(
  pairs: readonly TPair[],
  { limits }: Backend,
  firstCount?: number,
): PairBatch<TPair>[] {
  const lengths = pairs.map(({ inputIds }) => inputIds.length);
  return planBatches(lengths, limits, firstCount).map((plan) => ({
    ...plan,
    batch: plan.positions.flatMap((position) => pairs[position] ?? []),
  }));
}

/** One score for each pair of one batch, padded to `length`. Measures the backend's speed. */
export async function scoreBatch(
  pairs: readonly Pair[],
  length: number,
  { manifest, backend }: EngineParts,
  kind: ScoreKind = 'logit',
): Promise<Float32Array> {
  const batch = toBatch(pairs, length, manifest.pair.padTokenId);
  if (kind === 'similarity') return compareTexts(batch, backend);
  const speed = speeds.get(backend) ?? new SpeedEstimate();
  speeds.set(backend, speed);
  const cost = countCost(pairs, backend);
  const start = performance.now();
  const raw = await backend.run(batch);
  speed.add(cost, performance.now() - start);
  return relevanceLogits(raw, manifest.head);
}

/** Its speed is no measure: for texts that were read before it takes next to nothing. */
function compareTexts(batch: Batch, { compare, device, dtype }: Backend): Promise<Float32Array> {
  if (compare) return compare(batch);
  throw new RerankError(
    'invalid-input',
    'Late interaction needs the engine "kernels", and this model runs on another.',
    { device, dtype },
  );
}

function toBatch(pairs: readonly Pair[], length: number, padTokenId: number): Batch {
  const size = pairs.length * length;
  const batch = {
    rows: pairs.length,
    length,
    inputIds: new Int32Array(size).fill(padTokenId),
    attentionMask: new Uint8Array(size),
    tokenTypeIds: new Uint8Array(size),
  };
  for (const [row, { inputIds, documentStart }] of pairs.entries()) {
    const start = row * length;
    const end = start + inputIds.length;
    batch.inputIds.set(inputIds, start);
    batch.attentionMask.fill(1, start, end);
    batch.tokenTypeIds.fill(1, start + documentStart, end);
  }
  return batch;
}

/** Tokens a second with all of the backend's lanes at work; undefined where nothing was measured yet. */
export function readTokensPerSecond(backend: Backend): number | undefined {
  const ofOneLane = speeds.get(backend)?.tokensPerSecond;
  return ofOneLane === undefined ? undefined : ofOneLane * backend.limits.lanes;
}

/** Tokens of pairs, those of a document whose states are kept at the share that they cost. */
export function countCost(pairs: readonly Pair[], { costOf = () => 1 }: Backend): number {
  return pairs.reduce((sum, { inputIds }) => sum + inputIds.length * costOf(inputIds), 0);
}

/** Tokens of pairs, without padding. */
export function countTokens(pairs: readonly Pair[]): number {
  return pairs.reduce((sum, { inputIds }) => sum + inputIds.length, 0);
}
