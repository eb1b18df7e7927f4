import type { RerankResults } from 'rerank-results/element';

/** What a link to the page carries. */
export interface PageState extends Pick<
  RerankResults,
  'query' | 'model' | 'device' | 'engine' | 'candidates'
> {
  readonly source: SourceName;
}

/** Each setting's values; the first is the default. Links with other values get the default. */
export const SETTINGS = {
  source: ['api', 'minisearch', 'orama', 'pagefind', 'fusion'],
  model: ['minilm-l6-split', 'gte-small-split'],
  device: ['auto', 'webgpu', 'wasm'],
  engine: ['auto', 'kernels', 'onnxruntime', 'transformers'],
  candidates: ['50', '10', '25', '100'],
} as const satisfies Record<string, readonly string[]>;

/** Which search finds the candidates. */
export type SourceName = (typeof SETTINGS.source)[number];

export type SettingName = keyof typeof SETTINGS;

export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[];

/** Reads an address's query string. */
export function readPageState(search: string): PageState {
  const parameters = new URLSearchParams(search);
  const pick = <TValue extends string>(
    name: string,
    values: readonly [TValue, ...TValue[]],
  ): TValue => values.find((value) => value === parameters.get(name)) ?? values[0];
  return {
    query: parameters.get('q')?.trim() ?? '',
    source: pick('source', SETTINGS.source),
    model: pick('model', SETTINGS.model),
    device: pick('device', SETTINGS.device),
    engine: pick('engine', SETTINGS.engine),
    candidates: Number(pick('candidates', SETTINGS.candidates)),
  };
}

/** The query string for a state; defaults are left out, so that links stay short. */
export function writePageState(state: PageState): string {
  const parameters = new URLSearchParams();
  if (state.query !== '') parameters.set('q', state.query);
  for (const name of SETTING_NAMES) {
    const value = String(state[name]);
    if (value !== SETTINGS[name][0]) parameters.set(name, value);
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
