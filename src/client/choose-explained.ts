import { FUNCTION_WORDS } from '../shared/function-words.ts';
import type { TextRange } from '../shared/split-sentences.ts';

/** Words of English, and by their own rules those of scripts without spaces. */
const words = new Intl.Segmenter('en', { granularity: 'word' });

/** The words of a text, without what stands between them. */
export function splitWords(text: string): TextRange[] {
  return [...words.segment(text)]
    .filter(({ isWordLike }) => isWordLike === true)
    .map(({ index, segment }) => trimRange(text, { start: index, end: index + segment.length }));
}

/** A part of a text without the white space around it. */
export function trimRange(text: string, { start, end }: TextRange): TextRange {
  const part = text.slice(start, end);
  const from = start + part.length - part.trimStart().length;
  return { start: from, end: from + part.trim().length };
}

/** At most so many words of a query, in its order: function words are dropped first, then the shortest. */
export function chooseWords(query: string, all: readonly TextRange[], most: number): TextRange[] {
  const weigh = ({ start, end }: TextRange): number => {
    const word = query.slice(start, end).toLowerCase();
    return FUNCTION_WORDS.has(word) ? -1 / word.length : word.length;
  };
  return keepHeaviest(all, weigh, most);
}

/** At most so many sentences, in their order: those with most of the query's words, of these the longest. */
export function chooseSentences(
  text: string,
  all: readonly TextRange[],
  query: string,
  most: number,
): TextRange[] {
  const subject = new Set([...listWords(query)].filter((word) => !FUNCTION_WORDS.has(word)));
  const weigh = ({ start, end }: TextRange): number => {
    const shared = [...listWords(text.slice(start, end))].filter((word) => subject.has(word));
    // No sentence is as long as the text and one more.
    return shared.length + (end - start) / (text.length + 1);
  };
  return keepHeaviest(all, weigh, most);
}

/** The different words of a text in lower case. */
function listWords(text: string): ReadonlySet<string> {
  return new Set(splitWords(text).map(({ start, end }) => text.slice(start, end).toLowerCase()));
}

/** The heaviest parts in the text's order; the earlier of equals. */
function keepHeaviest(
  parts: readonly TextRange[],
  weigh: (part: TextRange) => number,
  most: number,
): TextRange[] {
  if (parts.length <= most) return [...parts];
  const weights = new Map(parts.map((part) => [part, weigh(part)]));
  return parts
    .toSorted((a, b) => (weights.get(b) ?? 0) - (weights.get(a) ?? 0))
    .slice(0, most)
    .sort((a, b) => a.start - b.start);
}
