import { FUNCTION_WORDS } from '../shared/function-words.ts';

/** A piece of text, and whether it is one of the query's words. */
export interface ExcerptPart {
  readonly text: string;
  readonly isMatch: boolean;
}

/** An excerpt around one sentence, which may be longer than it. */
export interface SentenceExcerpt {
  readonly before: readonly ExcerptPart[];
  readonly sentence: readonly ExcerptPart[];
  readonly after: readonly ExcerptPart[];
}

/** Characters of a result's text that are shown. */
const EXCERPT_LENGTH = 240;

/** Characters shown before the first match. */
const LEAD = 60;

/** Characters of a text that are looked at: beyond them a search result is no excerpt. */
const SEEN_LENGTH = 10_000;

const WORD = /[\p{L}\p{N}_]+/gu;

/** The query's words, in lower case, without function words; all of them if nothing would be left. */
export function findMarkedWords(query: string): ReadonlySet<string> {
  const words = (query.toLowerCase().match(WORD) ?? []).filter((word) => word.length > 1);
  const telling = words.filter((word) => !FUNCTION_WORDS.has(word));
  return new Set(telling.length > 0 ? telling : words);
}

/** Splits `text` at the marked words, whatever their case there. */
export function markMatches(text: string, words: ReadonlySet<string>): ExcerptPart[] {
  const parts: ExcerptPart[] = [];
  for (const piece of text.split(/([\p{L}\p{N}_]+)/u)) {
    const isMatch = words.has(piece.toLowerCase());
    const last = parts.at(-1);
    if (last && last.isMatch === isMatch) {
      parts[parts.length - 1] = { text: last.text + piece, isMatch };
    } else if (piece !== '') {
      parts.push({ text: piece, isMatch });
    }
  }
  return parts;
}

/** About 240 characters of `text` around the first marked word, cut between words. */
export function makeExcerpt(text: string, words: ReadonlySet<string>): ExcerptPart[] {
  const line = toLine(text.slice(0, SEEN_LENGTH));
  if (line.length <= EXCERPT_LENGTH) return markMatches(line, words);
  const start = findStart(line, words);
  const end = findEnd(line, start);
  const cut = `${start > 0 ? '… ' : ''}${line.slice(start, end)}${end < line.length ? ' …' : ''}`;
  return markMatches(cut, words);
}

/** Sentences of English, and well enough those of other languages. */
const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });

/** The sentence of a passage with most of the marked words, the earlier of equals; undefined where none has any. */
export function findBestSentence(passage: string, words: ReadonlySet<string>): string | undefined {
  let best: { readonly text: string; readonly count: number } | undefined;
  for (const { segment } of sentences.segment(passage.slice(0, SEEN_LENGTH))) {
    const found = markMatches(segment.toLowerCase(), words).filter(({ isMatch }) => isMatch);
    const count = new Set(found.map(({ text }) => text)).size;
    if (count > (best?.count ?? 0)) best = { text: segment.trim(), count };
  }
  return best?.text;
}

/** About 240 characters around a sentence of a passage; of a longer sentence its beginning. Undefined where it is not there. */
export function makeSentenceExcerpt(
  passage: string,
  best: string,
  words: ReadonlySet<string>,
): SentenceExcerpt | undefined {
  const line = toLine(passage.slice(0, SEEN_LENGTH));
  const whole = toLine(best);
  const start = line.indexOf(whole);
  if (start === -1) return undefined;
  const isLong = whole.length > EXCERPT_LENGTH;
  const sentence = isLong ? line.slice(start, findEnd(line, start)) : whole;
  const from = isLong ? start : startBefore(line, start);
  const end = start + sentence.length;
  const to = isLong ? end : Math.max(findEnd(line, from), end);
  return {
    before: markMatches(`${from > 0 ? '… ' : ''}${line.slice(from, start)}`, words),
    sentence: markMatches(sentence, words),
    after: markMatches(`${line.slice(end, to)}${to < line.length ? ' …' : ''}`, words),
  };
}

/** A word boundary a little before the first marked word; 0 where none is marked. */
function findStart(line: string, words: ReadonlySet<string>): number {
  let match = 0;
  for (const { text, isMatch } of markMatches(line, words)) {
    if (isMatch) break;
    match += text.length;
  }
  return match === line.length ? 0 : startBefore(line, match);
}

/** A word boundary a little before a match. */
function startBefore(line: string, match: number): number {
  const wanted = match - LEAD;
  if (wanted <= 0) return 0;
  const boundary = line.indexOf(' ', wanted) + 1;
  return boundary > 0 && boundary <= match ? boundary : wholeCharacter(line, wanted);
}

/** The last word boundary within the excerpt's length; in text without spaces, that length. */
function findEnd(line: string, start: number): number {
  const limit = start + EXCERPT_LENGTH;
  if (limit >= line.length) return line.length;
  const boundary = line.lastIndexOf(' ', limit);
  return boundary > start ? boundary : wholeCharacter(line, limit);
}

/** The text, or its first so many characters and a sign that there are more. */
export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, wholeCharacter(text, length))} …`;
}

/** The position, moved back where it stands inside a surrogate pair. */
function wholeCharacter(line: string, position: number): number {
  const isInside = /[\uDC00-\uDFFF]/.test(line.charAt(position));
  return isInside ? position - 1 : position;
}

/** The text with each white space as one space, and none around it. */
export function toLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
