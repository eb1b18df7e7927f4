import { findBorder, splitSentences, type TextRange } from '../../shared/split-sentences.ts';

interface Unit extends TextRange {
  readonly tokens: number;
}

/** The most that a passage may share with the one before it, as a part of its length. */
const OVERLAP_SHARE = 0.25;

/** Characters of a word for each of its tokens; measured on technical English. Names and code have fewer. */
const CHARACTERS_PER_TOKEN = 5;

/**
 * Splits a text into passages of whole sentences. Each begins with the last sentences of the one before it, a quarter of its length at
 * most, so that what stands at a border is read in its context. The last one reaches back until it is full.
 *
 * @param limit Tokens that a passage may have, as {@link estimateTokens} counts them; a longer sentence is split between words.
 * @returns In the text's order; one for an empty text.
 */
export function splitPassages(text: string, limit: number): TextRange[] {
  const units = splitUnits(text, limit);
  const passages: TextRange[] = [];
  let first = 0;
  while (first < units.length) {
    const end = fillForward(units, first, limit);
    if (end === units.length) first = fillBackward(units, limit);
    passages.push({ start: units[first]?.start ?? 0, end: units[end - 1]?.end ?? text.length });
    if (end === units.length) break;
    // What is repeated leaves room for the next sentence: a passage that held nothing new would be read in vain.
    const room = Math.min(limit * OVERLAP_SHARE, limit - tokensOf(units, end));
    first = startOverlap(units, end, room);
  }
  return passages.length > 0 ? passages : [{ start: 0, end: text.length }];
}

/**
 * About how many tokens a text has, without a tokenizer, which would take as long as reading the best passages. Each sign is one, and a
 * word one for every four letters; a sign of a script without spaces is one.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (const [piece] of text.matchAll(
    /[\p{Script=Han}\p{Script=Hira}\p{Script=Kana}]|[\p{L}\p{N}\p{M}]+|\S/gu,
  )) {
    tokens += Math.ceil(piece.length / CHARACTERS_PER_TOKEN);
  }
  return tokens;
}

/** The first unit that does not fit any more into a passage that begins with `first`. */
function fillForward(units: readonly Unit[], first: number, limit: number): number {
  let end = first;
  let tokens = 0;
  while (end < units.length && (end === first || tokens + tokensOf(units, end) <= limit)) {
    tokens += tokensOf(units, end);
    end += 1;
  }
  return end;
}

/** The first unit of the longest passage that ends the text. */
function fillBackward(units: readonly Unit[], limit: number): number {
  return startOverlap(units, units.length, limit);
}

/** The first of the units before `end` that have no more than so many tokens together. */
function startOverlap(units: readonly Unit[], end: number, limit: number): number {
  let first = end;
  let tokens = 0;
  while (first > 0 && tokens + tokensOf(units, first - 1) <= limit) {
    first -= 1;
    tokens += tokensOf(units, first);
  }
  return first;
}

function tokensOf(units: readonly Unit[], index: number): number {
  return units[index]?.tokens ?? 0;
}

/** Sentences, and parts of those that are too long. What is blank belongs to what stands before it, so that every unit has tokens. */
function splitUnits(text: string, limit: number): Unit[] {
  const units: Unit[] = [];
  for (const unit of listUnits(text, limit)) {
    const last = units.at(-1);
    if (last && (unit.tokens === 0 || last.tokens === 0)) {
      units[units.length - 1] = {
        start: last.start,
        end: unit.end,
        tokens: last.tokens + unit.tokens,
      };
    } else units.push(unit);
  }
  return units;
}

function listUnits(text: string, limit: number): Unit[] {
  return splitSentences(text).flatMap((sentence) => splitLong(text, sentence, limit));
}

/** The unit, or pieces of it of about the limit's length. */
function splitLong(text: string, { start, end }: TextRange, limit: number): Unit[] {
  const tokens = estimateTokens(text.slice(start, end));
  if (tokens <= limit || end - start < 2) return [{ start, end, tokens }];
  const middle = findBorder(text, start, start + Math.ceil((end - start) / 2));
  return [
    ...splitLong(text, { start, end: middle }, limit),
    ...splitLong(text, { start: middle, end }, limit),
  ];
}
