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
  const sets = texts.map((text) => new Set(splitWords(text)));
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
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= EXCERPT_LENGTH) return markMatches(line, words);
  const firstMatch = markMatches(line.slice(0, 10_000), words).reduce(
    ({ at, found }, part) =>
      found || part.isMatch ? { at, found: true } : { at: at + part.text.length, found },
    { at: 0, found: false },
  );
  const wanted = firstMatch.found ? Math.max(0, firstMatch.at - LEAD) : 0;
  const start = wanted === 0 ? 0 : line.indexOf(' ', wanted) + 1;
  const end = findEnd(line, start);
  const cut = `${start > 0 ? '… ' : ''}${line.slice(start, end)}${end < line.length ? ' …' : ''}`;
  return markMatches(cut, words);
}

/** The last word boundary within the excerpt's length; in text without spaces, that length. */
function findEnd(line: string, start: number): number {
  const limit = start + EXCERPT_LENGTH;
  if (limit >= line.length) return line.length;
  const boundary = line.lastIndexOf(' ', limit);
  return boundary > start ? boundary : limit;
}
