import { transfer, wrap } from 'comlink';
import { RerankError } from '../../../shared/errors.ts';
import type { ScoreKind, StartLane } from '../../../shared/protocol.ts';
import { openLane, type Lane, type LaneAnswer, type LaneText } from './lane.ts';
import type { KernelsLayout } from './layout.ts';
import type { TextStates } from './split-model.ts';

/** What a worker offers that is a lane. It runs the same script as the engine's worker, so no site hosts another file. */
export interface LaneApi {
  openLane(layout: KernelsLayout, weights: Uint8Array): Promise<void>;
  scoreInLane(kind: ScoreKind, query: LaneText, document: LaneText): Promise<LaneAnswer>;
  closeLane(): void;
}

/** The worker's side. */
export function createLaneApi(): LaneApi {
  let lane: Lane | undefined;
  return {
    async openLane(layout, weights) {
      lane = await openLane(layout, weights);
    },
    async scoreInLane(kind, query, document) {
      if (!lane) throw new RerankError('worker-failed', 'The lane was asked to score before it was opened.');
      const answer = await lane.score(kind, query, document);
      return transfer(answer, [
        ...buffersOf(answer.queryStates),
        ...buffersOf(answer.documentStates),
      ]);
    },
    closeLane: () => close(),
  };
}

/**
 * A lane in a worker of its own. Whoever started the worker hears where it fails, and ends this one too.
 *
 * @throws Error where the worker cannot start or open the model.
 */
export async function connectLane(
  startLane: StartLane,
  layout: KernelsLayout,
  weights: Uint8Array,
): Promise<Lane> {
  const port = await startLane();
  port.addEventListener('messageerror', () => {
    // Nobody catches it: the page ends this worker, whose call would wait for ever.
    throw new RerankError('worker-failed', 'An answer of a lane could not be read.');
  });
  const api = wrap<LaneApi>(port);
  const closeLane = (): void => void api.closeLane();
  try {
    await api.openLane(layout, weights);
  } catch (error) {
    closeLane();
    throw error;
  }
  return {
    score: (kind, query, document) => api.scoreInLane(kind, query, document),
    close: closeLane,
  };
}

function buffersOf(states: TextStates | undefined): ArrayBuffer[] {
  return states ? [states.values.buffer, states.scales.buffer] : [];
}
