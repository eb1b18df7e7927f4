import { limitMarks } from '../shared/limit-marks.ts';

/** Words in a row that make one shingle. */
const SHINGLE_WORDS = 4;

/** Bins of a sketch, a power of two. The standard error of a similarity of .8 is then at most .018. */
const BINS = 512;

/** A text's shingles as bins; in each the smallest hash that fell into it, or {@link EMPTY}. */
export type Sketch = Int32Array;

const EMPTY = 0x7fffffff;

/**
 * Sums up `text` by its shingles: each run of 4 words, whatever their case, spacing and punctuation. In scripts that are
 * written without spaces each character counts as a word. A text with fewer words is one shingle. Undefined for a text
 * without words. One permutation hashing: Li, Owen and Zhang, "One permutation hashing", 2012.
 */
export function sketchText(text: string): Sketch | undefined {
  const words = hashWords(limitMarks(text).normalize('NFKC'));
  const length = Math.min(SHINGLE_WORDS, words.length);
  if (length === 0) return undefined;
  const sketch = new Int32Array(BINS).fill(EMPTY);
  for (let start = 0; start + length <= words.length; start += 1) {
    let hash = length;
    for (let at = start; at < start + length; at += 1) hash = mix(hash, words[at] ?? 0);
    const shingle = spread(hash);
    const bin = shingle & (BINS - 1);
    if (shingle < (sketch[bin] ?? EMPTY)) sketch[bin] = shingle;
  }
  return sketch;
}

/**
 * Whether the Jaccard similarity of two texts is `threshold` or more: the shingles in both by the shingles in either.
 * An estimate: shingles that share a bin hide each other, some in a text of a hundred words, most in one of thousands.
 */
export function isNearIdentical(a: Sketch, b: Sketch, threshold: number): boolean {
  // With more bins than this that differ, no rest can make up for it. Most pairs end here early.
  const mostDiffering = (1 - threshold) * BINS;
  let equal = 0;
  let differing = 0;
  for (let bin = 0; bin < BINS; bin += 1) {
    const left = a[bin];
    if (left !== b[bin]) {
      differing += 1;
      if (differing > mostDiffering) return false;
    } else if (left !== EMPTY) equal += 1;
  }
  return equal >= threshold * (equal + differing);
}

/** A hash for each word, in the text's order. */
function hashWords(text: string): Int32Array {
  const words = new Int32Array(text.length);
  let count = 0;
  let word = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    const letter = folded[unit] || foldUnit(unit);
    if (letter !== BETWEEN && letter < WHOLE) {
      word = mix(word === 0 ? 1 : word, letter);
      continue;
    }
    if (word !== 0) words[count++] = word;
    word = 0;
    if (letter >= WHOLE) words[count++] = mix(1, letter);
  }
  if (word !== 0) words[count++] = word;
  return words.subarray(0, count);
}

const LETTER = /[\p{L}\p{N}\p{M}_]/u;

/** Scripts that are written without spaces between words. */
const WITHOUT_SPACES =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]/u;

/** What {@link foldUnit} gives for a character between words. */
const BETWEEN = 1;

/** From here on, what it gives for a character that is a word by itself. */
const WHOLE = 0x10000;

/** What it gave, by UTF-16 unit; 0 for units not met yet. A regular expression for each character takes ten times as long. */
const folded = new Int32Array(0x10000);

/** The lower case of a UTF-16 unit of a text, and whether it belongs to a word. */
function foldUnit(unit: number): number {
  const character = String.fromCharCode(unit);
  const lower = character.toLowerCase().charCodeAt(0);
  // A surrogate is half of a character: rare letters, and emoji, which make no difference worth a lookup.
  const isLetter = LETTER.test(character) || (unit >= 0xd800 && unit < 0xe000);
  const fold = WITHOUT_SPACES.test(character) ? WHOLE + unit : isLetter ? lower : BETWEEN;
  folded[unit] = fold;
  return fold;
}

/** One step of FNV-1a. */
function mix(hash: number, value: number): number {
  return Math.imul(hash ^ value, 0x01000193);
}

/** Spreads a hash evenly over 32 bits, as MurmurHash3 ends. */
function spread(hash: number): number {
  let spread = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  spread = Math.imul(spread ^ (spread >>> 13), 0xc2b2ae35);
  return spread ^ (spread >>> 16);
}
