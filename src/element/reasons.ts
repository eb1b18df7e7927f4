import type { ExplainedPart, ScoreExplanation } from '../client/explain-score.ts';

/**
 * A logit that differs by less is no reason: without a calibration the relevance score then differs by 0.025 at most, because the
 * sigmoid is nowhere steeper than 1/4.
 */
const LEAST_EFFECT = 0.1;

/** Nor is an effect that is less than this share of the largest one of its kind. */
const LEAST_SHARE = 0.25;

/** Words that one sentence names at most. */
const MOST_NAMED = 3;

/** A part of a text that did much for the score. */
export interface Reason extends ExplainedPart {
  /** Its effect as a share of the largest one among the words, or among the sentences: −1 to 1, below 0 where it lowered the score. */
  readonly strength: number;
}

/** What of an explanation is worth telling a reader. */
export interface Reasons {
  /** Words of the query in its order. */
  readonly words: readonly Reason[];
  /** Those that raised the score, each once, the strongest first; three at most. */
  readonly raising: readonly string[];
  /** The same of those that lowered it. */
  readonly lowering: readonly string[];
  /** The sentence that raised it most; undefined where none did. */
  readonly sentence: Reason | undefined;
}

/** Finds the parts whose effect is large enough to be named. */
export function findReasons(explanation: ScoreExplanation): Reasons {
  const words = chooseReasons(explanation.words);
  const [sentence] = chooseReasons(explanation.sentences).toSorted(byStrength);
  return {
    words,
    raising: nameWords(words.filter(({ strength }) => strength > 0).toSorted(byStrength)),
    lowering: nameWords(
      words.filter(({ strength }) => strength < 0).toSorted((a, b) => byStrength(b, a)),
    ),
    sentence: sentence && sentence.strength > 0 ? sentence : undefined,
  };
}

function chooseReasons(parts: readonly ExplainedPart[]): Reason[] {
  const largest = Math.max(0, ...parts.map(({ effect }) => Math.abs(effect)));
  const least = Math.max(LEAST_EFFECT, LEAST_SHARE * largest);
  return parts
    .filter(({ effect }) => Math.abs(effect) >= least)
    .map((part) => ({ ...part, strength: part.effect / largest }));
}

/** The strongest first; the earlier of equals. */
function byStrength(a: Reason, b: Reason): number {
  return b.strength - a.strength;
}

/** A word that the reader wrote twice is named once. */
function nameWords(reasons: readonly Reason[]): string[] {
  const named = new Map<string, string>();
  for (const { text } of reasons) {
    const key = text.toLowerCase();
    if (!named.has(key)) named.set(key, text);
  }
  return [...named.values()].slice(0, MOST_NAMED);
}
