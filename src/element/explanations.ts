import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { ScoreExplanation } from '../client/explain-score.ts';
import type { ModelInfo } from '../shared/types.ts';
import type { Candidate } from '../sources/candidate.ts';
import type { Result } from './events.ts';
import { findReasons, type Reasons } from './reasons.ts';
import { shownState, type PlacedCandidate, type RunState } from './run-state.ts';

/** Where the explanation of a result stands that the reader opened. */
export type Explanation =
  | { readonly phase: 'making' }
  | { readonly phase: 'made'; readonly reasons: Reasons }
  | { readonly phase: 'failed' };

/** What explanations need of the list on the page. */
export interface ExplainedList {
  readState(): RunState<Result>;
  /** The results on the page that can be explained. */
  findExplainable(): ReadonlySet<Candidate>;
  /** Resolves to undefined where that fails or is aborted. */
  explain(result: Candidate, signal: AbortSignal): Promise<ScoreExplanation | undefined>;
  /** An explanation was asked for, or is there; undefined where it was closed while it was made. */
  tell(explanation: Explanation | undefined): void;
}

/** Keeps which results of a list are explained, for as long as these are the results on the page. */
export class Explanations implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #list: ExplainedList;
  readonly #open = new Map<
    Candidate,
    { readonly explanation: Explanation; readonly ending: AbortController }
  >();
  #state: RunState<Result> = { phase: 'idle' };
  #explainable: ReadonlySet<Candidate> = new Set();

  constructor(host: ReactiveControllerHost, list: ExplainedList) {
    this.#host = host;
    this.#list = list;
    host.addController(this);
  }

  /** Whether the reader has one open. */
  get isOpen(): boolean {
    return this.#open.size > 0;
  }

  canExplain(result: Candidate): boolean {
    return this.#explainable.has(result);
  }

  /** Undefined while it is closed. */
  find(result: Candidate): Explanation | undefined {
    return this.#open.get(result)?.explanation;
  }

  toggle(result: Candidate): void {
    if (!this.close(result)) void this.#make(result);
  }

  /** Says whether it was open. */
  close(result: Candidate): boolean {
    const open = this.#open.get(result);
    if (!open) return false;
    open.ending.abort();
    this.#open.delete(result);
    this.#host.requestUpdate();
    if (open.explanation.phase === 'making') this.#list.tell(undefined);
    return true;
  }

  /** What left the page is no longer explained; and the model is for the reader's next query first. */
  hostUpdate(): void {
    const state = this.#list.readState();
    this.#explainable = this.#list.findExplainable();
    const isNewSearch = state !== this.#state && state.phase === 'searching';
    this.#state = state;
    for (const [result, { explanation }] of this.#open) {
      if (!this.#explainable.has(result) || (isNewSearch && explanation.phase === 'making')) {
        this.close(result);
      }
    }
  }

  hostDisconnected(): void {
    for (const result of [...this.#open.keys()]) this.close(result);
  }

  async #make(result: Candidate): Promise<void> {
    const ending = new AbortController();
    const show = (explanation: Explanation): void => {
      this.#open.set(result, { explanation, ending });
      this.#host.requestUpdate();
      this.#list.tell(explanation);
    };
    show({ phase: 'making' });
    const explained = await this.#list.explain(result, ending.signal);
    if (ending.signal.aborted) return;
    show(explained ? { phase: 'made', reasons: findReasons(explained) } : { phase: 'failed' });
  }
}

/**
 * The results in the list whose scores can be explained: those that the model read, unless it is a language model, whose scores are
 * places in a list.
 */
export function findExplainable(
  state: RunState<Result>,
  placed: readonly PlacedCandidate<Candidate>[],
): ReadonlySet<Candidate> {
  const shown = shownState(state);
  if (shown?.phase !== 'reranked') return new Set();
  // A site's own reranker may leave facts out.
  const facts: { readonly model?: ModelInfo } = shown.outcome;
  const { model } = facts;
  if (!model || model.engine === 'language-model') return new Set();
  const judged = placed.filter(({ relevanceScore }) => relevanceScore !== undefined);
  return new Set(judged.map(({ candidate }) => candidate));
}
