/** A piece of text, and whether it is one of the query's words. */
export interface ExcerptPart {
  readonly text: string;
  readonly isMatch: boolean;
}

/** Characters of a result's text that are shown. */
const EXCERPT_LENGTH = 240;

/** Characters shown before the first match. */
const LEAD = 60;

/** A query's word that more than this share of the results has tells none of them apart. */
const COMMON_SHARE = 0.6;

/** Below this number of results, no word is called common. */
const LEAST_TEXTS = 5;

/** Characters of a text that are looked at: beyond them a search result is no excerpt. */
const SEEN_LENGTH = 10_000;

const WORD = /[\p{L}\p{N}_]+/gu;

/**
 * The query's words, in lower case, that are worth marking: not those that most results have, such as
 * "how" and "the", whatever the language; all of them if nothing would be left.
 *
 * @param texts What the results say, one string each.
 */
export function findMarkedWords(query: string, texts: readonly string[]): ReadonlySet<string> {
  const words = [...new Set(splitWords(query))].filter((word) => word.length > 1);
  if (texts.length < LEAST_TEXTS) return new Set(words);
  const sets = texts.map((text) => new Set(splitWords(text.slice(0, SEEN_LENGTH))));
  const distinctive = words.filter(
    (word) => sets.filter((set) => set.has(word)).length <= texts.length * COMMON_SHARE,
  );
  return new Set(distinctive.length > 0 ? distinctive : words);
}

function splitWords(text: string): string[] {
  return text.toLowerCase().match(WORD) ?? [];
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
  const line = text.slice(0, SEEN_LENGTH).replace(/\s+/g, ' ').trim();
  if (line.length <= EXCERPT_LENGTH) return markMatches(line, words);
  const start = findStart(line, words);
  const end = findEnd(line, start);
  const cut = `${start > 0 ? '… ' : ''}${line.slice(start, end)}${end < line.length ? ' …' : ''}`;
  return markMatches(cut, words);
}

/** A word boundary a little before the first marked word; 0 where none is marked. */
function findStart(line: string, words: ReadonlySet<string>): number {
  let match = 0;
  for (const { text, isMatch } of markMatches(line, words)) {
    if (isMatch) break;
    match += text.length;
  }
  const wanted = match - LEAD;
  if (match === line.length || wanted <= 0) return 0;
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

/** The position, moved back where it stands inside a surrogate pair. */
function wholeCharacter(line: string, position: number): number {
  const isInside = /[\uDC00-\uDFFF]/.test(line.charAt(position));
  return isInside ? position - 1 : position;
}
