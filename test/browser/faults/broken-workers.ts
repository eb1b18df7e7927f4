import { expect, vi } from 'vitest';
import type { RerankErrorCode } from 'rerank-results';
import type { RerankEvent, RerankEventName, RerankResults } from 'rerank-results/element';
import {
  addElement,
  expectTitles,
  found,
  query,
  readTitles,
  rerankedOrder,
  searchOrder,
} from '../element/stage.ts';

let script: string | undefined;
let laneScript: string | undefined;

/** From now on, the page's workers run this script of `test/workers`, with the package's worker and some fault in it. */
export function breakWorkers(name: string): void {
  script = `/test/workers/${name}`;
  vi.stubGlobal('Worker', FaultyWorker);
}

/** From now on, the next worker is sound, and those after it, its lanes, run this script. */
export function breakLanes(name: string): void {
  laneScript = `/test/workers/${name}`;
  vi.stubGlobal('Worker', FaultyWorker);
}

/** From now on, the page's workers are sound. */
export function mendWorkers(): void {
  script = undefined;
  laneScript = undefined;
}

const SoundWorker = Worker;

class FaultyWorker extends SoundWorker {
  constructor(url: string | URL, options?: WorkerOptions) {
    super(script ?? url, options);
    script = laneScript ?? script;
  }
}

/** The three scripts with faults, which are named like their channels. */
type Faults = 'gpu-faults' | 'wasm-faults' | 'worker-faults';

/** Resolves when a worker says this. */
export function hearWorkers(faults: Faults, message: string): Promise<void> {
  const channel = new BroadcastChannel(`${faults}-back`);
  return new Promise((resolve) => {
    channel.onmessage = ({ data }) => {
      if (data !== message) return;
      channel.close();
      resolve();
    };
  });
}

/** Begins a fault in the workers that are there. Resolves when one of them heard of it. */
export async function tellWorkers(faults: Faults, fault: string): Promise<void> {
  const heard = hearWorkers(faults, 'heard');
  const channel = new BroadcastChannel(faults);
  channel.postMessage(fault);
  await heard;
  channel.close();
}

/** The element's next event, however long it takes: a GPU is slow, and timers may be fake. */
export function nextOf<TName extends RerankEventName>(
  element: RerankResults,
  name: TName,
): Promise<RerankEvent<TName>> {
  return new Promise((resolve) => {
    element.addEventListener(name, (event) => resolve(event as RerankEvent<TName>), { once: true });
  });
}

let elements = 0;

/** An element that shares its reranker with no other one. */
export function addOwnElement(settings: Partial<RerankResults> = {}): RerankResults {
  elements += 1;
  const worker = `/dist/worker.js?${elements}`;
  return addElement({ search: () => found, query, worker, ...settings });
}

/** Counts the errors that an element tells of. */
export function countErrors(element: RerankResults): () => number {
  let errors = 0;
  element.addEventListener('rerank-error', () => void (errors += 1));
  return () => errors;
}

/**
 * The element tells of the error once and keeps the search's order; when `mend` was done, its next run reranks.
 */
export async function expectErrorAndRecovery(
  element: RerankResults,
  { code, message }: { readonly code: RerankErrorCode; readonly message: RegExp },
  mend: () => void = mendWorkers,
): Promise<void> {
  const readErrors = countErrors(element);
  const { detail } = await nextOf(element, 'rerank-error');
  expect(detail).toMatchObject({ during: 'rerank', error: { code } });
  expect(detail.error.message).toMatch(message);
  expect(readTitles(element)).toEqual(searchOrder);
  mend();
  const complete = nextOf(element, 'rerank-complete');
  await element.refresh();
  await complete;
  await expectTitles(element, rerankedOrder);
  expect(readErrors()).toBe(1);
}
