import { abortedError } from '../shared/errors.ts';

/** Timers cannot wait longer. */
const MOST_TIMER_MS = 2 ** 31 - 1;

/**
 * Settles as `work` does, or with undefined when `budgetMs` are over; then the signal that `work` got is aborted.
 *
 * @param budgetMs No limit where absent. 0 or less: over as soon as `work` has begun.
 * @throws RerankError `aborted` where the caller's own `signal` is.
 */
export async function withinBudget<TValue>(
  budgetMs: number | undefined,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal | undefined) => Promise<TValue>,
): Promise<TValue | undefined> {
  if (budgetMs === undefined) return work(signal);
  const budget = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<undefined>((resolve) => {
    const end = (): void => {
      resolve(undefined);
      budget.abort();
    };
    timer = setTimeout(end, Math.min(budgetMs, MOST_TIMER_MS));
  });
  const either = signal ? AbortSignal.any([signal, budget.signal]) : budget.signal;
  try {
    const value = await Promise.race([work(either), over]);
    // What works in this thread sees an abort late.
    if (signal?.aborted) throw abortedError(signal);
    return value;
  } finally {
    clearTimeout(timer);
  }
}
