/** Space between a popup and the edge of the window, in pixels. */
const EDGE_PX = 8;

/** Space between a popup and its field, in pixels. */
const GAP_PX = 6;

/** A popup is not made lower than this, in pixels: below it, nothing can be read. */
const LEAST_HEIGHT_PX = 160;

/**
 * The popup of a field. It stands in the browser's top layer, where no parent cuts it off: below the field, or above it where
 * there is more room, and inside the part of the window that a keyboard on the screen leaves.
 */
export class FieldPopup {
  #popup: HTMLElement | undefined;
  #field: HTMLElement | undefined;
  #open = new AbortController();

  /** To be called after each update: opens the popup, keeps it at its field, or closes it. */
  follow(popup: HTMLElement | null, field: HTMLElement | null, isOpen: boolean): void {
    if (!isOpen || !popup?.isConnected || !field) {
      this.hide();
      return;
    }
    if (popup !== this.#popup) this.#watch(field);
    this.#popup = popup;
    this.#field = field;
    // Without a top layer it stands at the same place in the page.
    if ('showPopover' in popup && !popup.matches(':popover-open')) {
      popup.popover = 'manual';
      popup.showPopover();
    }
    this.#place();
  }

  hide(): void {
    const popup = this.#popup;
    if (!popup) return;
    this.#open.abort();
    this.#popup = undefined;
    // In the page's flow it is a box like any other.
    popup.removeAttribute('popover');
    popup.removeAttribute('style');
  }

  #watch(field: HTMLElement): void {
    this.#open.abort();
    this.#open = new AbortController();
    const { signal } = this.#open;
    // What grows above the field moves it.
    const sizes = new ResizeObserver(this.#place);
    for (const element of [document.body, field]) sizes.observe(element);
    signal.addEventListener('abort', () => sizes.disconnect());
    window.addEventListener('resize', this.#place, { signal });
    document.addEventListener('scroll', this.#place, { signal, capture: true, passive: true });
    window.visualViewport?.addEventListener('resize', this.#place, { signal });
    window.visualViewport?.addEventListener('scroll', this.#place, { signal, passive: true });
  }

  readonly #place = (): void => {
    const [popup, field] = [this.#popup, this.#field];
    if (!popup || !field) return;
    const { style } = popup;
    const { clientWidth: width, clientHeight: height } = document.documentElement;
    const at = field.getBoundingClientRect();
    style.setProperty('--_field-width', `${at.width}px`);
    style.maxWidth = `${width - 2 * EDGE_PX}px`;
    const isRightToLeft = getComputedStyle(popup).direction === 'rtl';
    const left = isRightToLeft ? at.right - popup.offsetWidth : at.left;
    style.left = `${Math.max(EDGE_PX, Math.min(left, width - EDGE_PX - popup.offsetWidth))}px`;

    const seen = window.visualViewport;
    const seenTop = seen?.offsetTop ?? 0;
    const seenBottom = seenTop + (seen?.height ?? height);
    const above = at.top - GAP_PX - EDGE_PX - seenTop;
    const below = seenBottom - EDGE_PX - GAP_PX - at.bottom;
    const isAbove = below < LEAST_HEIGHT_PX && above > below;
    style.maxHeight = `${Math.max(LEAST_HEIGHT_PX, isAbove ? above : below)}px`;
    style.top = isAbove ? 'auto' : `${at.bottom + GAP_PX}px`;
    style.bottom = isAbove ? `${height - at.top + GAP_PX}px` : 'auto';
  };
}
