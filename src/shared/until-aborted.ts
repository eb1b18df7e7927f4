import { abortedError } from './errors.ts';

/**
 * Waits for work that cannot be ended, and stops waiting when `signal` says so: the work goes on, unheard.
 *
 * @throws RerankError `aborted`, at once where the signal is aborted already.
 */
export function untilAborted<TValue>(
  work: TValue | PromiseLike<TValue>,
  signal: AbortSignal,
): Promise<TValue> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(abortedError(signal));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    Promise.resolve(work)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort));
  });
}
