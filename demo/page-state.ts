import type { RerankResults } from 'rerank-results/element';

/** What a link to the page carries. */
export interface PageState extends Pick<
  RerankResults,
  'query' | 'model' | 'device' | 'engine' | 'candidates' | 'budgetMs' | 'priorWeight' | 'reorder'
> {
  readonly source: SourceName;
}

const IN_PAGE_SOURCES = ['minisearch', 'orama', 'pagefind', 'fusion'] as const;

/** Each setting's values; the first is the default. Links with other values get the default. */
export const SETTINGS = {
  source: import.meta.env.HAS_SEARCH_API ? (['api', ...IN_PAGE_SOURCES] as const) : IN_PAGE_SOURCES,
  model: ['minilm-l6-split', 'gte-small-split'],
  device: ['auto', 'webgpu', 'wasm'],
  engine: ['auto', 'kernels', 'onnxruntime', 'transformers'],
  candidates: ['50', '10', '25', '100'],
  budgetMs: ['none', '250', '500', '1000', '3000'],
  priorWeight: ['0.2', '0', '0.1', '0.5', '1'],
  reorder: ['once', 'live', 'pinned'],
} as const satisfies Record<string, readonly string[]>;

/** Which search finds the candidates. */
export type SourceName = (typeof SETTINGS.source)[number];

/** The search of a page that names none. */
export const DEFAULT_SOURCE: SourceName = SETTINGS.source[0];

export type SettingName = keyof typeof SETTINGS;

export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[];

/** Reads an address's query string. */
export function readPageState(search: string): PageState {
  const parameters = new URLSearchParams(search);
  const budget = readChoice(parameters, 'budgetMs', SETTINGS.budgetMs);
  return {
    query: parameters.get('q')?.trim() ?? '',
    source: readChoice<SourceName>(parameters, 'source', SETTINGS.source),
    model: readChoice(parameters, 'model', SETTINGS.model),
    device: readChoice(parameters, 'device', SETTINGS.device),
    engine: readChoice(parameters, 'engine', SETTINGS.engine),
    candidates: Number(readChoice(parameters, 'candidates', SETTINGS.candidates)),
    budgetMs: budget === 'none' ? undefined : Number(budget),
    priorWeight: Number(readChoice(parameters, 'priorWeight', SETTINGS.priorWeight)),
    reorder: readChoice(parameters, 'reorder', SETTINGS.reorder),
  };
}

/** An address's parameter where it is one of `values`, else the first of these. */
export function readChoice<TValue extends string>(
  parameters: URLSearchParams,
  name: string,
  values: readonly [TValue, ...TValue[]],
): TValue {
  return values.find((value) => value === parameters.get(name)) ?? values[0];
}

/** The query string for a state; defaults are left out, so that links stay short. */
export function writePageState(state: PageState): string {
  const parameters = new URLSearchParams();
  if (state.query !== '') parameters.set('q', state.query);
  for (const name of SETTING_NAMES) {
    const value = formatSetting(state, name);
    if (value !== SETTINGS[name][0]) parameters.set(name, value);
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

/** A setting's value as addresses and the page's controls have it. */
export function formatSetting(state: PageState, name: SettingName): string {
  return String(state[name] ?? 'none');
}
