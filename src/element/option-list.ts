import type { Candidate } from '../sources/candidate.ts';
import { chooseShown, type ShownChoice } from './choose-shown.ts';
import type { Result } from './events.ts';
import {
  placeCandidates,
  readOrder,
  shownState,
  type PlacedCandidate,
  type Reorder,
  type RunState,
} from './run-state.ts';

/** After a finger left, the browser may still have its click to deliver. */
const TAP_LASTS_MS = 300;

/** How a combobox lists results. */
export interface ListingChoice extends ShownChoice {
  readonly reorder: Reorder;
}

/** The results of one query, in the order on the page. */
interface Listed {
  readonly query: string;
  /** Those that are options. */
  readonly results: readonly PlacedCandidate<Candidate>[];
  /** Results of the query, options or not. */
  readonly count: number;
}

/**
 * The results that a combobox lists, and which of them the keyboard is at. While the reader is about to choose one, by
 * keyboard or pointer, nothing moves: another order, or the results of another query, wait.
 */
export class OptionList {
  readonly #onChange: () => void;
  #listed: Listed = { query: '', results: [], count: 0 };
  #waiting: Listed | undefined;
  #showsAll = false;
  /** What was listed when the reader asked for all. */
  #seen: ReadonlySet<Candidate> | undefined;
  #activeIndex = -1;
  #isPointed = false;
  /** The reader asked for what waits. */
  #isAsked = false;

  /** @param onChange Called when {@link update} is due. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** The query whose results are listed. */
  get query(): string {
    return this.#listed.query;
  }

  /** The results that are listed. */
  get results(): readonly PlacedCandidate<Candidate>[] {
    return this.#listed.results;
  }

  /** Results of the query, listed or not. */
  get count(): number {
    return this.#listed.count;
  }

  /** Options in the list: the results, and one that lists all where they are more. */
  get optionCount(): number {
    return this.results.length + (this.results.length < this.count ? 1 : 0);
  }

  /** Place of the option that the keyboard is at, from 0; -1 for none. */
  get activeIndex(): number {
    return this.#activeIndex;
  }

  /** What waits until the reader has left the list. */
  get held(): 'order' | 'results' | undefined {
    if (!this.#waiting) return undefined;
    return this.#waiting.query === this.query ? 'order' : 'results';
  }

  /**
   * Lists a run's results, or keeps them waiting.
   *
   * @param choice Which results are listed at first, and when another order is.
   * @param isOffered Whether the reader is at the button that shows what waits.
   */
  update(state: RunState<Result>, choice: ListingChoice, isOffered: boolean): void {
    const shown = shownState(state);
    const query = shown?.query ?? '';
    const showsAll = this.#showsAll && query === this.query;
    // Without a list of the site's own, results are candidates.
    const newest = shown && readOrder(shown, choice.reorder);
    const mustAsk = choice.reorder === 'pinned' && !this.#isAsked;
    const order = mustAsk && (this.#seen || query !== this.query) ? undefined : newest;
    const placed = placeCandidates(shown?.candidates ?? [], order) as PlacedCandidate<Candidate>[];
    const results = showsAll ? placed : chooseShown(placed, choice);
    const next: Listed = { query, results, count: placed.length };
    const isPinned = choice.reorder === 'pinned' && order !== undefined && !this.#isAsked;
    const isInUse =
      this.count > 0 && (this.#activeIndex >= 0 || this.#isPointed || isOffered || isPinned);
    const isHeld =
      isInUse && state.phase !== 'idle' && !this.#seen && !isSameList(this.#listed, next);
    this.#waiting = isHeld && shown ? next : undefined;
    if (isHeld) return;
    this.#isAsked = query === this.query && this.#isAsked;
    this.#showsAll = showsAll;
    this.#listed = next;
    if (this.#seen && this.#activeIndex >= 0) {
      const isNew = ({ candidate }: PlacedCandidate<Candidate>): boolean =>
        this.#seen?.has(candidate) === false;
      this.#activeIndex = results.findIndex(isNew);
    }
    this.#seen = undefined;
    this.#activeIndex = Math.min(this.#activeIndex, this.optionCount - 1);
    // These results are listed now, and the better order waits.
    if (order !== newest) this.update(state, choice, isOffered);
  }

  /** Goes to the next option or the one before; from an end to the other. */
  move(step: 1 | -1): void {
    const count = this.optionCount;
    if (count === 0) return;
    const from = this.#activeIndex < 0 && step < 0 ? 0 : this.#activeIndex;
    this.#activeIndex = (from + step + count) % count;
    this.#onChange();
  }

  /** The reader is not about to choose any more. */
  readonly leave = (): void => {
    this.#activeIndex = -1;
    this.#isPointed = false;
    this.#onChange();
  };

  /** Lists what waits: the reader asked for it. */
  readonly showWaiting = (): void => {
    this.#isAsked = true;
    this.leave();
  };

  /** Lists all results at once. The keyboard goes on at the first new one. */
  readonly showAll = (): void => {
    this.#showsAll = true;
    this.#seen = new Set(this.results.map(({ candidate }) => candidate));
    this.#onChange();
  };

  readonly handlePointer = (event: PointerEvent): void => {
    // A list that opens under a resting pointer is not pointed at, though the browser says that it moved.
    const isResting = event.movementX === 0 && event.movementY === 0;
    if (event.type === 'pointerdown' || !isResting) this.#isPointed = true;
  };

  readonly handlePointerLeave = ({ pointerType }: PointerEvent): void => {
    const leave = (): void => {
      this.#isPointed = false;
      this.#onChange();
    };
    if (pointerType === 'mouse') leave();
    else setTimeout(leave, TAP_LASTS_MS);
  };
}

/** Whether both list the same results in the same order. */
function isSameList({ results }: Listed, { results: others }: Listed): boolean {
  return (
    results.length === others.length &&
    results.every(({ candidate: { id, title } }, index) => {
      const candidate = others[index]?.candidate;
      return candidate?.id === id && candidate.title === title;
    })
  );
}
