import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExplainedPart, ScoreExplanation } from '../../src/client/explain-score.ts';
import { findReasons } from '../../src/element/reasons.ts';

const toParts = (effects: Readonly<Record<string, number>>): ExplainedPart[] =>
  Object.entries(effects).map(([text, effect], index) => ({
    text,
    effect,
    start: 10 * index,
    end: 10 * index + text.length,
  }));

const explain = (
  words: readonly ExplainedPart[],
  sentences: readonly ExplainedPart[] = [],
): ScoreExplanation => ({
  relevanceScore: 0.5,
  logit: 0,
  words,
  sentences,
  passage: { start: 0, end: 0, text: '' },
  pairs: 1 + words.length + sentences.length,
});

describe('the words of a query that are named', () => {
  it('are those with a quarter of the largest effect or more, by their strength beside it', () => {
    const words = toParts({ find: 0.9, slow: 4, queries: 2, in: 0.2, postgres: -1 });
    const reasons = findReasons(explain(words));
    expect(reasons.words.map(({ text, strength }) => [text, strength])).toEqual([
      ['slow', 1],
      ['queries', 0.5],
      ['postgres', -0.25],
    ]);
    expect([reasons.raising, reasons.lowering]).toEqual([['slow', 'queries'], ['postgres']]);
  });

  it('are none that hardly move the score, though no other moves it more', () => {
    const reasons = findReasons(explain(toParts({ a: 0.09, b: -0.08 }), toParts({ 'A b.': 0.05 })));
    expect(reasons).toEqual({ words: [], raising: [], lowering: [], sentence: undefined });
  });

  it('are three at most of each kind, the strongest first, each once whatever its case', () => {
    const raising = toParts({ one: 2, two: 3, three: 4, four: 5 });
    const lowering = toParts({ five: -3, six: -4 });
    const again = { text: 'Four', effect: 4.5, start: 90, end: 94 };
    const reasons = findReasons(explain([...raising, ...lowering, again]));
    expect(reasons.raising).toEqual(['four', 'three', 'two']);
    expect(reasons.lowering).toEqual(['six', 'five']);
    expect(reasons.words).toHaveLength(7);
  });
});

describe('the sentence that is named', () => {
  it('is the one that raised the score most', () => {
    const sentences = toParts({ 'First.': 1, 'Second.': 3, 'Third.': -6 });
    expect(findReasons(explain([], sentences)).sentence).toMatchObject({
      text: 'Second.',
      strength: 0.5,
    });
  });

  it.each([{ 'Only.': -2 }, { 'First.': 1, 'Second.': -5 }, {}])('is none of %o', (effects) => {
    expect(findReasons(explain([], toParts(effects))).sentence).toBeUndefined();
  });
});

it('has strengths from −1 to 1 with the sign of the effect, whatever the effects', () => {
  const effect = fc.double({ min: -1e3, max: 1e3, noNaN: true });
  fc.assert(
    fc.property(fc.array(effect, { maxLength: 30 }), (effects) => {
      const parts = effects.map((value, index) => ({
        text: `w${index}`,
        effect: value,
        start: index,
        end: index + 1,
      }));
      const { words, sentence } = findReasons(explain(parts, parts));
      for (const word of words) {
        expect(Math.abs(word.strength)).toBeLessThanOrEqual(1);
        expect(Math.sign(word.strength)).toBe(Math.sign(word.effect));
        expect(Math.abs(word.effect)).toBeGreaterThanOrEqual(0.1);
      }
      const best = Math.max(0, ...effects);
      expect(sentence?.effect ?? 0).toBe(words.some((one) => one.effect === best) ? best : 0);
    }),
  );
});
