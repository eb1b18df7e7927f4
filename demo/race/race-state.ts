import { SETTINGS, readChoice } from '../page-state.ts';

/** What a link to the race carries. */
export interface RaceState {
  readonly query: string;
  readonly model: (typeof SETTINGS.model)[number];
  /** How many results are read, 2 to {@link MOST_CANDIDATES}. */
  readonly candidates: number;
  readonly run: 'in-turn' | 'together';
}

const MOST_CANDIDATES = 100;
const DEFAULT_CANDIDATES = 25;

/** Reads an address's query string; what is missing or wrong gets its default. */
export function readRaceState(search: string, defaultQuery: string): RaceState {
  const parameters = new URLSearchParams(search);
  const query = parameters.get('q')?.trim() ?? '';
  return {
    query: query === '' ? defaultQuery : query,
    model: readChoice(parameters, 'model', SETTINGS.model),
    candidates: readCandidates(parameters.get('candidates') ?? ''),
    run: readChoice(parameters, 'run', ['in-turn', 'together']),
  };
}

/** The query string for a state; defaults are left out. */
export function writeRaceState({ query, model, candidates, run }: RaceState): string {
  const parameters = new URLSearchParams({ q: query });
  if (model !== SETTINGS.model[0]) parameters.set('model', model);
  if (candidates !== DEFAULT_CANDIDATES) parameters.set('candidates', String(candidates));
  if (run !== 'in-turn') parameters.set('run', run);
  return `?${parameters.toString()}`;
}

function readCandidates(text: string): number {
  const count = Number(text);
  const isAllowed = Number.isInteger(count) && count >= 2 && count <= MOST_CANDIDATES;
  return isAllowed ? count : DEFAULT_CANDIDATES;
}
