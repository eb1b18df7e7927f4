import type { OptionList } from './option-list.ts';

/** Scrolls a list so that the active option is seen, and to its top for another query. The reader's own scrolling is left alone. */
export class ListScroll {
  #query = '';
  #count = 0;
  #activeIndex = -1;

  /** To be called after each update of the page. */
  follow(
    { query, results, activeIndex }: Pick<OptionList, 'query' | 'results' | 'activeIndex'>,
    list: Element | null,
    activeOption: Element | null,
  ): void {
    if (query !== this.#query) list?.scrollTo({ top: 0 });
    // With more results, another option is at the same place.
    const isOther = activeIndex !== this.#activeIndex || results.length !== this.#count;
    if (isOther) activeOption?.scrollIntoView({ block: 'nearest' });
    this.#query = query;
    this.#count = results.length;
    this.#activeIndex = activeIndex;
  }
}
