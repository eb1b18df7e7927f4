import { RerankError } from '../../../shared/errors.ts';
import type { ScoreKind, StartLane } from '../../../shared/protocol.ts';
import type { Backend } from '../backend.ts';
import { findDocument } from './find-document.ts';
import { openLane, type Lane } from './lane.ts';
import { parseLayout, type KernelsLayout } from './layout.ts';
import { StateCache } from './state-cache.ts';
import { connectLane } from './worker-lane.ts';

export interface KernelsOptions {
  /** The bytes of `kernels.json`. */
  readonly layout: Uint8Array;
  /** The weights file that the layout describes. */
  readonly weights: Uint8Array;
  /** How many pairs are scored at the same time, each by a worker of its own. 1 or more. */
  readonly lanes: number;
  /** Starts a worker to be a lane; without it the only lane is in this thread. */
  readonly startLane?: StartLane | undefined;
  /** Memory for the states of texts that were read, in bytes. */
  readonly maxStateBytes: number;
}

/** Opens the engine of our own: WASM, int8, for split cross-encoders. */
export async function openKernelsBackend(options: KernelsOptions): Promise<Backend> {
  const { weights, maxStateBytes } = options;
  const layout = parseLayout(
    JSON.parse(new TextDecoder().decode(options.layout)) as unknown,
    weights.length,
  );
  const lanes = await openLanes(layout, options);
  const idle = [...lanes];
  const states = new StateCache(maxStateBytes);

  const score = async (kind: ScoreKind, ids: Int32Array): Promise<Float32Array> => {
    const documentAt = findDocument(ids, layout);
    const lane = idle.pop();
    if (!lane) throw new RerankError('worker-failed', 'More pairs at once than lanes.');
    try {
      const [query, document] = [ids.slice(0, documentAt), ids.slice(documentAt)];
      const answer = await lane.score(
        kind,
        { ids: query, states: states.get(query) },
        { ids: document, states: states.get(document) },
      );
      // The query's states last: every pair needs them.
      if (answer.documentStates) states.set(document, answer.documentStates);
      if (answer.queryStates) states.set(query, answer.queryStates);
      return Float32Array.of(answer.score);
    } finally {
      idle.push(lane);
    }
  };

  return {
    device: 'wasm',
    dtype: 'q8',
    threads: lanes.length,
    limits: {
      maxPairs: 1,
      maxTokens: Number.POSITIVE_INFINITY,
      lengthMultiple: 1,
      lanes: lanes.length,
    },

    costOf(ids) {
      const document = ids.slice(findDocument(ids, layout));
      return states.has(document) ? layout.cross.length / layout.layers.length : 1;
    },
    run: ({ inputIds }) => score('logit', inputIds),
    compare: ({ inputIds }) => score('similarity', inputIds),

    dispose() {
      for (const lane of lanes) lane.close();
      return Promise.resolve();
    },
  };
}

/** More lanes than this bring little and cost a copy of the weights each. */
const MAX_LANES = 4;

/** A lane for each core; each holds a copy of the weights, so fewer where memory is small. */
export function countLanes(): number {
  const { hardwareConcurrency } = navigator;
  const { deviceMemory } = navigator as { readonly deviceMemory?: number };
  const most = deviceMemory !== undefined && deviceMemory <= 2 ? 2 : MAX_LANES;
  return Math.max(1, Math.min(most, hardwareConcurrency));
}

/** Workers where more than one is wanted and possible, else one lane in this thread. */
async function openLanes(
  layout: KernelsLayout,
  { weights, lanes, startLane }: KernelsOptions,
): Promise<Lane[]> {
  if (lanes > 1 && startLane) {
    const spawned = await Promise.allSettled(
      Array.from({ length: lanes }, () => connectLane(startLane, layout, weights)),
    );
    const opened = spawned.flatMap((lane) => (lane.status === 'fulfilled' ? [lane.value] : []));
    if (opened.length > 0) return opened;
  }
  return [await openLane(layout, weights)];
}
