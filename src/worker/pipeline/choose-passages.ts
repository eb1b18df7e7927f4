import type { TextRange } from '../../shared/split-sentences.ts';

/** How often each word of a passage stands in it, by the word's beginning. */
export type WordCounts = ReadonlyMap<string, number>;

/** A passage with what a query is looked up in. */
export interface IndexedPassage extends TextRange {
  readonly words: WordCounts;
}

/** Letters by which words are taken for the same: "vacuumed" and "vacuuming". */
const STEM_LENGTH = 6;

/** Words of a query that are looked up; a model reads no more. */
const MOST_STEMS = 256;

/** Counts the words of a text. */
export function countWords(text: string): WordCounts {
  const counts = new Map<string, number>();
  for (const stem of readStems(text)) counts.set(stem, (counts.get(stem) ?? 0) + 1);
  return counts;
}

/**
 * The passages of each document that are worth reading, by the query's words in them: the sum over these of
 * `idf · tf / (tf + 1)`, where `idf = ln(1 + (N − n + ½) / (n + ½))` over all passages of all documents (Robertson and Zaragoza 2009,
 * without the length, since passages are alike in it).
 *
 * @param most How many of a document at most, 1 or more.
 * @returns For each document positions in its list, the most promising first; equals in the text's order.
 */
export function choosePassages(
  query: string,
  documents: readonly (readonly IndexedPassage[])[],
  most: number,
): number[][] {
  const stems = [...new Set(readStems(query))].slice(0, MOST_STEMS);
  const all = documents.flat();
  const idfs = stems.map((stem) => {
    const count = all.filter(({ words }) => words.has(stem)).length;
    return Math.log(1 + (all.length - count + 0.5) / (count + 0.5));
  });
  const weigh = ({ words }: IndexedPassage): number =>
    stems.reduce((sum, stem, position) => {
      const count = words.get(stem) ?? 0;
      return sum + ((idfs[position] ?? 0) * count) / (count + 1);
    }, 0);
  return documents.map((passages) => {
    const weights = passages.map(weigh);
    return [...passages.keys()]
      .sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0))
      .slice(0, most);
  });
}

function readStems(text: string): string[] {
  const words =
    text.toLowerCase().match(/[\p{Script=Han}\p{Script=Hira}\p{Script=Kana}]|[\p{L}\p{N}_]+/gu) ??
    [];
  return words.map((word) => word.slice(0, STEM_LENGTH));
}
