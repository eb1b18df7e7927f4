import type { RankedResult } from 'rerank-results';
import { makeElement } from '../find-element.ts';
import { formatOrdinal } from '../format-numbers.ts';
import type { ManualResult } from '../sources.ts';

/** Results that a card lists. */
const TOP = 5;

/** A result in a card's list. */
export type Placed = Pick<RankedResult<ManualResult>, 'document' | 'originalRank' | 'rank'>;

/** One participant: how far it is, what it took, and the five results that it puts first. */
export class RacerCard {
  readonly root: HTMLElement;
  readonly #note: HTMLElement;
  readonly #bar: HTMLProgressElement | undefined;
  readonly #figures: HTMLElement;
  readonly #loading: HTMLElement;
  readonly #list: HTMLOListElement;

  /** @param options `hasBar`: whether it reads results, and so makes progress. */
  constructor(title: string, note: string, { hasBar }: { readonly hasBar: boolean }) {
    const heading = makeElement('h2', '', title);
    heading.id = `racer-${title.replace(/\W+/g, '-').toLowerCase()}`;
    this.#note = makeElement('p', 'subtitle', note);
    this.#figures = makeElement('p', 'figures');
    this.#loading = makeElement('p', 'subtitle');
    this.#list = makeElement('ol', 'top');
    if (hasBar) {
      this.#bar = makeElement('progress', '');
      this.#bar.max = 1;
      this.#bar.setAttribute('aria-labelledby', heading.id);
    }
    const track = this.#bar ?? makeElement('div', 'no-bar');
    this.root = makeElement('section', 'racer', heading, this.#note, track);
    this.root.append(this.#figures, this.#loading, this.#list);
    this.root.setAttribute('aria-labelledby', heading.id);
    this.reset();
  }

  /** Says what it is, once more is known. */
  describe(note: string): void {
    this.#note.textContent = note;
  }

  /** As before the race. */
  reset(): void {
    this.say('Not started');
    this.sayLoading('');
    this.showShare(0);
    this.#list.replaceChildren();
  }

  say(text: string): void {
    this.#figures.textContent = text;
  }

  /** Its loading, which is no part of the race. */
  sayLoading(text: string): void {
    this.#loading.textContent = text;
  }

  /** @param share Of the results that are read, 0 to 1. */
  showShare(share: number): void {
    if (this.#bar) this.#bar.value = share;
  }

  /** Lists the best five, with their place in the search's own order where that is another. */
  showTop(results: readonly Placed[]): void {
    const items = results.slice(0, TOP).map(({ document: { title, url }, originalRank, rank }) => {
      const link = makeElement('a', '', title);
      link.href = url;
      const item = makeElement('li', '', link);
      if (originalRank !== rank) {
        item.append(' ', makeElement('span', 'place', `was ${formatOrdinal(originalRank)}`));
      }
      return item;
    });
    this.#list.replaceChildren(...items);
  }
}
