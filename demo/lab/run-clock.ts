import { formatMs } from '../format-numbers.ts';

/** How far a run is, and how long it will take by its speed so far. Loading does not count. */
export class RunClock {
  readonly #totalPairs: number;
  #donePairs = 0;
  #partPairs = 0;
  #earlierMs = 0;
  #sinceMs: number | undefined;

  constructor(totalPairs: number) {
    this.#totalPairs = totalPairs;
  }

  /** From 0 to 1. */
  get share(): number {
    return Math.min(1, (this.#donePairs + this.#partPairs) / Math.max(1, this.#totalPairs));
  }

  /** A model reads from now on. */
  resume(): void {
    this.#sinceMs = performance.now();
  }

  /** No model reads from now on. */
  pause(): void {
    this.#earlierMs = this.#elapsedMs();
    this.#sinceMs = undefined;
  }

  /** Pairs of the present query that have a score. */
  setPart(pairs: number): void {
    this.#partPairs = pairs;
  }

  /** A query is done. */
  addQuery(pairs: number): void {
    this.#donePairs += pairs;
    this.#partPairs = 0;
  }

  /** `about 12 s left`; empty before there is anything to tell it by. */
  describeLeft(): string {
    const { share } = this;
    if (share === 0) return '';
    const leftMs = (this.#elapsedMs() * (1 - share)) / share;
    return `about ${formatMs(Math.ceil(leftMs / 1000) * 1000)} left`;
  }

  #elapsedMs(): number {
    return this.#earlierMs + (this.#sinceMs === undefined ? 0 : performance.now() - this.#sinceMs);
  }
}
