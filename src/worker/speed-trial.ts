import type { Backend } from './backend/backend.ts';
import type { Manifest } from './model/manifest.ts';
import { assemblePair, type Pair } from './pipeline/assemble-pairs.ts';
import type { EncodedText, Encoder } from './pipeline/tokenize.ts';
import { runInLanes } from './run-in-lanes.ts';
import { batchPairs, scoreBatch } from './score-pairs.ts';

/** A trial is as long as a short search: pairs of a usual length, several for each lane. */
const TRIAL_PAIRS = 12;
const TRIAL_TOKENS = 128;

/** How long the backend takes for a pair, in milliseconds, with all lanes at work. The first round only compiles. */
export async function measureMsPerPair(
  manifest: Manifest,
  encoder: Encoder,
  backend: Backend,
): Promise<number> {
  const maxTokens = Math.min(TRIAL_TOKENS, manifest.maxTokens);
  const parts = { manifest, encoder, backend, maxTokens };
  let ms = 0;
  for (const round of [0, 1]) {
    const pairs = makePairs(manifest, encoder, maxTokens, round * TRIAL_PAIRS);
    const start = performance.now();
    const batches = batchPairs(pairs, backend);
    await runInLanes(batches, backend.limits.lanes, async ({ batch, length }) => {
      await scoreBatch(batch, length, parts);
    });
    ms = performance.now() - start;
  }
  return ms / TRIAL_PAIRS;
}

/** Pairs with documents of their own, so that nothing of them is kept: the known texts' tokens, turned. */
function makePairs(
  { pair, referencePairs }: Manifest,
  encoder: Encoder,
  maxTokens: number,
  firstTurn: number,
): Pair[] {
  const text = referencePairs.map(({ document }) => document).join(' ');
  const { ids } = encoder.encode(text, TRIAL_TOKENS);
  const query = encoder.encode(referencePairs[0]?.query ?? '', maxTokens / 4);
  return Array.from({ length: TRIAL_PAIRS }, (_, index) => {
    const turn = (firstTurn + index) % Math.max(1, ids.length);
    const turned = Int32Array.from([...ids.subarray(turn), ...ids.subarray(0, turn)]);
    const document: EncodedText = { ids: turned, complete: false };
    return assemblePair(query, document, pair, maxTokens);
  });
}
