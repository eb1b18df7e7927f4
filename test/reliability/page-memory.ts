import type { CDPSession, Page } from 'playwright';
import { expect } from 'vitest';

/** What a page holds after a garbage collection. */
export interface PageMemory {
  readonly documents: number;
  readonly nodes: number;
  readonly listeners: number;
  readonly heapBytes: number;
}

const names = ['documents', 'nodes', 'listeners', 'heapBytes'] as const;

/** Longer than any timer of the library that holds what is gone. */
const QUIET_ROUNDS = 5;
const ROUND_MS = 300;

/** Measures a page of Chromium. */
export class MemoryMeter {
  readonly #page: Page;
  #devtools: CDPSession | undefined;

  constructor(page: Page) {
    this.#page = page;
  }

  /** The least that the page comes down to: what is left of timers and finalizers goes by and by. */
  async measureLeast(): Promise<PageMemory> {
    let least = await this.#measure();
    for (let quiet = 0, round = 0; quiet < QUIET_ROUNDS && round < 30; round += 1) {
      await this.#page.waitForTimeout(ROUND_MS);
      const now = await this.#measure();
      // The heap's last bytes never rest.
      const isLess = names.some((name) => name !== 'heapBytes' && now[name] < least[name]);
      quiet = isLess ? 0 : quiet + 1;
      least = {
        documents: Math.min(least.documents, now.documents),
        nodes: Math.min(least.nodes, now.nodes),
        listeners: Math.min(least.listeners, now.listeners),
        heapBytes: Math.min(least.heapBytes, now.heapBytes),
      };
    }
    return least;
  }

  /** Waits until the page holds no more than this. */
  async expectAtMost(limits: Partial<PageMemory>): Promise<void> {
    const listExcess = async (): Promise<readonly string[]> => {
      const now = await this.#measure();
      return names
        .filter((name) => now[name] > (limits[name] ?? Number.POSITIVE_INFINITY))
        .map((name) => `${name}: ${now[name]}, more than ${limits[name]}`);
    };
    await expect.poll(listExcess, { timeout: 10_000, interval: ROUND_MS }).toEqual([]);
  }

  async #measure(): Promise<PageMemory> {
    this.#devtools ??= await this.#page.context().newCDPSession(this.#page);
    await this.#devtools.send('Performance.enable');
    // What is finalized after the first is collected by the second.
    await this.#devtools.send('HeapProfiler.collectGarbage');
    await this.#devtools.send('HeapProfiler.collectGarbage');
    const { metrics } = await this.#devtools.send('Performance.getMetrics');
    const read = (wanted: string): number =>
      metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN;
    return {
      documents: read('Documents'),
      nodes: read('Nodes'),
      listeners: read('JSEventListeners'),
      heapBytes: read('JSHeapUsedSize'),
    };
  }
}
