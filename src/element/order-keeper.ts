import type { RankedResult } from '../shared/types.ts';
import type { Result } from './events.ts';
import { readOrder, shownState, type Reorder, type RunState } from './run-state.ts';

/** An order of a run's candidates; undefined for the search's own. */
export type Order = readonly RankedResult<Result>[] | undefined;

/** What the keeper asks about the list on the page. */
export interface KeptList {
  /** Whether the reader uses it: then nothing in it may move. */
  isInUse(): boolean;
  /** Whether results glide to their places; who is asked updates the page when they are there. */
  isGliding(): boolean;
  /** Whether it would look different in this order. */
  wouldChange(order: Order): boolean;
}

/** Knows in which order the page shows a run's results, and which one waits while the list is in use. */
export class OrderKeeper {
  readonly #list: KeptList;
  readonly #onChange: () => void;
  #state: RunState<Result> = { phase: 'idle' };
  #reorder: Reorder = 'once';
  #taken: Order;
  #held = false;
  #showsOriginal = false;

  /** @param onChange Called when the page is to be updated. */
  constructor(list: KeptList, onChange: () => void) {
    this.#list = list;
    this.#onChange = onChange;
  }

  /** The order on the page. */
  get order(): Order {
    return this.#showsOriginal ? undefined : this.#taken;
  }

  /** Whether a newer one waits. */
  get held(): boolean {
    return this.#held;
  }

  /** Whether what waits is a better one, and not the search's own after a failure. */
  get offers(): boolean {
    return this.#held && this.#newest !== undefined;
  }

  /** Whether the order that was taken is another one than the search's own. */
  get canSwitch(): boolean {
    return this.#taken?.some(({ index }, position) => index !== position) ?? false;
  }

  /** Whether the reader wants to see the search's own. */
  get showsOriginal(): boolean {
    return this.#showsOriginal;
  }

  /** Whether a site's own list stays as it is: another order waits, or is still made. */
  get leavesList(): boolean {
    return this.#held || (isGoingOn(this.#state) && !this.#taken);
  }

  get #newest(): Order {
    const shown = shownState(this.#state);
    return shown && readOrder(shown, this.#reorder);
  }

  /** Decides for a run's new state whether its order is held. Says whether it has other results than the one before. */
  follow(state: RunState<Result>, reorder: Reorder): boolean {
    const former = this.#state;
    const isUnpinned = this.#reorder === 'pinned' && reorder !== 'pinned';
    this.#reorder = reorder;
    if (state === former) {
      if (isUnpinned && this.#held && !this.#list.isInUse()) this.#takeNewest();
      return false;
    }
    const [before, after] = [shownState(former), shownState(state)];
    const isSame = before?.candidates === after?.candidates && before?.query === after?.query;
    // Orders may come faster than results glide. The newest is taken when they are still.
    if (isSame && this.#taken && this.#list.isGliding()) return false;
    this.#state = state;
    // While a search runs, the page keeps what it shows.
    if (state.phase === 'searching') return false;
    if (!isSame) {
      this.#taken = undefined;
      this.#showsOriginal = false;
    }
    const order = this.#newest;
    // Until there is one, the page keeps what it shows.
    const isPending = order === undefined && isGoingOn(state);
    const shown = this.#showsOriginal ? undefined : order;
    const mustAsk = reorder === 'pinned' && shown !== undefined;
    this.#held = !isPending && (mustAsk || this.#list.isInUse()) && this.#list.wouldChange(shown);
    if (!this.#held && !isPending) this.#taken = order;
    return !isSame;
  }

  /** To be called when the reader may have left the list: what waits is shown then. */
  release(): void {
    if (this.#held && this.#reorder !== 'pinned' && !this.#list.isInUse()) this.take();
  }

  /** Shows what waits. */
  readonly take = (): void => {
    this.#takeNewest();
    this.#onChange();
  };

  #takeNewest(): void {
    this.#held = false;
    this.#taken = this.#newest;
  }

  /** Shows the search's own order, or the better one again. */
  readonly switch = (): void => {
    this.#showsOriginal = !this.#showsOriginal;
    this.#onChange();
  };
}

function isGoingOn({ phase }: RunState<Result>): boolean {
  return phase === 'searching' || phase === 'checking' || phase === 'reranking';
}
