import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Candidate } from '../sources/candidate.ts';
import { findMarkedWords } from './excerpt.ts';
import type { Phrases } from './phrases.ts';
import { renderName, renderScores, showText } from './render.ts';
import type { PlacedCandidate } from './run-state.ts';

/** What the options need to know. */
export interface ListboxView {
  readonly messages: Phrases;
  /** The list's name. */
  readonly label: string;
  /** The results that are listed. */
  readonly placed: readonly PlacedCandidate<Candidate>[];
  /** Results of the run, listed or not. Where there are more, the last option lists them all. */
  readonly count: number;
  readonly query: string;
  /** Place of the option that the keyboard is at, from 0; -1 for none. */
  readonly activeIndex: number;
  readonly showScores: boolean;
  readonly onSelect: (event: Event, result: PlacedCandidate<Candidate>) => void;
  readonly onShowAll: () => void;
  /** The pointer moves over the list or presses it. */
  readonly onPointer: (event: PointerEvent) => void;
  /** The pointer left the list. */
  readonly onPointerLeave: (event: PointerEvent) => void;
}

/** The id of the option at this place, from 0. */
export function nameOption(index: number): string {
  return `option-${index}`;
}

/**
 * The popup list of a combobox. An option is itself a link, so that the mouse, a middle click and the context menu do
 * what they do on links; nothing in it takes the focus, which stays in the field.
 */
export function renderListbox(view: ListboxView): TemplateResult {
  const { placed, count, activeIndex } = view;
  const words = findMarkedWords(view.query);
  // Without `tabindex`, browsers put a list that scrolls into the tab order.
  return html`
    <div
      id="listbox"
      part="list"
      role="listbox"
      tabindex="-1"
      aria-label=${view.label}
      ?hidden=${placed.length === 0}
      @pointermove=${view.onPointer}
      @pointerdown=${view.onPointer}
      @pointerleave=${view.onPointerLeave}
    >
      ${repeat(
        placed,
        ({ candidate }) => candidate.id,
        (result, index) => renderOption(result, index, view, words),
      )}
      ${
        placed.length < count
          ? html`<div
              id=${nameOption(placed.length)}
              role="option"
              part=${nameParts('show-all', activeIndex === placed.length)}
              aria-selected=${activeIndex === placed.length}
              @click=${view.onShowAll}
            >
              ${view.messages.showAll(count)}
            </div>`
          : nothing
      }
    </div>
  `;
}

function renderOption(
  result: PlacedCandidate<Candidate>,
  index: number,
  { messages, activeIndex, showScores, onSelect }: ListboxView,
  words: ReadonlySet<string>,
): TemplateResult {
  const { url } = result.candidate;
  const { link, excerpt } = showText(result, words);
  const id = nameOption(index);
  const isActive = index === activeIndex;
  const select = (event: Event): void => onSelect(event, result);
  const content = html`
    <span part="title" dir="auto">${renderName(result.candidate, words)}</span>
    ${showScores ? renderScores(result, messages) : nothing}
    <span part="text" dir="auto">${excerpt}</span>
  `;
  return url === undefined
    ? html`<div
        id=${id}
        role="option"
        part=${nameParts('option', isActive)}
        aria-selected=${isActive}
        @click=${select}
      >
        ${content}
      </div>`
    : html`<a
        id=${id}
        role="option"
        part=${nameParts('option', isActive)}
        href=${link}
        tabindex="-1"
        aria-selected=${isActive}
        @click=${select}
      >
        ${content}
      </a>`;
}

/** A page's style sheet knows the active option by its second part name. */
function nameParts(part: 'option' | 'show-all', isActive: boolean): string {
  return isActive ? `${part} active` : part;
}
