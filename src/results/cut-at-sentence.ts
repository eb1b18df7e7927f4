/**
 * Where a sentence may end: at spaces after its full stop, after a full stop of East Asian scripts, and at line breaks. A split at
 * an abbreviation does no harm here. No part may repeat: hostile texts would take quadratic time.
 */
const SENTENCE_END = /(?<=[.!?…]["'”’)\]]?)\s|(?<=[。！？])|\n/gu;

/**
 * The longest beginning of `text` in whole sentences that `fits`; undefined where its first sentence does not. Asks `fits`
 * about as often as the number of sentences has binary digits.
 */
export function cutAtSentence(text: string, fits: (text: string) => boolean): string | undefined {
  const ends = [...text.matchAll(SENTENCE_END)].map(({ index }) => index);
  let best: string | undefined;
  let low = 0;
  let high = ends.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const beginning = text.slice(0, ends[middle]).trimEnd();
    if (beginning === '' || fits(beginning)) {
      best = beginning === '' ? best : beginning;
      low = middle + 1;
    } else high = middle - 1;
  }
  return best;
}
