import { LitElement, type PropertyValues } from 'lit';
import { property } from 'lit/decorators.js';
import type { RerankerTier } from '../client/read-tiers.ts';
import type { Blend } from '../shared/blend.ts';
import {
  DEFAULT_CANDIDATES,
  DEFAULT_DEBOUNCE_MS,
  DEFAULT_FIELDS,
  DEFAULT_MAX_PASSAGES,
  DEFAULT_MODEL,
  DEFAULT_MODEL_BASE_URL,
  DEFAULT_PRIOR_WEIGHT,
  DEFAULT_TOP_N,
} from '../shared/defaults.ts';
import type { Device, Dtype, EngineName, LongDocuments, Reranker } from '../shared/types.ts';
import type { SearchFunction } from '../sources/endpoint.ts';
import { isFrugal, type Consent } from './consent.ts';
import type { ModelChoice } from './model-choice.ts';
import type { ReadingOptions } from './rerank-controller.ts';
import type { Reorder } from './run-state.ts';

/** Reads a text attribute: while it is absent, the default stands. */
function textOr<TText extends string | undefined>(fallback: TText) {
  return { fromAttribute: (value: string | null): string | TText => value ?? fallback };
}

/** Reads a number from 0 to 1: while the attribute is absent or no such number, the default stands. */
function shareOr(fallback: number) {
  const fromAttribute = (value: string | null): number => {
    const isShare =
      value !== null && value.trim() !== '' && Number(value) >= 0 && Number(value) <= 1;
    return isShare ? Number(value) : fallback;
  };
  return { fromAttribute };
}

/** Reads a number attribute: while it is absent or less than `least`, the default stands. */
function numberOr<TNumber extends number | undefined>(fallback: TNumber, least: number) {
  const fromAttribute = (value: string | null): number | TNumber =>
    value !== null && Number(value) >= least ? Math.floor(Number(value)) : fallback;
  return { fromAttribute };
}

/** Reads a positive number: while the attribute is absent or no such number, there is none. */
const positiveNumber = {
  fromAttribute: (value: string | null): number | undefined =>
    value !== null && Number(value) > 0 && Number.isFinite(Number(value))
      ? Number(value)
      : undefined,
};

/** When the model is fetched: on the first query, on focus of the search field, when idle, at once. */
export type Preload = 'none' | 'focus' | 'idle' | 'eager';

/** The element's attributes and properties. */
export class ElementSettings extends LitElement {
  /** What the reader looks for. Setting it starts a run; empty shows nothing. */
  @property({ converter: textOr('') }) query = '';

  /** The id of the site's search field, in the same document or shadow root. Its text becomes `query`. */
  @property({ attribute: 'for', converter: textOr('') }) htmlFor = '';

  /** URL of a search API that answers with JSON, such as `/api/search?q={query}&limit={candidates}`. */
  @property({ converter: textOr('') }) endpoint = '';

  /** The model's folder name below `model-base`. */
  @property({ converter: textOr(DEFAULT_MODEL) }) model = DEFAULT_MODEL;

  /**
   * Several models in place of `model`, the cheapest first: the first reads every candidate, each other one the best of the
   * one before it. For each tier `model:keep:max-tokens:late-interaction`, of which only the model must be there: `keep` is how many the next one
   * reads, and an empty field takes the default, as in `minilm-l6-split:12:128 gte-small-split`. The property takes a list of objects as well.
   */
  @property({ converter: textOr('') }) tiers: string | readonly RerankerTier[] = '';

  /** The folder that holds model folders, relative to the page. */
  @property({ attribute: 'model-base', converter: textOr(DEFAULT_MODEL_BASE_URL) })
  modelBase = DEFAULT_MODEL_BASE_URL;

  /**
   * Pins the model: the hash of its `manifest.json` as `npx rerank-results models check` prints it, such as `sha256-…`; another
   * model is refused. With `tiers` one hash for each, in their order, separated by spaces. Default: any.
   */
  @property({ converter: textOr(undefined) }) integrity: string | undefined;

  /** `auto`: WebGPU where a real GPU computes right, else WASM. */
  @property({ converter: textOr('auto') }) device: Device | 'auto' = 'auto';

