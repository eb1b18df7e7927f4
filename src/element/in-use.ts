/** Whether the reader points at the list or has focus in it: then nothing in it may move. */
export function isInUse(list: Element | undefined | null): boolean {
  if (!list) return false;
  // After a tap, touch screens leave the pointer where it was for ever.
  const canHover = matchMedia('(hover: hover)').matches;
  return list.matches(':focus-within') || (canHover && list.matches(':hover'));
}
