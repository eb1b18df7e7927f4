/** Typing changes the status many times a second; a screen reader gets what lasts. */
const ANNOUNCE_AFTER_MS = 1000;

/** Passes on words once they have not changed for a second, and each only once. */
export class Announcer {
  readonly #onAnnounce: (words: string) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #announced = '';

  constructor(onAnnounce: (words: string) => void) {
    this.#onAnnounce = onAnnounce;
  }

  announce(words: string): void {
    this.stop();
    if (words === this.#announced) return;
    this.#timer = setTimeout(() => {
      this.#announced = words;
      this.#onAnnounce(words);
    }, ANNOUNCE_AFTER_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
