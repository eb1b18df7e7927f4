import { describe, expect, it } from 'vitest';
import { findMarkedWords, makeExcerpt, markMatches } from '../../src/element/excerpt.ts';

const words = new Set(['vacuum', 'größe']);
const marked = (parts: readonly { text: string; isMatch: boolean }[]): string[] =>
  parts.filter(({ isMatch }) => isMatch).map(({ text }) => text);
const joined = (parts: readonly { text: string }[]): string =>
  parts.map(({ text }) => text).join('');

describe('markMatches', () => {
  it('marks whole words, whatever their case, and loses nothing', () => {
    const text = 'VACUUM, vacuumdb and Vacuum; Größe <b>vacuum</b>';
    const parts = markMatches(text, words);
    expect(marked(parts)).toEqual(['VACUUM', 'Vacuum', 'Größe', 'vacuum']);
    expect(joined(parts)).toBe(text);
  });
});

describe('findMarkedWords', () => {
  it('leaves out words that say nothing of the subject', () => {
    expect([...findMarkedWords('How do I see what the VACUUM is for')]).toEqual(['see', 'vacuum']);
  });

  it('leaves out those that the list of function words lacks', () => {
    const words = 'Why may it not vacuum when its disk does so until full';
    expect([...findMarkedWords(words)]).toEqual(['vacuum', 'disk', 'full']);
  });

  it('keeps all words where nothing would be left', () => {
    expect([...findMarkedWords('how to be')]).toEqual(['how', 'to', 'be']);
  });

  it('keeps the words of other languages', () => {
    expect([...findMarkedWords('Größe der Tabelle')]).toEqual(['größe', 'der', 'tabelle']);
  });
});

describe('makeExcerpt', () => {
  it('gives a short text as it is, on one line', () => {
    expect(joined(makeExcerpt('one\n  two', words))).toBe('one two');
  });

  it('shows the first match of a long text, cut between words', () => {
    const text = `${'before '.repeat(100)}VACUUM ${'after '.repeat(100)}`;
    const excerpt = makeExcerpt(text, words);
    expect(marked(excerpt)).toEqual(['VACUUM']);
    expect(joined(excerpt)).toMatch(/^… before .* after …$/);
    expect(joined(excerpt).length).toBeLessThan(260);
  });

  it('begins at the beginning where nothing matches', () => {
    expect(joined(makeExcerpt('nothing here '.repeat(50), words))).toMatch(/^nothing here/);
  });

  it('shows the match behind a word that is longer than the lead', () => {
    const text = `${'before '.repeat(50)}${'x'.repeat(200)} vacuum ${'after '.repeat(50)}`;
    expect(marked(makeExcerpt(text, words))).toEqual(['vacuum']);
  });

  it('never cuts a character in two', () => {
    for (const lead of ['', 'a']) {
      const excerpt = joined(makeExcerpt(lead + '😀'.repeat(500), words));
      expect(excerpt).not.toMatch(/\p{Surrogate}/u);
    }
  });

  it('takes a text of megabytes in a moment', () => {
    const text = 'word '.repeat(500_000);
    expect(joined(makeExcerpt(text, words)).length).toBeLessThan(260);
  });

  it('cuts a text without spaces too', () => {
    expect(joined(makeExcerpt('数'.repeat(1000), words)).length).toBeLessThan(260);
  });
});
