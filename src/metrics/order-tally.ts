import type { RankedResult } from '../shared/types.ts';
import type { RerankMetrics } from './rerank-metrics.ts';

/** Gathers what reranking changed among the first results. */
export class OrderTally {
  readonly #top: number;
  #runs = 0;
  #results = 0;
  #moved = 0;
  #movement = 0;
  #firstChanged = 0;

  /** @param top How many results of each run are looked at: a whole number of 1 or more. */
  constructor(top: number) {
    this.#top = top;
  }

  /** @param results Best first. */
  add(results: readonly Pick<RankedResult<unknown>, 'index'>[]): void {
    const movements = results
      .slice(0, this.#top)
      .map(({ index }, position) => Math.abs(index - position));
    this.#runs += 1;
    this.#results += movements.length;
    this.#moved += movements.filter((places) => places > 0).length;
    this.#movement += movements.reduce((sum, places) => sum + places, 0);
    if ((movements[0] ?? 0) > 0) this.#firstChanged += 1;
  }

  summarize(): RerankMetrics['order'] {
    const [runs, results] = [this.#runs, this.#results];
    return {
      runs,
      results,
      ...(results > 0 && {
        movedShare: this.#moved / results,
        meanMovement: this.#movement / results,
      }),
      ...(runs > 0 && { firstChangedShare: this.#firstChanged / runs }),
    };
  }
}
