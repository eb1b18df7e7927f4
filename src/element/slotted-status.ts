import { createPhrase, type Phrase } from './phrases.ts';

/** What a screen reader is told of the status line: the site's own words in its slot `empty` or `error`, where it has some, else `words`. */
export function preferSlotted(words: Phrase, root: ParentNode): Phrase {
  const slot = root.querySelector<HTMLSlotElement>('[part="status"] slot');
  if (!slot || words.text === '') return words;
  const texts = slot.assignedElements().map(({ textContent }) => textContent);
  const own = texts.join(' ').replaceAll(/\s+/g, ' ').trim();
  return own === '' ? words : createPhrase(own);
}
