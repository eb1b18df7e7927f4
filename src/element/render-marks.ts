import { html } from 'lit';
import type { ExcerptPart } from './excerpt.ts';

/** A text with its marked words. */
export function renderMarks(parts: readonly ExcerptPart[]): unknown {
  return parts.map(({ text, isMatch }) =>
    isMatch ? html`<mark part="mark">${text}</mark>` : text,
  );
}