  /** How weights are stored; `auto` takes the model's first choice for the device. */
  @property({ converter: textOr('auto') }) dtype: Dtype | 'auto' = 'auto';

  /** What runs the model; `auto` takes our own kernels on WASM where the model has them, and onnxruntime-web on WebGPU. */
  @property({ converter: textOr('auto') }) engine: EngineName | 'auto' = 'auto';

  /** How many candidates to ask the search for and to rerank: 1000 at most. */
  @property({ type: Number, converter: numberOr(DEFAULT_CANDIDATES, 1) })
  candidates = DEFAULT_CANDIDATES;

  /** How many results to show. The site's own list always keeps all its items. */
  @property({ attribute: 'top-n', type: Number, converter: numberOr(DEFAULT_TOP_N, 1) })
  topN = DEFAULT_TOP_N;

  /**
   * Names of the properties that the model reads, in order, separated by commas or spaces. Default
   * `title,text`.
   */
  @property({ converter: textOr(DEFAULT_FIELDS.join(',')) }) fields = DEFAULT_FIELDS.join(',');

  /**
   * How many candidates the model reads with all its layers: those that are most like the query after the lower ones. It makes the next
   * letters of a query faster, not the first answer, and needs the engine `kernels`; 20 of 50 lost nothing that we could measure with
   * gte-small-split. Of no effect beside `tiers`, which have their own. Default: all.
   */
  @property({ attribute: 'late-interaction', type: Number, converter: numberOr(undefined, 1) })
  lateInteraction: number | undefined;

  /**
   * How results are read that are longer than the model reads. `truncate`: their beginning. `best-passage`: in passages, and the best one
   * counts and is the excerpt; its best sentence is marked, and the link leads to it. `error`: the search's order stays.
   */
  @property({ attribute: 'long-documents', converter: textOr('truncate') })
  longDocuments: LongDocuments = 'truncate';

  /** With `long-documents="best-passage"`: how many passages of a result are read at most. */
  @property({
    attribute: 'max-passages',
    type: Number,
    converter: numberOr(DEFAULT_MAX_PASSAGES, 1),
  })
  maxPassages = DEFAULT_MAX_PASSAGES;

  /**
   * Results with a lower relevance score are not shown at first, 0 to 1; a button shows them, and where none reaches it all are shown. Without a
   * calibration a score is no probability, and what suits one query does not suit another. The site's own list always keeps all its items.
   */
  @property({ attribute: 'min-score', type: Number, converter: shareOr(0) }) minScore = 0;

  /**
   * Of the results on one page (the same address but for its `#`), and of near-identical ones, only the best is shown at first; a button shows the
   * others. The site's own list always keeps all its items.
   */
  @property({ type: Boolean, attribute: 'merge-similar' }) mergeSimilar = false;

  /** Most tokens in a pair; longer results are cut. Less is faster. Default: the model's limit. */
  @property({ attribute: 'max-tokens', type: Number, converter: numberOr(undefined, 16) })
  maxTokens: number | undefined;

  /**
   * Milliseconds that reranking may take, once the model is loaded. When they are over, the best order so far is shown:
   * results that were not read stand after the others, in the search's order. Default: no limit.
   */
  @property({ attribute: 'budget-ms', type: Number, converter: positiveNumber })
  budgetMs: number | undefined;

  /**
   * How much the search's own order counts beside the model's scores: from 0, not at all, to 1, alone.
   */
  @property({ attribute: 'prior-weight', type: Number, converter: shareOr(DEFAULT_PRIOR_WEIGHT) })
  priorWeight = DEFAULT_PRIOR_WEIGHT;

  /**
   * What the search says of a result: its `rank`, or its `score` where every result has a number `score`.
   */
  @property({ converter: textOr('rank') }) prior: Blend['prior'] = 'rank';

  /** Milliseconds without typing in the search field before a run starts. */
  @property({ type: Number, converter: numberOr(DEFAULT_DEBOUNCE_MS, 0) })
  debounce = DEFAULT_DEBOUNCE_MS;

  /** When the model is fetched. Nothing is fetched before it is needed, unless the site says so. */
  @property({ converter: textOr('none') }) preload: Preload = 'none';

