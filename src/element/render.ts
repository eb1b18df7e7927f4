import { html, nothing, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Candidate } from '../sources/candidate.ts';
import { closeIsolates, isolate } from './bidi.ts';
import {
  findBestSentence,
  findMarkedWords,
  makeExcerpt,
  makeSentenceExcerpt,
  markMatches,
  shorten,
} from './excerpt.ts';
import type { Result } from './events.ts';
import { NO_WORDS, type Phrase, type Phrases } from './phrases.ts';
import { closeOnEscape, nameId, renderWhy, type ExplanationsView } from './render-explanation.ts';
import { renderMarks } from './render-marks.ts';
import { linkToSentence } from './text-fragment.ts';
import { shownState, type PlacedCandidate, type RunState } from './run-state.ts';

/** Characters of a title that are shown. */
const TITLE_LENGTH = 300;

/** Characters of a query that a message repeats. */
const QUERY_LENGTH = 100;

/** What the status line needs to know. */
export interface StatusView {
  readonly messages: Phrases;
  readonly state: RunState<Result>;
  /** Whether a better order waits until the list is left. */
  readonly held: boolean;
  /** Whether the reader wants the search's own order. */
  readonly showsOriginal: boolean;
  /** The most results that the list shows. */
  readonly limit: number;
  readonly onShowHeld: () => void;
  readonly onLoadModel: () => void;
  readonly onRetry: () => void;
}

/** Where a run stands, in words. */
export function describeStatus({
  messages,
  state,
  held,
  limit,
  showsOriginal,
}: StatusView): Phrase {
  if (state.phase === 'idle') return NO_WORDS;
  if (state.phase === 'searching') return messages.searching;
  if (state.phase === 'search-failed') {
    return state.isOffline ? messages.searchOffline : messages.searchFailed;
  }
  const count = state.candidates.length;
  const shown = Math.min(limit, count);
  if (count === 0) return messages.noResults(isolate(shorten(state.query, QUERY_LENGTH)));
  if (held) return messages.held;
  if (state.phase === 'reranking') return messages.reranking(shown, count);
  if (state.phase === 'rerank-failed') {
    return state.isOffline
      ? messages.rerankOffline(shown, count)
      : messages.rerankFailed(shown, count);
  }
  if (state.phase === 'skipped' && state.reason === 'consent') {
    return messages.mayImprove(shown, count);
  }
  if (state.phase === 'skipped' && state.reason === 'crashed') {
    return messages.crashed(shown, count);
  }
  if (state.phase !== 'reranked') return messages.firstStage(shown, count);
  if (showsOriginal) return messages.original(shown, count);
  const { complete, results } = state.outcome;
  if (complete) return messages.reranked(shown, count);
  const scoredCount = results.filter(({ scored }) => scored).length;
  return scoredCount === 0
    ? messages.firstStage(shown, count)
    : messages.rerankedInTime(scoredCount, count);
}

/** The same, with what can be done, and with the site's own words where it has some. */
export function renderStatus(view: StatusView): unknown {
  const { messages, state, held, onShowHeld, onLoadModel, onRetry } = view;
  const words = describeStatus(view);
  if (state.phase === 'search-failed') {
    return html`<slot name="error"
      >${words} <button part="retry" @click=${onRetry}>${messages.retry}</button></slot
    >`;
  }
  if (shownState(state)?.candidates.length === 0 && state.phase !== 'searching') {
    return html`<slot name="empty">${words}</slot>`;
  }
  if (state.phase === 'skipped' && state.reason !== 'too-few') {
    const offer =
      state.reason === 'crashed' ? messages.loadAnyway : messages.loadModel(state.downloadBytes);
    return html`${words} <button part="load-model" @click=${onLoadModel}>${offer}</button>`;
  }
  if (!held && state.phase === 'reranking' && state.loading) {
    const { loadedBytes, totalBytes } = state.loading;
    // Not announced: a screen reader would count megabytes.
    return html`${messages.loading(loadedBytes, totalBytes)}
      <progress
        part="progress"
        aria-hidden="true"
        max=${totalBytes}
        .value=${loadedBytes}
      ></progress>`;
  }
  if (!held) return words;
  return html`${words}
    <button part="show-order" @click=${onShowHeld}>${messages.showHeld}</button>`;
}

/** The way to the search's own order and back. */
interface OrderSwitch {
  /** Whether that is another order. */
  readonly canSwitch: boolean;
  readonly switch: () => void;
}

/** The line above the results: where the run stands, and the way to the other order. */
export function renderHead(
  view: StatusView,
  orders: OrderSwitch,
  onLeave: () => void,
): TemplateResult {
  const hasOrders = (shownState(view.state)?.candidates.length ?? 0) > 1;
  return html`
    <div class=${classMap({ head: true, held: view.held, roomy: hasOrders })}>
      <div part="status" tabindex="-1" @focusout=${onLeave}>${renderStatus(view)}</div>
      ${renderOrderSwitch(view, orders)}
    </div>
  `;
}

/**
 * The button that shows the search's own order, and the better one again. While the better one is made, its place is kept: nothing
 * below moves when it comes.
 */
