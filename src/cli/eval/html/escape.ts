/** Markup that may be put into a page as it is. */
export interface Html {
  readonly html: string;
}

type Part = string | number | Html | readonly Html[];

/**
 * Markup from a template: every text that is put in is escaped, for elements and quoted attributes alike.
 * Queries and file names come from others, and may hold markup.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const written = strings.map(
    (literal, index) => literal + (index < parts.length ? write(parts[index]) : ''),
  );
  return { html: written.join('') };
}

/** No markup. */
export const nothing: Html = { html: '' };

function write(part: Part | undefined): string {
  if (part === undefined) return '';
  if (typeof part === 'string') return escape(part);
  if (typeof part === 'number') return String(part);
  if (isList(part)) return part.map((each) => each.html).join('');
  return part.html;
}

function isList(part: Html | readonly Html[]): part is readonly Html[] {
  return Array.isArray(part);
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
