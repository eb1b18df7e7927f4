/** What a batch counts for when the next one is measured. About the last ten batches make the estimate. */
const DECAY = 0.9;

/**
 * How fast a device is, from the batches that it ran: tokens over time, the last batches counting most. Padding is time
 * and no token, so that an estimate holds for batches that pad alike.
 */
export class SpeedEstimate {
  #tokens = 0;
  #ms = 0;
  #count = 0;

  /**
   * @param tokens Of one call of the model, without padding.
   * @param ms How long the call took, with what else ran at the time.
   */
  add(tokens: number, ms: number): void {
    // The first call may compile: it counts only until there is another.
    const kept = this.#count === 1 ? 0 : DECAY;
    this.#tokens = this.#tokens * kept + tokens;
    this.#ms = this.#ms * kept + ms;
    this.#count += 1;
  }

  /** Of one call. Undefined before the first, and where the clock showed no time at all. */
  get tokensPerSecond(): number | undefined {
    return this.#ms > 0 ? (1000 * this.#tokens) / this.#ms : undefined;
  }
}
