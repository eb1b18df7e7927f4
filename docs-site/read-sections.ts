import type { Token } from 'markdown-it';

/** A heading and what stands below it, up to the next one. */
export interface Section {
  /** The anchor; empty for what stands above the first heading. */
  readonly id: string;
  /** The headings that lead here, the page's title first. */
  readonly path: readonly string[];
  /** As sentences: a table's row is one. */
  readonly text: string;
}

/** The parts of a page, for a search that leads to the right place in it. Code is left out: it is looked for by the words around it. */
export function readSections(tokens: readonly Token[]): Section[] {
  const sections: { id: string; path: string[]; text: string }[] = [];
  let isHead = false;
  for (const [index, token] of tokens.entries()) {
    const current = sections.at(-1);
    if (token.type === 'heading_open') {
      const level = Number(token.tag.slice(1));
      const above = (current?.path ?? []).slice(0, level - 1);
      const title = readText(tokens[index + 1]);
      sections.push({ id: String(token.attrGet('id') ?? ''), path: [...above, title], text: '' });
    } else if (token.type === 'thead_open') isHead = true;
    else if (token.type === 'thead_close') isHead = false;
    else if (current && !isHead) current.text += readPiece(tokens, index);
  }
  return sections.map((section) => ({ ...section, text: tidy(section.text) }));
}

function readPiece(tokens: readonly Token[], index: number): string {
  const token = tokens[index];
  switch (token?.type) {
    case 'inline':
      return tokens[index - 1]?.type === 'heading_open' ? '' : readText(token);
    case 'td_close':
      return ', ';
    case 'tr_close':
    case 'paragraph_close':
      return '. ';
    default:
      return '';
  }
}

/** The text of a line of Markdown, without its markup. */
export function readText(inline: Token | undefined): string {
  return (inline?.children ?? [])
    .map(({ type, content }) =>
      /break$/.test(type) ? ' ' : type === 'image' || type === 'html_inline' ? '' : content,
    )
    .join('')
    .trim();
}

/** Ends that were put after a sentence that has its own are taken off. */
function tidy(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/(?:, )+\. /g, '. ')
    .replace(/([.:!?…])\. /g, '$1 ')
    .replace(/(?:, )+(?=, )/g, '')
    .trim();
}
