import { countAt } from './counts.ts';
import type { ClickPlaces } from './rerank-metrics.ts';

/** Places that a histogram has one by one. */
const COUNTED_PLACES = 10;

/** Gathers places at which something was chosen. */
export class ClickPlaceTally {
  readonly #histogram = new Array<number>(COUNTED_PLACES + 1).fill(0);
  #count = 0;
  #rankSum = 0;
  #reciprocalSum = 0;

  /** @param rank From 1. */
  add(rank: number): void {
    this.#count += 1;
    this.#rankSum += rank;
    this.#reciprocalSum += 1 / rank;
    countAt(this.#histogram, Math.min(rank, COUNTED_PLACES + 1) - 1);
  }

  /** Undefined without places. */
  summarize(): ClickPlaces | undefined {
    if (this.#count === 0) return undefined;
    return {
      meanRank: this.#rankSum / this.#count,
      meanReciprocalRank: this.#reciprocalSum / this.#count,
      histogram: [...this.#histogram],
    };
  }
}
