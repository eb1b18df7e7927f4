import { transfer, wrap } from 'comlink';
import { RerankError } from '../../../shared/errors.ts';
import type { ScoreKind } from '../../../shared/protocol.ts';
import { toWorkerUrl } from '../../../shared/script-url.ts';
import { openLane, type Lane, type LaneAnswer, type LaneText } from './lane.ts';
import type { KernelsLayout } from './layout.ts';
import type { TextStates } from './split-model.ts';

/** What a worker offers that is a lane. It is the same script as the engine's worker, so no site hosts another file. */
export interface LaneApi {
  openLane(layout: KernelsLayout, weights: Uint8Array): Promise<void>;
  scoreInLane(kind: ScoreKind, query: LaneText, document: LaneText): Promise<LaneAnswer>;
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
  };
}

/**
 * Firefox collects a worker that nothing but its own pending answer holds, while it works: whoever waits for it would wait for
 * ever.
 */
const running = new Set<Worker>();

/**
 * A lane in a worker of its own.
 *
 * @param url The engine's worker script.
 * @throws Error where the worker cannot start.
 */
export async function spawnLane(
  url: string,
  layout: KernelsLayout,
  weights: Uint8Array,
): Promise<Lane> {
  const worker = new Worker(toWorkerUrl(url), { type: 'module' });
  running.add(worker);
  const close = (): void => {
    running.delete(worker);
    worker.terminate();
  };
  let end: RerankError | undefined;
  let onEnd: (error: RerankError) => void = () => undefined;
  const fail = (event: Event): void => {
    // It is thrown by whatever call is waiting; where none is, by the next.
    event.preventDefault();
    const { message = '' } = event as Partial<ErrorEvent>;
    end = new RerankError('worker-failed', `A worker of the model ended: ${message || 'its script cannot run'}.`);
    onEnd(end);
  };
  worker.addEventListener('error', fail);
  worker.addEventListener('messageerror', fail);
  // Not Promise.race: one promise for the lane's whole life would keep every answer.
  const orEnd = <TValue>(answer: Promise<TValue>): Promise<TValue> =>
    new Promise((resolve, reject) => {
      onEnd = reject;
      answer.then(resolve, reject);
      if (end) reject(end);
    });
  const api = wrap<LaneApi>(worker);
  try {
    await orEnd(api.openLane(layout, weights));
  } catch (error) {
    close();
    throw error;
  }
  return {
    score: (kind, query, document) => orEnd(api.scoreInLane(kind, query, document)),
    close,
  };
}

function buffersOf(states: TextStates | undefined): ArrayBuffer[] {
  return states ? [states.values.buffer, states.scales.buffer] : [];
}
