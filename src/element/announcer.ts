import { NO_WORDS, type Phrase } from './phrases.ts';

/** Typing changes the status many times a second; a screen reader gets what lasts. */
const ANNOUNCE_AFTER_MS = 1000;

/**
 * Passes on words once they have not changed for a second, and the same words once for each subject. What the reader asked for comes at
 * once, and has a second of its own before a status follows.
 */
export class Announcer {
  readonly #onAnnounce: (words: Phrase) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #askedTimer: ReturnType<typeof setTimeout> | undefined;
  #waiting: Phrase | undefined;
  #announced = '';
  #subject = '';

  constructor(onAnnounce: (words: Phrase) => void) {
    this.#onAnnounce = onAnnounce;
  }

  /** @param subject What the words are about: a query. */
  announce(words: Phrase, subject: string): void {
    this.#waiting = undefined;
    clearTimeout(this.#timer);
    if (subject !== this.#subject) {
      this.#subject = subject;
      this.#announced = '';
      // The same words are heard again only if they come anew.
      this.#onAnnounce(NO_WORDS);
    }
    if (words.text !== this.#announced) this.#wait(words);
  }

  /** Passes on what the reader asked for, at once. */
  say(words: Phrase): void {
    clearTimeout(this.#askedTimer);
    this.#onAnnounce(words);
    if (this.#waiting) this.#wait(this.#waiting);
  }

  /**
   * The reader asked for what has yet to be made.
   *
   * @param meanwhile Passed on if that takes a second.
   */
  sayLater(meanwhile: Phrase): void {
    // What comes then is heard even where it was said before.
    this.say(NO_WORDS);
    this.#askedTimer = setTimeout(() => this.say(meanwhile), ANNOUNCE_AFTER_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#askedTimer);
  }

  #wait(words: Phrase): void {
    clearTimeout(this.#timer);
    this.#waiting = words;
    this.#timer = setTimeout(() => {
      this.#waiting = undefined;
      this.#announced = words.text;
      this.#onAnnounce(words);
    }, ANNOUNCE_AFTER_MS);
  }
}
