import type { RerankOutcome } from 'rerank-results';
import { findElement } from './find-element.ts';
import { explainFallback, nameDevice } from './explain.ts';
import { formatBytes, formatCount, formatMs } from './format-numbers.ts';
import type { SearchTiming } from './search-manual.ts';

/** Ids of the panel's figures; each has a line of detail with the id plus `-detail`. */
type Figure = 'search-time' | (typeof LATER_FIGURES)[number];

/** Unknown until the reranking ended. */
const LATER_FIGURES = [
  'loading-time',
  'tokenize-time',
  'infer-time',
  'total-time',
  'work-done',
  'device-used',
  'model-used',
] as const;

/** A model that keeps a run waiting for less was there already: messages between threads take this. */
const LOADED_MS = 50;

/** The panel that says what happened, with the times of the last run. */
export class RunReport {
  readonly #root = findElement('report', HTMLElement);
  readonly #fallback = findElement('fallback', HTMLElement);

  showSearch({ roundTripMs, detail }: SearchTiming): void {
    this.#root.hidden = false;
    this.#set('search-time', formatMs(roundTripMs), detail);
    this.#clearLater();
  }

  /** Goes away: its figures belong to another query. */
  clear(): void {
    this.#root.hidden = true;
  }

  /** @param waitMs From the wish to rerank until the model could begin */
  showOutcome({ timing, usage, model }: RerankOutcome<unknown>, waitMs: number): void {
    const { pairs, cachedPairs, tokens, truncatedDocuments } = usage;
    const loading = waitMs < LOADED_MS ? 'was loaded' : 'fetch, compile, check';
    this.#set('loading-time', formatMs(Math.max(0, waitMs)), loading);
    this.#set('tokenize-time', formatMs(timing.tokenizeMs), `${formatCount(tokens)} tokens`);
    const rate =
      tokens === 0
        ? 'all from the cache'
        : `${formatCount(tokens / (timing.inferMs / 1000))} tokens/s`;
    this.#set('infer-time', formatMs(timing.inferMs), rate);
    this.#set('total-time', formatMs(timing.totalMs), 'without search, loading');
    const cut = truncatedDocuments === 0 ? '' : `, ${truncatedDocuments} cut`;
    this.#set('work-done', `${pairs} pairs`, `${cachedPairs} from cache${cut}`);
    const threads = model.threads === 1 ? '1 thread' : `${model.threads} threads`;
    this.#set(
      'device-used',
      nameDevice(model.device),
      model.device === 'wasm' ? threads : 'on the GPU',
    );
    this.#set(
      'model-used',
      model.id,
      `${model.dtype}, ${formatBytes(model.totalBytes)}, ${model.engine}`,
    );
    this.#fallback.textContent = explainFallback(model);
  }

  /** Says what exactly went wrong. */
  showFailure({ message }: Error): void {
    this.#fallback.textContent = message;
  }

  #clearLater(): void {
    for (const figure of LATER_FIGURES) this.#set(figure, '–', '');
    this.#fallback.textContent = '';
  }

  #set(figure: Figure, value: string, detail: string): void {
    findElement(figure, HTMLElement).textContent = value;
    findElement(`${figure}-detail`, HTMLElement).textContent = detail;
  }
}
