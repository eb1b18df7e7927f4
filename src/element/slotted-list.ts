import { MAX_CANDIDATES, MAX_LONG_DOCUMENT_CHARACTERS } from '../shared/defaults.ts';
import { glide } from './glide.ts';

/**
 * The site's own list inside the element: `<ol>`, `<ul>` or `role="list"`. Its items stay the site's
 * nodes, with their listeners and styles; only their order changes.
 */
export class SlottedList {
  readonly root: Element;
  readonly #onChange: () => void;
  /** The items in the order that the site gave them. */
  #items: readonly Element[];
  /** The items in the order that the page shows. */
  #shown: readonly Element[];
  #texts: readonly string[];
  readonly #observer: MutationObserver;

  /** @param onChange Called after the site added, removed, moved or changed items. */
  constructor(root: Element, onChange: () => void) {
    this.root = root;
    this.#onChange = onChange;
    this.#items = [...root.children];
    this.#shown = this.#items;
    this.#texts = this.#items.map(readItemText);
    this.#observer = new MutationObserver(() => this.#noticeChange());
    this.#observe();
  }

  /** The list among an element's children: the one that the site marked, else the first. */
  static find(elements: readonly Element[]): Element | undefined {
    for (const selector of ['[data-rerank-list]', 'ol', 'ul, [role="list"]']) {
      for (const element of elements) {
        const list = element.matches(selector) ? element : element.querySelector(selector);
        if (list) return list;
      }
    }
    return undefined;
  }

  get items(): readonly Element[] {
    return this.#items;
  }

  /** The item that contains `node`, with its place on the page and in the site's order, from 1. */
  findItem(
    node: Node,
  ): { readonly item: Element; readonly rank: number; readonly originalRank: number } | undefined {
    const shown = [...this.root.children];
    const item = shown.find((child) => child.contains(node));
    if (!item) return undefined;
    return { item, rank: shown.indexOf(item) + 1, originalRank: this.#items.indexOf(item) + 1 };
  }

  /** Whether the page shows these items first, in this order, and then the others in the site's. */
  isInOrder(first: readonly Element[]): boolean {
    return isSameList([...this.root.children], this.#toOrder(first));
  }

  /** Puts these items first, in this order, and then the others in the site's. Items that are in place are not touched. */
  arrange(first: readonly Element[]): void {
    // What the site changed in this very moment makes this order an old one.
    if (this.#observer.takeRecords().length > 0 && this.#noticeChange()) return;
    if (this.isInOrder(first)) return;
    this.#observer.disconnect();
    // Only candidates move.
    const items = (): Element[] => [...this.root.children].slice(0, MAX_CANDIDATES);
    glide(items, () => this.#move(this.#toOrder(first)));
    this.#shown = [...this.root.children];
    this.#observe();
  }

  #toOrder(first: readonly Element[]): Element[] {
    const moved = new Set(first);
    return [...first, ...this.#items.filter((item) => !moved.has(item))];
  }

  #move(order: readonly Element[]): void {
    let next: Element | null = null;
    for (const item of order.toReversed()) {
      if (item.parentElement !== this.root) continue;
      if (item.nextElementSibling !== next) this.root.insertBefore(item, next);
      next = item;
    }
  }

  disconnect(): void {
    this.#observer.disconnect();
  }

  #observe(): void {
    this.#observer.observe(this.root, { childList: true, subtree: true, characterData: true });
  }

  /** Calls `onChange` where items or their texts differ, and says whether they do. */
  #noticeChange(): boolean {
    const items = this.#inGivenOrder();
    const texts = items.map(readItemText);
    // A site that marks its items after each run, with the same marks, must not start runs for ever.
    const isSame =
      isSameList(items, this.#items) &&
      isSameList(texts, this.#texts) &&
      isSameList([...this.root.children], this.#shown);
    this.#items = items;
    this.#texts = texts;
    this.#shown = [...this.root.children];
    if (!isSame) this.#onChange();
    return !isSame;
  }

  /** Known items in their known order, new ones behind the item that they were put behind. */
  #inGivenOrder(): readonly Element[] {
    const present = [...this.root.children];
    const stillThere = new Set(present);
    const kept = this.#items.filter((item) => stillThere.has(item));
    const known = new Set(kept);
    const isMovedBySite = !isSameList(
      present.filter((item) => known.has(item)),
      this.#shown.filter((item) => known.has(item)),
    );
    if (isMovedBySite) return present;

    const lastKnown = present.findLastIndex((item) => known.has(item));
    // New items by the known one that they stand behind; first of all those before any.
    const followers = new Map<Element | undefined, Element[]>([[undefined, []]]);
    let leader: Element | undefined;
    for (const item of present.slice(0, lastKnown + 1)) {
      if (known.has(item)) {
        leader = item;
        followers.set(item, []);
      } else followers.get(leader)?.push(item);
    }
    const given = [undefined, ...kept].flatMap((item) => [
      ...(item ? [item] : []),
      ...(followers.get(item) ?? []),
    ]);
    return [...given, ...present.slice(lastKnown + 1)];
  }
}

function isSameList(list: readonly unknown[], other: readonly unknown[]): boolean {
  return list.length === other.length && list.every((value, index) => value === other[index]);
}

/** What a reader sees of an item, as one line, as far as a model may read it. */
export function readItemText(item: Element): string {
  return item.textContent.slice(0, MAX_LONG_DOCUMENT_CHARACTERS).replace(/\s+/g, ' ').trim();
}
