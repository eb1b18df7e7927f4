/** Milliseconds after which a line is printed even where little was done. */
const QUIET_MS = 60_000;

/** Where progress is shown: standard error, which is a terminal or a log. */
export type ProgressStream = Pick<NodeJS.WriteStream, 'write' | 'isTTY'>;

/** Shows how far a run is: one line that changes on a terminal, a line now and then in a log. */
export class ProgressDisplay {
  readonly #stream: ProgressStream;
  readonly #label: string;
  #start = performance.now();
  #pairs = 0;
  #shownPart = 0;
  #shownAt = performance.now();

  constructor(stream: ProgressStream, label: string) {
    this.#stream = stream;
    this.#label = label;
  }

  /** A line that stays. */
  say(line: string): void {
    this.#stream.write(`${this.#stream.isTTY ? '\r\u001B[K' : ''}${line}\n`);
  }

  /** Starts the clock: what was done before, such as loading a model, is no part of the speed. */
  start(): void {
    this.#start = performance.now();
    this.#shownAt = this.#start;
  }

  /**
   * Shows one more query that is done.
   *
   * @param pairs Pairs of the query that is done.
   * @param leftPairs Pairs of all queries that are not.
   */
  update(done: number, total: number, pairs: number, leftPairs: number): void {
    const now = performance.now();
    this.#pairs += pairs;
    const part = done / total;
    const isDue = part - this.#shownPart >= 0.1 || now - this.#shownAt >= QUIET_MS;
    if (!this.#stream.isTTY && !isDue && done < total) return;
    this.#shownPart = part;
    this.#shownAt = now;
    const perSecond = (this.#pairs * 1000) / Math.max(1, now - this.#start);
    const left =
      leftPairs > 0 ? `, ${formatDuration(leftPairs / Math.max(perSecond, 1e-9))} left` : '';
    const line = `${this.#label}${done}/${total} queries, ${perSecond.toFixed(1)} pairs/s${left}`;
    if (this.#stream.isTTY) this.#stream.write(`\r\u001B[K${line}${done === total ? '\n' : ''}`);
    else this.#stream.write(`${line}\n`);
  }
}

/** Seconds as people say them: `40 s`, `12 min`, `3 h 5 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
