import { countWords } from './plain-text.ts';

/**
 * Packs blocks into texts of at most `maxWords` words, in order, of similar length. No text has
 * fewer than `minWords` words where its neighbour has room.
 * Blocks are paragraphs, listings or rows; a block is cut only where it alone is too long,
 * at lines, else at sentences, else between words. A lead-in that ends in a colon stays with
 * what it introduces.
 */
export function splitText(blocks: readonly string[], maxWords: number, minWords: number): string[] {
  // What is packed leaves room for one scrap, which then joins its neighbour.
  const packed = packBlocks(blocks, maxWords - minWords);
  const texts: string[] = [];
  for (const text of packed) {
    const previous = texts.at(-1);
    const isScrap = countWords(text) < minWords || countWords(previous ?? '') < minWords;
    const joined = previous === undefined ? text : `${previous}\n\n${text}`;
    if (previous !== undefined && isScrap && countWords(joined) <= maxWords) {
      texts[texts.length - 1] = joined;
    } else {
      texts.push(text);
    }
  }
  return texts;
}

function packBlocks(blocks: readonly string[], maxWords: number): string[] {
  const units = joinLeadIns(blocks, maxWords).flatMap((block) => cutBlock(block, maxWords));
  const totalWords = units.reduce((sum, unit) => sum + countWords(unit), 0);
  const wantedWords = totalWords / Math.ceil(totalWords / maxWords);
  const texts: string[] = [];
  let current: string[] = [];
  let words = 0;
  const close = (): void => {
    if (current.length > 0) texts.push(current.join('\n\n'));
    current = [];
    words = 0;
  };
  for (const unit of units) {
    const unitWords = countWords(unit);
    if (words + unitWords > maxWords) close();
    current.push(unit);
    words += unitWords;
    if (words >= wantedWords) close();
  }
  close();
  return texts;
}

function joinLeadIns(blocks: readonly string[], maxWords: number): string[] {
  const joined: string[] = [];
  for (const block of blocks) {
    const previous = joined.at(-1);
    const together = previous?.endsWith(':') === true ? `${previous}\n\n${block}` : undefined;
    if (together !== undefined && countWords(together) <= maxWords) {
      joined[joined.length - 1] = together;
    } else {
      joined.push(block);
    }
  }
  return joined;
}

function cutBlock(block: string, maxWords: number): string[] {
  if (countWords(block) <= maxWords) return [block];
  for (const [pattern, glue] of [
    [/\n/u, '\n'],
    [/(?<=[.;:!?])\s+/u, ' '],
    [/\s+/u, ' '],
  ] as const) {
    const pieces = block.split(pattern);
    if (pieces.length > 1 && pieces.every((piece) => countWords(piece) <= maxWords)) {
      return packPieces(pieces, glue, maxWords);
    }
  }
  return [block];
}

function packPieces(pieces: readonly string[], glue: string, maxWords: number): string[] {
  const packed: string[] = [];
  let current = '';
  for (const piece of pieces) {
    const longer = current === '' ? piece : `${current}${glue}${piece}`;
    if (current !== '' && countWords(longer) > maxWords) {
      packed.push(current);
      current = piece;
    } else {
      current = longer;
    }
  }
  if (current.trim() !== '') packed.push(current);
  return packed;
}