  /**
   * Whether the reader is asked before the model is downloaded. `auto`: where the browser says that data is saved or
   * paid for (mobile networks), or memory is 2 GB or less. `ask`: always. `given`: never. A model that the browser has
   * kept needs no asking, and who agreed once is not asked again on this site. Until then the search's order stays, and
   * no `preload` fetches the model.
   */
  @property({ converter: textOr('auto') }) consent: Consent = 'auto';

  /**
   * When the list takes a better order. `once`: when it is complete. `live`: also those on the way to it, as scores arrive.
   * `pinned`: when the reader asks for it, with a button. While the list is in use (pointed at, pressed, focused, scrolled
   * into), nothing in it moves by itself.
   */
  @property({ converter: textOr('once') }) reorder: Reorder = 'once';

  /** How close the results stand. `compact`: less space between them, and two lines of each text. */
  @property({ reflect: true, useDefault: true, converter: textOr('comfortable') })
  density: 'comfortable' | 'compact' = 'comfortable';

  /** Shows each result's relevance score and how far it moved. */
  @property({ type: Boolean, attribute: 'show-scores' }) showScores = false;

  /** The folder with the runtime's files, where a site serves them from a place of its own. */
  @property({ attribute: 'wasm-paths', converter: textOr(undefined) })
  wasmPaths: string | undefined;

  /** URL of the worker script, where a site serves it from a place of its own. */
  @property({ converter: textOr(undefined) }) worker: string | undefined;

  /** Any function that returns candidates; it is used instead of `endpoint`. */
  @property({ attribute: false }) search: SearchFunction | undefined;

  /** A reranker of the site's own; the element then loads no model. */
  @property({ attribute: false }) reranker: Reranker | undefined;

  /** Templates set what they have no value for to undefined or null: the default stands, as without the attribute. */
  protected override willUpdate(_changed: PropertyValues<this>): void {
    this.fillDefaults();
  }

  /** See above; also for what reads settings before an update. */
  protected fillDefaults(): void {
    const { elementProperties } = this.constructor as typeof LitElement;
    const values = this as Record<PropertyKey, unknown>;
    for (const [name, { converter }] of elementProperties) {
      if (values[name] != null || typeof converter !== 'object') continue;
      values[name] = converter.fromAttribute?.(null);
    }
  }

  /** What the model reads, and for how long. */
  protected get reading(): ReadingOptions {
    const { longDocuments, maxPassages, budgetMs } = this;
    const fields = this.fields.split(/[\s,]+/).filter((field) => field !== '');
    return { fields, longDocuments, maxPassages, budgetMs };
  }

  /** The site's reranker, or what to load one with. */
  protected get modelChoice(): ModelChoice {
    if (this.reranker) return this.reranker;
    return {
      // Of `createReranker`'s options, one excludes the other; here a model is always set.
      ...(this.tiers.length > 0
        ? { tiers: this.tiers }
        : { model: this.model, lateInteraction: this.lateInteraction }),
      modelBaseUrl: this.modelBase,
      integrity: this.integrity,
      // The trial of a GPU would download another runtime.
      device: this.device === 'auto' && isFrugal() ? 'wasm' : this.device,
      dtype: this.dtype,
      engine: this.engine,
      maxTokens: this.maxTokens,
      wasmPaths: this.wasmPaths,
      worker: this.worker,
    };
  }
}

/** A change of any of these makes the results on the page those of other settings. */
const RUN_SETTINGS = [
  'query',
  'search',
  'endpoint',
  'candidates',
  'fields',
  'prior',
  'priorWeight',
  'reranker',
  'model',
  'tiers',
  'modelBase',
  'integrity',
  'device',
  'dtype',
  'engine',
  'maxTokens',
  'lateInteraction',
  'longDocuments',
  'maxPassages',
  'consent',
  'budgetMs',
] as const satisfies readonly (keyof ElementSettings)[];

/** Whether the results on the page are those of other settings now. */
export function changesResults(changed: PropertyValues<ElementSettings>): boolean {
  return RUN_SETTINGS.some((name) => changed.has(name));
}
