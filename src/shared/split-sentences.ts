/** A part of a text: from the character `start` to before the character `end`. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Characters that are given to the segmenter at once: V8 copies its whole input for each sentence, so a text of a megabyte
 * would fill the memory.
 */
const BLOCK_CHARACTERS = 2000;

/** Sentences of English, and well enough those of other languages. */
const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });

/**
 * The sentences of a text from its beginning to its end, each with the white space after it. One that goes on beyond 2,000 characters without a blank line
 * before comes in several parts.
 */
export function splitSentences(text: string): TextRange[] {
  return splitBlocks(text).flatMap((block) =>
    [...sentences.segment(text.slice(block.start, block.end))].map(({ segment, index }) => ({
      start: block.start + index,
      end: block.start + index + segment.length,
    })),
  );
}

/** A place between `start` and `wanted` after a space; where there is none, `wanted` between two characters. */
export function findBorder(text: string, start: number, wanted: number): number {
  const space = /^.*\s/s.exec(text.slice(start + 1, wanted))?.[0].length;
  if (space !== undefined) return start + 1 + space;
  const isInside = /^[\uDC00-\uDFFF]/.test(text.slice(wanted)) && wanted - 1 > start;
  return isInside ? wanted - 1 : wanted;
}

/** Paragraphs, and parts of those that are too long for the segmenter. */
function splitBlocks(text: string): TextRange[] {
  const blocks: TextRange[] = [];
  for (let start = 0; start < text.length;) {
    const blank = text.slice(start, start + BLOCK_CHARACTERS).lastIndexOf('\n\n') + 2;
    const end =
      start + BLOCK_CHARACTERS >= text.length
        ? text.length
        : blank > 2
          ? start + blank
          : findBorder(text, start, start + BLOCK_CHARACTERS);
    blocks.push({ start, end });
    start = end;
  }
  return blocks;
}
