/**
 * The site's own list inside the element: `<ol>`, `<ul>` or `role="list"`. Its items stay the site's
 * nodes, with their listeners and styles; only their order changes.
 */
export class SlottedList {
  readonly root: Element;
  /** The items in the order that the site gave them. */
  #items: readonly Element[];
  readonly #observer: MutationObserver;

  /** @param onChange Called after the site added, removed or changed items. */
  constructor(root: Element, onChange: () => void) {
    this.root = root;
    this.#items = [...root.children];
    this.#observer = new MutationObserver(() => {
      this.#items = this.#inGivenOrder();
      onChange();
    });
    this.#observe();
  }

  /** The list among an element's children, or undefined. */
  static find(elements: readonly Element[]): Element | undefined {
    const selector = 'ol, ul, [role="list"]';
    for (const element of elements) {
      const list = element.matches(selector) ? element : element.querySelector(selector);
      if (list) return list;
    }
    return undefined;
  }

  get items(): readonly Element[] {
    return this.#items;
  }

  /** Puts the items in this order. Items that are in place are not touched. */
  arrange(order: readonly Element[]): void {
    const inPlace = order.every((item, index) => this.root.children[index] === item);
    if (inPlace) return;
    this.#observer.disconnect();
    // Moving backwards to front keeps what comes after the items, such as a "more" entry, at the end.
    let next: Element | null = null;
    for (const item of [...order].reverse()) {
      if (item.parentElement !== this.root) continue;
      if (item.nextElementSibling !== next || next === null) this.root.insertBefore(item, next);
      next = item;
    }
    this.#observe();
  }

  disconnect(): void {
    this.#observer.disconnect();
  }

  #observe(): void {
    this.#observer.observe(this.root, { childList: true, subtree: true, characterData: true });
  }

  /** Known items in their known order; new ones after the item that they were put behind. */
  #inGivenOrder(): readonly Element[] {
    const present = [...this.root.children];
    const kept = this.#items.filter((item) => present.includes(item));
    const isNew = present.some((item) => !kept.includes(item));
    // New items mean a new search: its order is the one on the page.
    return isNew ? present : kept;
  }
}

/** What a reader sees of an item, as one line. */
export function readItemText(item: Element): string {
  return item.textContent.replace(/\s+/g, ' ').trim();
}
