/** Milliseconds on the monotonic clock that page and worker share. */
export function readClockMs(): number {
  return performance.timeOrigin + performance.now();
}
