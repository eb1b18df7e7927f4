/**
 * Milliseconds on this thread's own clock, which no change of the computer's time moves. Another thread's began at another
 * moment.
 */
export function readClockMs(): number {
  return performance.now();
}
