import { invalidOption } from '../client/invalid-option.ts';
import { createFormats, type Formats } from './formats.ts';
import { listFallbacks, readLanguageTag } from './language-tags.ts';
import { makeEnglish, type Messages } from './messages.ts';

/** Words of a language, or a function that makes them with the language's way to write numbers. */
export type MessagesInput = Partial<Messages> | ((formats: Formats) => Partial<Messages>);

/** One of the elements' words, and the language that it is in. */
export interface ChosenMessage<TName extends keyof Messages = keyof Messages> {
  readonly message: Messages[TName];
  readonly language: string;
}

/** All of the elements' words. */
export type ChosenMessages = { readonly [TName in keyof Messages]: ChosenMessage<TName> };

/** The language whose words take the place of those that another one lacks. */
const LAST_RESORT = 'en';

/** Whole languages by their tags: the built-in one, and those of `rerank-results/locales`. */
const translations = new Map<string, MessagesInput>([[LAST_RESORT, makeEnglish]]);

/** What sites added, which stands before the translations, whichever came first. */
const siteMessages = new Map<string, readonly MessagesInput[]>();

/** The words of each language that was asked for, until there are other ones. */
const chosen = new Map<string, ChosenMessages>();

const watchers = new Set<() => void>();

/** Makes a language of `rerank-results/locales` known. */
export function addTranslation(
  language: string,
  makeMessages: (formats: Formats) => Messages,
): void {
  translations.set(language, makeMessages);
  tellWatchers();
}

/**
 * Adds a language, or changes single words of one; elements on the page follow at once. What is left out comes from the more general
 * language, at last from English: `pt-BR`, `pt`, `en`. Of several calls for one word the last one counts.
 *
 * @param language A language tag (BCP 47) such as `de` or `pt-BR`.
 * @param messages The words, or a function that gets the language's {@link Formats} for plurals and numbers.
 * @throws RerankError `invalid-input` for what is no language tag, and for words that the elements do not have or that are of another kind.
 */
export function addMessages(language: string, messages: MessagesInput): void {
  const tag = readLanguageTag(language);
  if (tag === undefined) throw invalidOption('language', language, 'a tag such as de or pt-BR');
  checkMessages(makeMessages(messages, createFormats(tag)));
  const { baseName } = new Intl.Locale(tag);
  siteMessages.set(baseName, [...(siteMessages.get(baseName) ?? []), messages]);
  tellWatchers();
}

/**
 * The elements' words for a place whose language is this one.
 *
 * @param language What a `lang` attribute says. Where it is no language tag, or the empty one, the words are English.
 */
export function chooseMessages(language: string): ChosenMessages {
  const known = chosen.get(language);
  if (known) return known;
  const messages: Partial<Record<keyof Messages, ChosenMessage>> = {};
  takeMessages(messages, LAST_RESORT, createFormats(LAST_RESORT));
  const tag = readLanguageTag(language);
  if (tag !== undefined) {
    // Numbers are written as in the reader's region, whose words may be those of the language at large.
    const formats = createFormats(tag);
    for (const fallback of [...listFallbacks(tag)].reverse()) {
      takeMessages(messages, fallback, formats);
    }
  }
  chosen.set(language, messages as ChosenMessages);
  return messages as ChosenMessages;
}

/** Calls back when there are other words, until the signal. */
export function onMessagesChange(onChange: () => void, signal: AbortSignal): void {
  watchers.add(onChange);
  signal.addEventListener('abort', () => watchers.delete(onChange));
}

function tellWatchers(): void {
  chosen.clear();
  for (const onChange of watchers) onChange();
}

/** Puts the words of this language in the place of those of a more general one. */
function takeMessages(
  messages: Partial<Record<keyof Messages, ChosenMessage>>,
  language: string,
  formats: Formats,
): void {
  const translation = translations.get(language);
  const inputs = [...(translation ? [translation] : []), ...(siteMessages.get(language) ?? [])];
  for (const input of inputs) {
    for (const [name, message] of listEntries(makeMessages(input, formats))) {
      if (message !== undefined) messages[name] = { message, language };
    }
  }
}

function makeMessages(input: MessagesInput, formats: Formats): Partial<Messages> {
  return typeof input === 'function' ? input(formats) : input;
}

function listEntries(messages: Partial<Messages>) {
  return Object.entries(messages) as [keyof Messages, Messages[keyof Messages] | undefined][];
}

function checkMessages(messages: unknown): void {
  if (typeof messages !== 'object' || messages === null) {
    throw invalidOption('messages', messages, 'an object, or a function that returns one');
  }
  const english: Partial<Record<string, Messages[keyof Messages]>> = {
    ...makeEnglish(createFormats(LAST_RESORT)),
  };
  for (const [name, message] of Object.entries(messages) as [string, unknown][]) {
    const expected = Object.hasOwn(english, name) ? english[name] : undefined;
    if (expected === undefined) {
      const names = Object.keys(english).join(', ');
      throw invalidOption('messages', name, `words by their names, which are ${names}`);
    }
    if (message !== undefined && typeof message !== typeof expected) {
      const kind = typeof expected === 'string' ? 'a text' : 'a function that returns a text';
      throw invalidOption(`messages.${name}`, typeof message, kind);
    }
  }
}
