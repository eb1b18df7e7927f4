import type { CorpusRecord } from './corpus-record.ts';
import { countWords } from './plain-text.ts';
import type { Section } from './read-sections.ts';
import { splitText } from './split-text.ts';

/** Longest text of one record, in words between white space. Longer sections are split. */
export const MAX_WORDS = 220;
/** A section with fewer words joins its parent. */
export const MIN_WORDS = 15;

/** Where the manual is published; a page's name and an anchor follow. */
const SITE = 'https://www.postgresql.org/docs/15/';

/**
 * Turns one page's section tree into records, in reading order.
 * @param pageName file name of the page without `.html`
 * @param path headings above the page, chapter first
 */
export function sectionRecords(
  root: Section,
  pageName: string,
  path: readonly string[],
): CorpusRecord[] {
  const merged = mergeTiny(root);
  const [firstChild, ...others] = merged.children;
  const isTiny = countWords(merged.blocks.join(' ')) < MIN_WORDS;
  if (!isTiny || firstChild === undefined) return recordsOf(merged, pageName, path);
  // A page's opening line has no parent on its page: it leads its first subsection instead.
  const led = { ...firstChild, blocks: [...merged.blocks, ...firstChild.blocks] };
  return recordsOf({ ...merged, blocks: [], children: [led, ...others] }, pageName, path);
}

function mergeTiny(section: Section): Section {
  const blocks = [...section.blocks];
  const children: Section[] = [];
  for (const child of section.children.map(mergeTiny)) {
    const isTiny = countWords(child.blocks.join(' ')) < MIN_WORDS;
    const [first, ...rest] = child.blocks;
    if (isTiny && first !== undefined) blocks.push(`${child.heading}: ${first}`, ...rest);
    if (!isTiny || child.children.length > 0) {
      children.push(isTiny ? { ...child, blocks: [] } : child);
    }
  }
  return { ...section, blocks, children };
}

function recordsOf(section: Section, pageName: string, path: readonly string[]): CorpusRecord[] {
  const anchor = section.anchor === '' ? '' : `#${section.anchor}`;
  const own = splitText(section.blocks, MAX_WORDS, MIN_WORDS).map((text, index) => ({
    id: `${pageName}${anchor}${index === 0 ? '' : `~${index + 1}`}`,
    title: section.title,
    text,
    url: `${SITE}${pageName}.html${anchor}`,
    path,
  }));
  const below = [...path, section.heading];
  return [...own, ...section.children.flatMap((child) => recordsOf(child, pageName, below))];
}
