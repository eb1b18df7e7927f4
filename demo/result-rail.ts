import { makeElement } from './find-element.ts';
import { formatOrdinal } from './format-numbers.ts';

/** How a result moved, from the search's own order to the reranked one. */
export type Movement = 'up' | 'down' | 'none';

export function readMovement(originalRank: number, rank: number): Movement {
  if (rank < originalRank) return 'up';
  return rank > originalRank ? 'down' : 'none';
}

/** The narrow column beside a reranked result: its place, how far it moved, and where it was. */
export function makeRerankedRail(rank: number, originalRank: number): HTMLElement {
  const movement = readMovement(originalRank, rank);
  const places = Math.abs(originalRank - rank);
  const rail = makeElement('span', `rail ${movement}`, makeElement('span', 'rank', String(rank)));
  if (movement === 'none') {
    rail.append(makeElement('span', 'place', 'stays'));
  } else {
    const arrow = movement === 'up' ? '▲' : '▼';
    rail.append(
      makeElement('span', 'moved', `${arrow} ${places}`),
      makeElement('span', 'place', `was ${formatOrdinal(originalRank)}`),
    );
  }
  return rail;
}

/** The narrow column beside a result of the search: its place, and where it is now. */
export function makeOriginalRail(originalRank: number, rank: number | undefined): HTMLElement {
  const rail = makeElement('span', 'rail', makeElement('span', 'rank', String(originalRank)));
  if (rank === undefined) return rail;
  const place = rank === originalRank ? 'stays' : `now ${formatOrdinal(rank)}`;
  rail.append(makeElement('span', 'place', place));
  return rail;
}
