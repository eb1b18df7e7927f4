import { computePercentile } from '../shared/percentile.ts';
import { countAt } from './counts.ts';
import type { DurationSummary } from './rerank-metrics.ts';

/** The upper limits of a histogram's classes, in milliseconds; what is above the last one has a class of its own. */
export const DURATION_LIMITS_MS: readonly number[] = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000,
];

/** Durations that percentiles are of, for each step: the newest. A page has seldom more. */
export const KEPT_DURATIONS = 500;

/** Durations of one step, in bounded memory. */
export class DurationSample {
  readonly #newest: number[] = [];
  readonly #histogram = new Array<number>(DURATION_LIMITS_MS.length + 1).fill(0);
  #count = 0;
  #sumMs = 0;
  #maxMs = 0;

  /** Takes in a duration of 0 or more. */
  add(ms: number): void {
    this.#newest[this.#count % KEPT_DURATIONS] = ms;
    this.#count += 1;
    this.#sumMs += ms;
    this.#maxMs = Math.max(this.#maxMs, ms);
    countAt(this.#histogram, DURATION_LIMITS_MS.filter((limit) => ms > limit).length);
  }

  /** Undefined without durations. */
  summarize(): DurationSummary | undefined {
    if (this.#count === 0) return undefined;
    return {
      count: this.#count,
      meanMs: this.#sumMs / this.#count,
      maxMs: this.#maxMs,
      p50Ms: computePercentile(this.#newest, 0.5),
      p95Ms: computePercentile(this.#newest, 0.95),
      p99Ms: computePercentile(this.#newest, 0.99),
      histogram: [...this.#histogram],
    };
  }
}
