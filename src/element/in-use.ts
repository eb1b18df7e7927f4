/** Whether the reader points at the list, presses it, has focus in it or has scrolled into it: then nothing in it may move. */
export function isInUse(list: Element | undefined | null): boolean {
  if (!list) return false;
  // After a tap, touch screens leave the pointer where it was for ever.
  const canHover = matchMedia('(hover: hover)').matches;
  return (
    list.matches(':focus-within') ||
    list.matches(':active') ||
    (canHover && list.matches(':hover')) ||
    isScrolledInto(list)
  );
}

/** Whether the first item is out of sight above the window and a later one is in it. */
function isScrolledInto(list: Element): boolean {
  const first = list.firstElementChild;
  return (
    first !== null &&
    first.getBoundingClientRect().bottom < 0 &&
    list.getBoundingClientRect().bottom > 0
  );
}
