/** How long a moved item glides, in milliseconds. */
const GLIDE_MS = 250;

/** How long it stays where it was and then is in its new place, for readers who want less motion: a frame or two. */
const JUMP_MS = 30;

/** Items that glide now. */
const gliding = new WeakMap<Element, Animation>();

/**
 * Moves items by `move`, and lets those that stay on the page glide from where they were (FLIP: first, last, invert, play). The
 * browser counts no layout shift then, because each item is painted first where it was. Readers who want less motion see no
 * item in between.
 */
export function glide(items: () => Iterable<Element>, move: () => void): void {
  const before = new Map([...items()].map((item) => [item, item.getBoundingClientRect()]));
  move();
  const stayed = [...items()].filter((item) => before.has(item));
  for (const item of stayed) gliding.get(item)?.cancel();
  // Reads all places, and then writes: the browser lays the page out once.
  const places = stayed.map((item) => item.getBoundingClientRect());
  for (const [index, item] of stayed.entries()) {
    const [from, to] = [before.get(item), places[index]];
    if (from && to) glideFrom(item, from, to);
  }
}

/** Whether some of the items glide now; calls back when these are where they belong. */
export function areGliding(items: Iterable<Element>, onStill: () => void): boolean {
  const running = [...items].flatMap((item) => {
    const animation = gliding.get(item);
    return animation?.playState === 'running' ? [animation.finished] : [];
  });
  if (running.length > 0) void Promise.allSettled(running).then(onStill);
  return running.length > 0;
}

function glideFrom(item: Element, from: DOMRect, to: DOMRect): void {
  const [x, y] = [from.x - to.x, from.y - to.y];
  if ((x === 0 && y === 0) || !(isInWindow(from) || isInWindow(to))) return;
  const animation = item.animate([{ transform: `translate(${x}px, ${y}px)` }, {}], {
    ...(matchMedia('(prefers-reduced-motion: reduce)').matches
      ? { duration: JUMP_MS, easing: 'step-end' }
      : { duration: GLIDE_MS, easing: 'ease-out' }),
  });
  gliding.set(item, animation);
}

function isInWindow({ top, bottom }: DOMRect): boolean {
  return bottom > 0 && top < innerHeight;
}
