import type { Counts } from './rerank-metrics.ts';

/** Adds 1 at a place of a histogram. */
export function countAt(histogram: number[], place: number): void {
  histogram[place] = (histogram[place] ?? 0) + 1;
}

/** How many there were of each kind. */
export class Counter<TKind extends string> {
  readonly #counts = new Map<TKind, number>();

  add(kind: TKind): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }

  summarize(): Counts<TKind> {
    return Object.fromEntries(this.#counts) as Counts<TKind>;
  }
}
