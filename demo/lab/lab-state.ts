import { SETTINGS, readChoice } from '../page-state.ts';

/** What a link to the lab carries. */
export interface LabState {
  /** `demo`: the PostgreSQL manual with its 40 judged queries. `folder`: a BEIR folder, which the reader gives to the page. */
  readonly set: 'demo' | 'folder';
  /** How many of the set's judged queries are run, spread over all. */
  readonly queries: number;
  /** How many of a query's results are reranked. */
  readonly candidates: number;
  readonly model: (typeof SETTINGS.model)[number];
  readonly device: (typeof SETTINGS.device)[number];
  /** How far the search's own order counts, 0 to 1. */
  readonly priorWeight: number;
  /** How many results the second model of a cascade reads; undefined: no cascade is run. */
  readonly keep: number | undefined;
}

/** Numbers that the reader may type: least, most, and what stands there at first. */
export const NUMBERS = {
  queries: { least: 1, most: 10_000, initial: 10 },
  candidates: { least: 2, most: 500, initial: 30 },
} as const;

/** The values of the setting “Cascade”; the first is the default. */
export const KEEPS = ['none', '5', '10', '20'] as const;

/** Each setting's name in the address, which is the id of its control too. */
export const LAB_SETTINGS = [
  'set',
  'queries',
  'candidates',
  'model',
  'device',
  'priorWeight',
  'keep',
] as const;

export type LabSetting = (typeof LAB_SETTINGS)[number];

/** Reads an address's query string; what is missing or wrong gets its default. */
export function readLabState(search: string): LabState {
  const parameters = new URLSearchParams(search);
  const keep = readChoice(parameters, 'keep', KEEPS);
  return {
    set: readChoice(parameters, 'set', ['demo', 'folder']),
    queries: readNumber(parameters, 'queries'),
    candidates: readNumber(parameters, 'candidates'),
    model: readChoice(parameters, 'model', SETTINGS.model),
    device: readChoice(parameters, 'device', SETTINGS.device),
    priorWeight: Number(readChoice(parameters, 'priorWeight', SETTINGS.priorWeight)),
    keep: keep === 'none' ? undefined : Number(keep),
  };
}

/** The query string for a state; defaults are left out. */
export function writeLabState(state: LabState): string {
  const initial = readLabState('');
  const parameters = new URLSearchParams();
  for (const name of LAB_SETTINGS) {
    if (state[name] !== initial[name]) parameters.set(name, formatLabSetting(state, name));
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

/** A setting's value as addresses and the page's controls have it. */
export function formatLabSetting(state: LabState, name: LabSetting): string {
  return String(state[name] ?? 'none');
}

function readNumber(parameters: URLSearchParams, name: keyof typeof NUMBERS): number {
  const { least, most, initial } = NUMBERS[name];
  const value = Number(parameters.get(name));
  return Number.isInteger(value) && value >= least && value <= most ? value : initial;
}
