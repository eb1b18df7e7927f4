/** How long a moved item glides, in milliseconds. */
const GLIDE_MS = 250;

/** How long it stays where it was and then is in its new place, for readers who want less motion: a frame or two. */
const JUMP_MS = 30;

/** An item's way to its place. */
interface Glide {
  readonly animation: Animation;
  /** Resolves when the item was painted where it belongs. */
  readonly still: Promise<void>;
}

/** Items that glide now. */
const gliding = new WeakMap<Element, Glide>();

/**
 * Moves items by `move`, and lets those that stay on the page glide from where they were (FLIP: first, last, invert, play). The
 * browser counts no layout shift then, because each item is painted first where it was. Readers who want less motion see no
 * item in between.
 */
export function glide(items: () => Iterable<Element>, move: () => void): void {
  const before = new Map([...items()].map((item) => [item, item.getBoundingClientRect()]));
  move();
  const stayed = [...items()].filter((item) => before.has(item));
  for (const item of stayed) gliding.get(item)?.animation.cancel();
  // Reads all places, and then writes: the browser lays the page out once.
  const places = stayed.map((item) => item.getBoundingClientRect());
  for (const [index, item] of stayed.entries()) {
    const [from, to] = [before.get(item), places[index]];
    if (from && to) glideFrom(item, from, to);
  }
}

/** Whether some of the items glide now; calls back when these are where they belong. */
export function areGliding(items: Iterable<Element>, onStill: () => void): boolean {
  const glides = [...items].flatMap((item) => gliding.get(item)?.still ?? []);
  if (glides.length > 0) void Promise.all(glides).then(onStill);
  return glides.length > 0;
}

function glideFrom(item: Element, from: DOMRect, to: DOMRect): void {
  const [x, y] = [from.x - to.x, from.y - to.y];
  if ((x === 0 && y === 0) || !(isInWindow(from) || isInWindow(to))) return;
  const animation = item.animate([{ transform: `translate(${x}px, ${y}px)` }, {}], {
    ...(matchMedia('(prefers-reduced-motion: reduce)').matches
      ? { duration: JUMP_MS, easing: 'step-end' }
      : { duration: GLIDE_MS, easing: 'ease-out' }),
  });
  const still = animation.finished.catch(() => undefined).then(afterPaint);
  const glide = { animation, still };
  gliding.set(item, glide);
  void still.then(() => {
    if (gliding.get(item) === glide) gliding.delete(item);
  });
}

/**
 * Resolves after the next frame. In a frame in which a glide ends and its item is moved anew, the browser would count the whole glide as a
 * layout shift.
 */
function afterPaint(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
  });
}

function isInWindow({ top, bottom }: DOMRect): boolean {
  return bottom > 0 && top < innerHeight;
}
