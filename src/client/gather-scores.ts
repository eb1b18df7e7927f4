import type { ScoredBatch } from '../shared/protocol.ts';
import type { Scores } from '../shared/rank.ts';
import type { ModelInfo } from '../shared/types.ts';

/** Scores of a run that has none yet. */
export function createScores(
  count: number,
  {
    model,
    blend,
    hasPassages = false,
  }: {
    readonly model: ModelInfo;
    readonly blend: Scores['blend'];
    readonly hasPassages?: boolean;
  },
): Scores {
  return {
    passages: hasPassages ? new Uint32Array(2 * count) : undefined,
    logits: new Float64Array(count).fill(Number.NaN),
    truncated: new Uint8Array(count),
    unknownLanguage: new Uint8Array(count),
    blend,
    calibration: model.calibration,
    tiers: model.tiers && {
      ofDocument: new Uint8Array(count),
      calibrations: model.tiers.map(({ calibration }) => calibration),
      bySimilarity: model.tiers.map(({ scoresBySimilarity }) => scoresBySimilarity === true),
    },
  };
}

/** Keeps a batch's scores and returns how many of its documents had none before. */
export function keepScores(
  { logits, truncated, unknownLanguage, passages, tiers }: Scores,
  batch: ScoredBatch,
): number {
  let added = 0;
  for (const [position, index] of batch.indices.entries()) {
    if (Number.isNaN(logits[index])) added += 1;
    logits[index] = batch.logits[position] ?? Number.NaN;
    truncated[index] = batch.truncated[position] ?? 0;
    unknownLanguage[index] = batch.unknownLanguage[position] ?? 0;
    passages?.set(batch.passages?.subarray(2 * position, 2 * position + 2) ?? [], 2 * index);
    if (tiers) tiers.ofDocument[index] = batch.tier ?? 1;
  }
  return added;
}
