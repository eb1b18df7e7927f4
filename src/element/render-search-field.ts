import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Phrase, Phrases } from './phrases.ts';
import { nameForAria } from './shortcut.ts';

/** What the field needs to know. */
export interface FieldView {
  readonly messages: Phrases;
  readonly label: Phrase;
  readonly showLabel: boolean;
  readonly placeholder: string | undefined;
  readonly shortcut: string;
  readonly text: string;
  readonly disabled: boolean;
  /** Whether there are options to see. */
  readonly isExpanded: boolean;
  readonly activeOptionId: string | undefined;
  readonly onInput: (event: InputEvent) => void;
  readonly onCompositionStart: () => void;
  readonly onCompositionEnd: () => void;
  readonly onClick: () => void;
  readonly onFocus: () => void;
  readonly onClear: () => void;
  /** Anything but the field is pressed. */
  readonly onPress: (event: Event) => void;
}

/** A label, and a field that is a combobox over the list with the id `listbox`. */
export function renderSearchField(view: FieldView): TemplateResult {
  const { messages, label, showLabel, placeholder, shortcut, text, disabled, activeOptionId } =
    view;
  // Escape clears as well, so that the button need not be a stop on the way to the results.
  return html`
    <label for="input" part="label" class=${showLabel ? '' : 'unseen'}>${label}</label>
    <div part="field">
      <svg part="icon" viewBox="0 0 24 24" aria-hidden="true">
        <circle cx="10.5" cy="10.5" r="6.5" />
        <path d="m15.5 15.5 5 5" />
      </svg>
      <input
        id="input"
        part="input"
        type="search"
        role="combobox"
        aria-autocomplete="list"
        aria-controls="listbox"
        aria-expanded=${view.isExpanded}
        aria-activedescendant=${activeOptionId ?? nothing}
        aria-keyshortcuts=${shortcut.trim() === '' ? nothing : nameForAria(shortcut)}
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        enterkeyhint="search"
        placeholder=${placeholder ?? (showLabel ? '' : label.text)}
        .value=${live(text)}
        ?disabled=${disabled}
        @input=${view.onInput}
        @compositionstart=${view.onCompositionStart}
        @compositionend=${view.onCompositionEnd}
        @click=${view.onClick}
        @focus=${view.onFocus}
      />
      <button
        part="clear"
        type="button"
        tabindex="-1"
        lang=${messages.clear.lang ?? nothing}
        aria-label=${messages.clear.text}
        ?hidden=${text === '' || disabled}
        @mousedown=${view.onPress}
        @click=${view.onClear}
      >
        <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6 6l12 12M18 6 6 18" /></svg>
      </button>
    </div>
  `;
}
