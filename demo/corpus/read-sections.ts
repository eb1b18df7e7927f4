import {
  attributeOf,
  childrenOf,
  classesOf,
  findElement,
  hasClass,
  isElement,
} from './html-tree.ts';
import type { HtmlElement, HtmlNode } from './html-tree.ts';
import { codeText, lineText, normalizeSpace, rawText, stripHeadingNumber } from './plain-text.ts';

/** A section of one page, as its author nested it. */
export interface Section {
  readonly anchor: string;
  /** The heading without its number, preceded by the page's name on reference pages. */
  readonly title: string;
  /** The heading alone, for use where the page is known. */
  readonly heading: string;
  /** Paragraphs, listings, list items and table rows that belong to no subsection. */
  readonly blocks: string[];
  readonly children: Section[];
}

const SECTION_CLASS =
  /^(?:preface|part|reference|chapter|appendix|glossary|sect\d|simplesect|refentry|refsect\d)$/;
const SKIPPED_CLASS = /^(?:navheader|navfooter|toc|titlepage|footnotes|indexterm)$/;
const ADMONITION_CLASS = /^(?:note|tip|caution|warning|important)$/;
/** Sections that name people or other pages and answer nothing. */
const SKIPPED_HEADING = /^(?:Authors?|See Also)$/;
const HEADING_TAG = /^h[1-6]$/;
const BLOCK_TAG = /^(?:p|pre|div|ul|ol|li|dl|dt|dd|table|blockquote|h[1-6]|hr)$/;

/**
 * Reads the section tree of one page of the manual, or undefined where the page has none.
 * An entry of a variable list that has its own anchor (a configuration parameter, a connection
 * keyword, a glossary term) becomes a section of its own.
 */
export function readSections(page: HtmlNode): Section | undefined {
  const top = findElement(page, isSection);
  return top === undefined ? undefined : readSection(top, '');
}

function isSection(element: HtmlElement): boolean {
  return classesOf(element).some((name) => SECTION_CLASS.test(name));
}

function readSection(element: HtmlElement, pageName: string): Section {
  const isEntry = hasClass(element, 'refentry');
  const heading = readHeading(element);
  // "Notes" or "Examples" alone would not say what of, so a reference page's sections carry its name.
  const title = isEntry || pageName === '' ? heading : `${pageName}: ${heading}`;
  const anchor = attributeOf(element, 'id') ?? '';
  const section: Section = { anchor, title, heading, blocks: [], children: [] };
  readBlocks(element, section, isEntry ? heading : pageName);
  return section;
}

function readHeading(element: HtmlElement): string {
  const titlePage = childrenOf(element).find((c) => isElement(c) && hasClass(c, 'titlepage'));
  const heading =
    (titlePage === undefined ? undefined : findElement(titlePage, (e) => hasClass(e, 'title'))) ??
    findElement(element, (e) => HEADING_TAG.test(e.tagName));
  return heading === undefined ? '' : stripHeadingNumber(lineText(heading));
}

/** Adds the blocks below `parent` to `section`, and its subsections to the section's children. */
function readBlocks(parent: HtmlNode, section: Section, pageName: string): void {
  let line = '';
  const endLine = (): void => {
    addBlock(section, normalizeSpace(line));
    line = '';
  };
  for (const child of childrenOf(parent)) {
    if (!isElement(child) || !BLOCK_TAG.test(child.tagName)) {
      line += rawText(child);
      continue;
    }
    endLine();
    readBlock(child, section, pageName);
  }
  endLine();
}

function readBlock(element: HtmlElement, section: Section, pageName: string): void {
  if (classesOf(element).some((name) => SKIPPED_CLASS.test(name))) return;
  if (isSection(element)) {
    const child = readSection(element, pageName);
    if (!SKIPPED_HEADING.test(child.heading)) section.children.push(child);
    return;
  }
  if (classesOf(element).some((name) => ADMONITION_CLASS.test(name))) {
    const start = section.blocks.length;
    readBlocks(element, section, pageName);
    prefixBlock(section, start, `${readHeading(element)}: `);
    return;
  }
  // Section titles were read already, and those of notes stand before their text.
  if (HEADING_TAG.test(element.tagName)) return;
  switch (element.tagName) {
    case 'pre':
      addBlock(section, codeText(element));
      return;
    case 'table':
      readTable(element, section);
      return;
    case 'dl':
      readEntries(element, section, pageName);
      return;
    case 'ul':
    case 'ol':
      readItems(element, section, pageName);
      return;
    default:
      if (hasClass(element, 'title')) addBlock(section, stripHeadingNumber(lineText(element)));
      else readBlocks(element, section, pageName);
  }
}

function readItems(list: HtmlElement, section: Section, pageName: string): void {
  for (const item of childrenOf(list).filter(isElement)) {
    const start = section.blocks.length;
    readBlocks(item, section, pageName);
    prefixBlock(section, start, '- ');
  }
}

function readEntries(list: HtmlElement, section: Section, pageName: string): void {
  let term = '';
  let anchor: string | undefined;
  for (const child of childrenOf(list).filter(isElement)) {
    if (child.tagName === 'dt') {
      term = term === '' ? lineText(child) : `${term}, ${lineText(child)}`;
      anchor ??= attributeOf(child, 'id');
      continue;
    }
    if (anchor !== undefined) {
      const title = pageName === '' ? term : `${pageName}: ${term}`;
      const entry: Section = { anchor, title, heading: term, blocks: [], children: [] };
      readBlocks(child, entry, pageName);
      section.children.push(entry);
    } else {
      const start = section.blocks.length;
      readBlocks(child, section, pageName);
      if (section.blocks.length === start) addBlock(section, term);
      else prefixBlock(section, start, `${term}: `);
    }
    term = '';
    anchor = undefined;
  }
}

function readTable(table: HtmlElement, section: Section): void {
  for (const child of childrenOf(table).filter(isElement)) {
    if (child.tagName === 'thead' || child.tagName === 'tbody' || child.tagName === 'tfoot') {
      readTable(child, section);
    } else if (child.tagName === 'tr') {
      const cells = childrenOf(child).filter(isElement);
      const [only] = cells;
      // A one-column table stacks signature, description and example; its head says only that.
      if (cells.length === 1 && only !== undefined) {
        if (only.tagName === 'td') addBlock(section, stackedText(only));
      } else {
        addBlock(section, cells.map(lineText).join(' | '));
      }
    }
  }
}

function stackedText(cell: HtmlElement): string {
  const lines: Section = { anchor: '', title: '', heading: '', blocks: [], children: [] };
  readBlocks(cell, lines, '');
  return lines.blocks.join('\n');
}

function prefixBlock(section: Section, index: number, prefix: string): void {
  const block = section.blocks[index];
  if (block !== undefined) section.blocks[index] = prefix + block;
}

function addBlock(section: Section, text: string): void {
  if (text !== '' && text !== '|') section.blocks.push(text);
}
