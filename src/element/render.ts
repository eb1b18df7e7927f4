import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Candidate } from '../sources/candidate.ts';
import { findMarkedWords, makeExcerpt, markMatches, type ExcerptPart } from './excerpt.ts';
import type { Result } from './events.ts';
import { messages } from './messages.ts';
import type { PlacedCandidate, RunState } from './run-state.ts';

/** The status line's words for a state. */
export function renderStatus(
  state: RunState<Result>,
  held: boolean,
  onShowHeld: () => void,
): unknown {
  switch (state.phase) {
    case 'idle':
      return nothing;
    case 'searching':
      return messages.searching;
    case 'search-failed':
      return html`<slot name="error">${messages.searchFailed}</slot>`;
    default:
      break;
  }
  const count = state.candidates.length;
  if (count === 0) return html`<slot name="empty">${messages.noResults(state.query)}</slot>`;
  if (state.phase === 'reranking') return messages.reranking(count);
  if (state.phase !== 'reranked') return messages.firstStage(count);
  if (!held) return messages.reranked(count);
  return html`${messages.held}
    <button part="show-order" @click=${onShowHeld}>${messages.showHeld}</button>`;
}

/** What the list of results needs to know. */
export interface ListView {
  /** All candidates of the run, shown or not. */
  readonly candidates: readonly Candidate[];
  readonly placed: readonly PlacedCandidate<Candidate>[];
  readonly query: string;
  /** Whether another order or other results are on their way. */
  readonly isBusy: boolean;
  readonly showScores: boolean;
  readonly onSelect: (event: Event, result: PlacedCandidate<Candidate>) => void;
  /** The pointer or the focus left the list. */
  readonly onLeave: () => void;
}

/** The list of results: real links, and texts that are never read as markup. */
export function renderList(view: ListView): TemplateResult {
  const words = markedWords(view);
  return html`
    <ol
      part="list"
      role="list"
      aria-busy=${view.isBusy}
      @pointerleave=${view.onLeave}
      @focusout=${view.onLeave}
    >
      ${repeat(
        view.placed,
        ({ candidate }) => candidate.id,
        (result) => renderResult(result, view, words),
      )}
    </ol>
  `;
}

/** Read from all candidates once, however often the list is rendered. */
const markedWordsOf = new WeakMap<readonly Candidate[], ReadonlySet<string>>();

function markedWords({ candidates, query }: ListView): ReadonlySet<string> {
  const known = markedWordsOf.get(candidates);
  if (known) return known;
  const texts = candidates.map(({ title, text }) => `${title} ${text}`);
  const words = findMarkedWords(query, texts);
  markedWordsOf.set(candidates, words);
  return words;
}

function renderResult(
  result: PlacedCandidate<Candidate>,
  { showScores, onSelect }: ListView,
  words: ReadonlySet<string>,
): TemplateResult {
  const { title, text, url } = result.candidate;
  const name = renderMarks(markMatches(title || url || text.slice(0, 80), words));
  const select = (event: Event): void => onSelect(event, result);
  return html`
    <li part="item">
      ${
        url === undefined
          ? html`<span part="link">${name}</span>`
          : html`<a part="link" href=${url} @click=${select}>${name}</a>`
      }
      ${showScores ? renderScores(result) : nothing}
      <p part="text">${renderMarks(makeExcerpt(text, words))}</p>
    </li>
  `;
}

function renderMarks(parts: readonly ExcerptPart[]): unknown {
  return parts.map(({ text, isMatch }) =>
    isMatch ? html`<mark part="mark">${text}</mark>` : text,
  );
}

function renderScores({ rank, originalRank, relevanceScore }: PlacedCandidate<Candidate>): unknown {
  if (relevanceScore === undefined) return nothing;
  const moved = originalRank - rank;
  const movement = moved > 0 ? messages.movedUp(moved) : messages.movedDown(-moved);
  return html`<span part="scores"
    >${messages.score(relevanceScore)}${moved === 0 ? nothing : html` · ${movement}`}</span
  >`;
}
