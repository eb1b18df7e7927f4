import { html, nothing, type TemplateResult } from 'lit';
import { findDirection, listFallbacks, readLanguageTag } from './language-tags.ts';
import { chooseMessages, type ChosenMessage, type ChosenMessages } from './languages.ts';
import type { Messages } from './messages.ts';

/** Words of ours as a template shows them: in their own direction, and marked where they are in another language than their place. */
export interface Phrase extends TemplateResult<1> {
  /** For attributes, which cannot be marked. */
  readonly text: string;
  /** Its language, where that is not the language of its place. */
  readonly lang: string | undefined;
}

/** The elements' words for one place: of each message its phrase, or a function that makes one. */
export type Phrases = {
  readonly [TName in keyof Messages]: Messages[TName] extends (...values: infer TValues) => string
    ? (...values: TValues) => Phrase
    : Phrase;
};

/** Words of the site's own, in the language of their place. */
export function createPhrase(text: string): Phrase {
  return { ...html`${text}`, text, lang: undefined };
}

/** Where there is nothing to say. */
export const NO_WORDS = createPhrase('');

/** Several phrases, one after the other. */
export function joinPhrases(phrases: readonly Phrase[]): Phrase {
  const text = phrases.map((phrase) => phrase.text).join(' ');
  return { ...html`${phrases.map((phrase) => [phrase, ' '])}`, text, lang: undefined };
}

/** The phrases of words that were chosen; these are others when words are added. */
const known = new WeakMap<ChosenMessages, Phrases>();

/** @param language What the `lang` attribute around the element says; empty where nothing does. */
export function choosePhrases(language: string): Phrases {
  const messages = chooseMessages(language);
  const made = known.get(messages);
  if (made) return made;
  const tag = readLanguageTag(language);
  const ofPlace = tag === undefined ? [] : listFallbacks(tag);
  const entries = (Object.entries(messages) as [string, ChosenMessage][]).map(
    ([name, { message, language: ofWords }]) => {
      const lang = ofPlace.includes(ofWords) ? undefined : ofWords;
      if (typeof message === 'string') return [name, mark(message, lang, ofWords)] as const;
      const make = message as (...values: readonly unknown[]) => string;
      return [name, (...values: unknown[]) => mark(make(...values), lang, ofWords)] as const;
    },
  );
  const phrases = Object.fromEntries(entries) as Phrases;
  known.set(messages, phrases);
  return phrases;
}

function mark(text: string, lang: string | undefined, ofWords: string): Phrase {
  const marked = html`<span lang=${lang ?? nothing} dir=${findDirection(ofWords)}>${text}</span>`;
  return { ...marked, text, lang };
}
