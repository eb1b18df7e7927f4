/** Runs jobs one after another, in the order they came. A failed job does not stop the next. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** Settles as `job` does. */
  add<TValue>(job: () => Promise<TValue>): Promise<TValue> {
    const result = this.#last.then(job);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
