/** For work that asks for another update: within an update, Lit would do it at once and warn. */
export function afterUpdate(work: () => void): void {
  queueMicrotask(work);
}

/** For work that nobody waits for. */
export function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(work);
  else setTimeout(work, 1000);
}
