/**
 * A network that brings nothing for so long counts as gone: longer than a tunnel or a change from Wi-Fi to mobile takes, and
 * short enough that a reader is still there.
 */
export const STALL_SECONDS = 30;

/**
 * Ends downloads when none of them brought a byte for {@link STALL_SECONDS}. All count together: a file may wait long for its
 * turn behind others.
 */
export class StallWatch {
  readonly #downloads = new Set<AbortController>();
  #quietSeconds = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Something came. */
  noteBytes(): void {
    this.#quietSeconds = 0;
  }

  /** Downloads something. The signal is aborted when the network stalls. */
  async guard<TValue>(download: (signal: AbortSignal) => Promise<TValue>): Promise<TValue> {
    const controller = new AbortController();
    this.#downloads.add(controller);
    this.#quietSeconds = 0;
    // Seconds are counted and no clock is read: while a computer sleeps, no second is counted.
    this.#timer ??= setInterval(() => this.#countSecond(), 1000);
    try {
      return await download(controller.signal);
    } finally {
      this.#downloads.delete(controller);
      if (this.#downloads.size === 0) {
        clearInterval(this.#timer);
        this.#timer = undefined;
      }
    }
  }

  #countSecond(): void {
    this.#quietSeconds += 1;
    if (this.#quietSeconds < STALL_SECONDS) return;
    for (const controller of this.#downloads) controller.abort();
  }
}
