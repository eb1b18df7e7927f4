/** Typing changes the status many times a second; a screen reader gets what lasts. */
const ANNOUNCE_AFTER_MS = 1000;

/** Passes on words once they have not changed for a second, and the same words once for each subject. */
export class Announcer {
  readonly #onAnnounce: (words: string) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #announced = '';
  #subject = '';

  constructor(onAnnounce: (words: string) => void) {
    this.#onAnnounce = onAnnounce;
  }

  /** @param subject What the words are about: a query. */
  announce(words: string, subject: string): void {
    this.stop();
    if (subject !== this.#subject) {
      this.#subject = subject;
      this.#announced = '';
      // The same words are heard again only if they come anew.
      this.#onAnnounce('');
    }
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
