import { DEFAULT_LOGGED_CHOICES } from '../shared/defaults.ts';
import { readStored, removeStored, store } from './stored-text.ts';

/** What a reader chose, and from what order: a line of the log that `npx rerank-results judge --clicks` reads. */
export interface LoggedChoice {
  /** The same for choices from the same list. */
  readonly run: string;
  readonly query: string;
  /** The result's id; of an item of the site's own list, the address of its first link. */
  readonly id: string;
  /** Place in the list as the reader saw it, from 1. */
  readonly rank: number;
  /** Place in the search's order, from 1. */
  readonly originalRank: number;
  /** The ids of the listed results down to it, itself included. */
  readonly shown: readonly string[];
  /** Milliseconds since 1970. */
  readonly time: number;
}

const STORAGE_KEY = 'rerank-results-log';

/** Those on this page who want to know of changes. */
const watchers = new Set<() => void>();

/** The log of this browser as JSON lines, the oldest choice first; empty where nothing is kept or nothing can be. */
export function readChoiceLog(): string {
  return readStored(STORAGE_KEY) ?? '';
}

/** Takes the log out of this browser. */
export function clearChoiceLog(): void {
  removeStored(STORAGE_KEY);
  tellWatchers();
}

/** Adds a choice; beyond `most` (500 where that is no number of 1 or more) the oldest are forgotten. Where the browser stores nothing, or no more, nothing happens. */
export function logChoice(choice: LoggedChoice, most: number): void {
  const limit = most >= 1 ? Math.floor(most) : DEFAULT_LOGGED_CHOICES;
  const lines = [...toLines(readChoiceLog()), JSON.stringify(choice)].slice(-limit);
  store(STORAGE_KEY, `${lines.join('\n')}\n`);
  tellWatchers();
}

/** How many choices the log has. */
export function countChoices(): number {
  return toLines(readChoiceLog()).length;
}

/** Calls back when the log changes, here or in another tab. */
export function onChoiceLogChange(onChange: () => void, signal: AbortSignal): void {
  const look = ({ key }: StorageEvent): void => {
    if (key === STORAGE_KEY || key === null) onChange();
  };
  addEventListener('storage', look, { signal });
  watchers.add(onChange);
  signal.addEventListener('abort', () => watchers.delete(onChange));
}

function tellWatchers(): void {
  for (const onChange of watchers) onChange();
}

function toLines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
