import { html, nothing, type TemplateResult } from 'lit';
import type { Candidate } from '../sources/candidate.ts';
import type { Announcer } from './announcer.ts';
import { closeIsolates, isolate } from './bidi.ts';
import { findMarkedWords, markMatches, shorten, toLine } from './excerpt.ts';
import type { Explanation } from './explanations.ts';
import { createPhrase, joinPhrases, NO_WORDS, type Phrase, type Phrases } from './phrases.ts';
import type { Reason } from './reasons.ts';
import { renderMarks } from './render-marks.ts';
import type { PlacedCandidate } from './run-state.ts';

/** Characters of a sentence that are shown. */
const SENTENCE_LENGTH = 200;

/** Characters of a word that are repeated. */
const WORD_LENGTH = 40;

/** Characters of a query that are shown. */
const QUERY_LENGTH = 300;

/** What the explanations of a list need to know. */
export interface ExplanationsView {
  canExplain(result: Candidate): boolean;
  /** Undefined while it is closed. */
  find(result: Candidate): Explanation | undefined;
  toggle(result: Candidate): void;
  /** Says whether it was open. */
  close(result: Candidate): boolean;
}

/** The id of the element with a result's name, in the list's shadow root. */
export function nameId({ originalRank }: PlacedCandidate<Candidate>): string {
  return `name-${originalRank}`;
}

/**
 * The button that opens and closes a result's explanation, and the explanation. Where there is none, the button's place is kept: nothing
 * moves when the scores come.
 */
export function renderWhy(
  result: PlacedCandidate<Candidate>,
  view: {
    readonly explanations: ExplanationsView;
    readonly messages: Phrases;
    readonly query: string;
  },
): TemplateResult {
  const { explanations, messages, query } = view;
  const { candidate, originalRank } = result;
  const explanation = explanations.find(candidate);
  const canExplain = explanations.canExplain(candidate);
  const [buttonId, panelId] = [`why-${originalRank}`, `explanation-${originalRank}`];
  return html`
    <div class="why">
      <button
        id=${buttonId}
        part="why"
        class=${canExplain ? '' : 'reserved'}
        ?disabled=${!canExplain}
        aria-expanded=${explanation ? 'true' : 'false'}
        aria-controls=${explanation ? panelId : nothing}
        aria-labelledby="${buttonId} ${nameId(result)}"
        @click=${() => explanations.toggle(candidate)}
      >
        <span>${messages.why}</span>
      </button>
      ${
        explanation
          ? html`<div part="explanation" id=${panelId} aria-busy=${explanation.phase === 'making'}>
              ${renderExplanation(explanation, messages, query)}
            </div>`
          : nothing
      }
    </div>
  `;
}

/** Escape closes a result's explanation, wherever in the result the focus is, and nothing else then. */
export function closeOnEscape(
  event: KeyboardEvent,
  explanations: ExplanationsView,
  result: Candidate,
): void {
  if (event.key !== 'Escape' || event.defaultPrevented || !explanations.close(result)) return;
  event.preventDefault();
  event.stopPropagation();
}

/** Tells screen readers of an explanation; undefined where it was closed while it was made. */
export function tellExplanation(
  explanation: Explanation | undefined,
  announcer: Announcer,
  messages: Phrases,
): void {
  const words = explanation ? describeExplanation(explanation, messages) : NO_WORDS;
  if (explanation?.phase === 'making') announcer.sayLater(words);
  else announcer.say(words);
}

/** What is said of an explanation. */
function describeExplanation(explanation: Explanation, messages: Phrases): Phrase {
  if (explanation.phase === 'making') return messages.explaining;
  if (explanation.phase === 'failed') return messages.explainFailed;
  const { sentence } = explanation.reasons;
  const said = [
    ...describeWords(explanation.reasons, messages),
    ...(sentence ? [messages.bestSentence, createPhrase(showSentence(sentence))] : []),
  ];
  return said.length > 0 ? joinPhrases(said) : messages.noReason;
}

function renderExplanation(explanation: Explanation, messages: Phrases, query: string): unknown {
  if (explanation.phase !== 'made')
    return html`<p>${describeExplanation(explanation, messages)}</p>`;
  const { words, sentence } = explanation.reasons;
  const ofWords = describeWords(explanation.reasons, messages);
  if (ofWords.length === 0 && !sentence) return html`<p>${messages.noReason}</p>`;
  return html`
    ${
      ofWords.length > 0
        ? html`<p>${joinPhrases(ofWords)}</p>
            <p dir="auto">${renderQuery(query, words)}</p>`
        : nothing
    }
    ${sentence ? html`<p>${messages.bestSentence} ${renderSentence(sentence, query)}</p>` : nothing}
  `;
}

/** What is said of words of the query. */
function describeWords(
  {
    raising,
    lowering,
  }: { readonly raising: readonly string[]; readonly lowering: readonly string[] },
  messages: Phrases,
): Phrase[] {
  const name = (words: readonly string[]): string[] =>
    words.map((word) => isolate(shorten(word, WORD_LENGTH)));
  return [
    ...(raising.length > 0 ? [messages.raisedBy(name(raising))] : []),
    ...(lowering.length > 0 ? [messages.loweredBy(name(lowering))] : []),
  ];
}

/** The query with its words marked that are reasons. */
function renderQuery(query: string, words: readonly Reason[]): unknown {
  const shown = shorten(query, QUERY_LENGTH);
  const parts: unknown[] = [];
  let end = 0;
  for (const word of words.filter((one) => one.end <= QUERY_LENGTH)) {
    parts.push(closeIsolates(shown.slice(end, word.start)), renderMark(word, word.text));
    end = word.end;
  }
  return [...parts, closeIsolates(shown.slice(end))];
}

function renderSentence(sentence: Reason, query: string): TemplateResult {
  const text = showSentence(sentence);
  return renderMark(sentence, renderMarks(markMatches(text, findMarkedWords(query))));
}

function showSentence({ text }: Reason): string {
  return closeIsolates(shorten(toLine(text), SENTENCE_LENGTH));
}

/** The strength is set as a property: a policy may refuse `style` attributes. */
function renderMark({ strength }: Reason, content: unknown): TemplateResult {
  return html`<mark
    part=${strength > 0 ? 'raised' : 'lowered'}
    dir="auto"
    .style=${`--rerank-strength: ${Math.abs(strength).toFixed(2)}`}
    >${content}</mark
  >`;
}
