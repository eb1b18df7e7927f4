/** Runs of more than 64 marks on one character, which no language writes. */
const FLOOD = /(\p{M}{64})\p{M}+/gu;

/**
 * The text with 64 combining marks on a character at most. Normalizing takes time by the square of their number:
 * seconds for some 50,000, which a hostile text may well have.
 */
export function limitMarks(text: string): string {
  return text.replace(FLOOD, '$1');
}
