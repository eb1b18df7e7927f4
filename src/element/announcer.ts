import { NO_WORDS, type Phrase } from './phrases.ts';

/** Typing changes the status many times a second; a screen reader gets what lasts. */
const ANNOUNCE_AFTER_MS = 1000;

/** Passes on words once they have not changed for a second, and the same words once for each subject. */
export class Announcer {
  readonly #onAnnounce: (words: Phrase) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #announced = '';
  #subject = '';

  constructor(onAnnounce: (words: Phrase) => void) {
    this.#onAnnounce = onAnnounce;
  }

  /** @param subject What the words are about: a query. */
  announce(words: Phrase, subject: string): void {
    this.stop();
    if (subject !== this.#subject) {
      this.#subject = subject;
      this.#announced = '';
      // The same words are heard again only if they come anew.
      this.#onAnnounce(NO_WORDS);
    }
    if (words.text === this.#announced) return;
    this.#timer = setTimeout(() => {
      this.#announced = words.text;
      this.#onAnnounce(words);
    }, ANNOUNCE_AFTER_MS);
  }

  /** Passes on what the reader asked for, at once. */
  say(words: Phrase): void {
    this.#onAnnounce(words);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
