/** Space between a popup and the edge of the window, in pixels. */
const EDGE_PX = 8;

/** A popup is not made lower than this, in pixels: below it, nothing can be read. */
const LEAST_HEIGHT_PX = 160;

/**
 * Keeps a popup that hangs below its field inside the window: moved sideways where it would stand over the edge, and
 * no higher than the room below the field, which a keyboard on the screen makes smaller.
 */
export function fitPopup(popup: HTMLElement): void {
  const { style } = popup;
  const { clientWidth: width } = document.documentElement;
  style.maxWidth = `${width - 2 * EDGE_PX}px`;
  style.translate = '';
  const { left, right, top } = popup.getBoundingClientRect();
  const overRight = right - (width - EDGE_PX);
  const shift = overRight > 0 ? -overRight : Math.max(0, EDGE_PX - left);
  if (shift !== 0) style.translate = `${shift}px`;
  const seen = window.visualViewport;
  const bottom = seen ? seen.offsetTop + seen.height : window.innerHeight;
  style.maxHeight = `${Math.max(LEAST_HEIGHT_PX, bottom - EDGE_PX - top)}px`;
}