function renderOrderSwitch(
  { messages, state, held, showsOriginal }: StatusView,
  orders: OrderSwitch,
): unknown {
  const phase = shownState(state)?.phase;
  const isComing = phase === 'checking' || phase === 'reranking';
  if (!isComing && (phase !== 'reranked' || held || !orders.canSwitch)) return nothing;
  return html`<button
    part="switch-order"
    class=${isComing ? 'reserved' : ''}
    ?disabled=${isComing}
    @click=${orders.switch}
  >
    ${showsOriginal ? messages.showHeld : messages.showOriginal}
  </button>`;
}

/** Results in the skeleton at most. */
const SKELETON_LENGTH = 5;

/** Takes the place of results that are searched for; after a while it can be seen. */
export function renderSkeleton(topN: number): TemplateResult {
  const count = Math.min(Math.max(0, topN), SKELETON_LENGTH);
  const item = html`<div><i></i><i></i><i></i></div>`;
  return html`<div part="skeleton" aria-hidden="true">
    ${Array<typeof item>(count).fill(item)}
  </div>`;
}

/** What the list of results needs to know. */
export interface ListView {
  readonly messages: Phrases;
  /** Candidates of the run, listed or not. */
  readonly count: number;
  readonly placed: readonly PlacedCandidate<Candidate>[];
  readonly query: string;
  readonly showScores: boolean;
  /** Undefined where results are not explained. */
  readonly explanations: ExplanationsView | undefined;
  readonly onSelect: (event: Event, result: PlacedCandidate<Candidate>) => void;
  /** The pointer or the focus left the list. */
  readonly onLeave: () => void;
  readonly onShowAll: () => void;
}

/** The list of results: real links, and texts that are never read as markup. */
export function renderList(view: ListView): TemplateResult {
  const words = findMarkedWords(view.query);
  return html`
    <ol part="list" role="list" @pointerleave=${view.onLeave} @focusout=${view.onLeave}>
      ${repeat(
        view.placed,
        ({ candidate }) => candidate.id,
        (result) => renderResult(result, view, words),
      )}
    </ol>
    ${
      view.placed.length < view.count
        ? html`<button part="show-all" @click=${view.onShowAll}>
            ${view.messages.showAll(view.count)}
          </button>`
        : nothing
    }
  `;
}

function renderResult(
  result: PlacedCandidate<Candidate>,
  view: ListView,
  words: ReadonlySet<string>,
): TemplateResult {
  const { messages, query, showScores, explanations, onSelect } = view;
  const { candidate } = result;
  const { url } = candidate;
  const { link, excerpt } = showText(result, words);
  const name = renderName(candidate, words);
  const id = explanations ? nameId(result) : nothing;
  const close = (event: KeyboardEvent): void =>
    explanations && closeOnEscape(event, explanations, candidate);
  const select = (event: Event): void => onSelect(event, result);
  return html`
    <li part="item" @keydown=${close}>
      ${
        url === undefined
          ? html`<span part="link" id=${id} dir="auto">${name}</span>`
          : html`<a part="link" id=${id} dir="auto" href=${link} @click=${select}>${name}</a>`
      }
      ${showScores ? renderScores(result, messages) : nothing}
      <p part="text" dir="auto">${excerpt}</p>
      ${explanations ? renderWhy(result, { explanations, messages, query }) : nothing}
    </li>
  `;
}

/** What a result is called: its title, else its address, else the beginning of its text. */
export function renderName({ title, url, text }: Candidate, words: ReadonlySet<string>): unknown {
  const name = shorten(title || url || text.slice(0, 80), TITLE_LENGTH);
  return renderMarks(markMatches(closeIsolates(name), words));
}

/** A result's excerpt and where it leads: to the best sentence of the passage that its score is of, where that is known. */
export function showText(
  { candidate, passage }: PlacedCandidate<Candidate>,
  words: ReadonlySet<string>,
): { readonly link: string | undefined; readonly excerpt: unknown } {
  const { text, url } = candidate;
  const shown = passage && isOfText(passage.text, candidate) ? passage.text : undefined;
  const sentence = shown === undefined ? undefined : findBestSentence(shown, words);
  if (shown === undefined || sentence === undefined) {
    return { link: url, excerpt: renderMarks(makeExcerpt(shown ?? text, words)) };
  }
  const link = url === undefined ? undefined : linkToSentence(url, sentence);
  const parts = makeSentenceExcerpt(shown, sentence, words);
  if (!parts) return { link, excerpt: renderMarks(makeExcerpt(shown, words)) };
  return {
    link,
    excerpt: html`${renderMarks(parts.before)}<span part="sentence"
        >${renderMarks(parts.sentence)}</span
      >${renderMarks(parts.after)}`,
  };
}

/** Whether a passage is of the result's text, or of a longer one that the site shows the beginning of: not of a title or a list of headings. */
function isOfText(passage: string, { title, text }: Candidate): boolean {
  return (
    passage !== '' && passage !== title && (text.includes(passage) || passage.length > text.length)
  );
}

/** A result's score and how far it moved; nothing where the model did not read it. */
export function renderScores(
  { rank, originalRank, relevanceScore }: PlacedCandidate<Candidate>,
  messages: Phrases,
): unknown {
  if (relevanceScore === undefined) return nothing;
  const moved = originalRank - rank;
  const movement = moved > 0 ? messages.movedUp(moved) : messages.movedDown(-moved);
  return html`<span part="scores"
    >${messages.score(relevanceScore)}${moved === 0 ? nothing : html` · ${movement}`}</span
  >`;
}
