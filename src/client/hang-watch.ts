/**
 * Silence is counted in ticks, not by the clock: however long a computer slept or a page was frozen, one tick passes, and in
 * a page that the browser slows down they come later.
 */
const TICK_MS = 1000;

/** Notices a worker that owes an answer and gives no sign of life. */
export class HangWatch {
  readonly #onHang: (silentTicks: number) => void;
  /** For each call that was not answered, how many ticks of silence are no hang yet. */
  readonly #patience = new Map<object, number>();
  #silentTicks = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param onHang Called once, with the length of the silence: a tick is a second while the page runs as usual. */
  constructor(onHang: (silentTicks: number) => void) {
    this.#onHang = onHang;
  }

  /** Expects a sign of life every `patienceTicks` until the reply settles. */
  watch(reply: Promise<unknown>, patienceTicks: number): void {
    const call = {};
    // Another call is no sign of life: a reader who types on must not keep a dead worker.
    if (this.#patience.size === 0) this.noteLife();
    this.#patience.set(call, patienceTicks);
    this.#timer ??= setTimeout(() => this.#tick(), TICK_MS);
    const settle = (): void => {
      this.#patience.delete(call);
      this.noteLife();
      if (this.#patience.size === 0) this.end();
    };
    reply.then(settle, settle);
  }

  /** The worker said something. */
  noteLife(): void {
    this.#silentTicks = 0;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#patience.clear();
  }

  #tick(): void {
    this.#silentTicks += 1;
    // The worker does one thing at a time, so whoever waits longest decides.
    if (this.#silentTicks >= Math.max(...this.#patience.values())) {
      const silentTicks = this.#silentTicks;
      this.end();
      this.#onHang(silentTicks);
      return;
    }
    this.#timer = setTimeout(() => this.#tick(), TICK_MS);
  }
}
