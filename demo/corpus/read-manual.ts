import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'parse5';
import type { CorpusRecord } from './corpus-record.ts';
import { attributeOf, findElement, hasClass } from './html-tree.ts';
import type { HtmlNode } from './html-tree.ts';
import { readSections } from './read-sections.ts';
import type { Section } from './read-sections.ts';
import { sectionRecords } from './section-records.ts';

/** Release notes, the index, the bibliography, title pages, and tables of bare keywords or codes. */
const SKIPPED_PAGE =
  /^(?:index|bookindex|biblio|legalnotice|release(?:-.*)?|sql-keywords-appendix|features(?:-.*)?|unsupported-features-.*)$/;

interface Page {
  readonly name: string;
  /** The page above in the manual's tree. */
  readonly parentName: string | undefined;
  readonly isPart: boolean;
  readonly root: Section;
}

/** Reads the manual's HTML pages from a folder into records, ordered by page name, then as read. */
export async function readManual(folder: string): Promise<CorpusRecord[]> {
  const names = (await readdir(folder))
    .filter((file) => file.endsWith('.html'))
    .map((file) => file.slice(0, -'.html'.length))
    .filter((name) => !SKIPPED_PAGE.test(name))
    .sort();
  const pages = new Map<string, Page>();
  for (const name of names) {
    const page = readPage(name, await readFile(join(folder, `${name}.html`), 'utf8'));
    if (page !== undefined) pages.set(name, page);
  }
  return [...pages.values()].flatMap((page) =>
    sectionRecords(page.root, page.name, pathOf(page, pages)),
  );
}

function readPage(name: string, html: string): Page | undefined {
  const document = parse(html);
  const root = readSections(document);
  if (root === undefined) return undefined;
  const isPart = findElement(document, (e) => hasClass(e, 'part')) !== undefined;
  return { name, parentName: parentPageName(document), isPart, root };
}

function parentPageName(document: HtmlNode): string | undefined {
  const link = findElement(document, (e) => attributeOf(e, 'accesskey') === 'u');
  return /^([^#]+)\.html/.exec(link === undefined ? '' : (attributeOf(link, 'href') ?? ''))?.[1];
}

/** Headings above a page, chapter first. Parts ("Server Administration") are too wide to help. */
function pathOf(page: Page, pages: ReadonlyMap<string, Page>): string[] {
  const parent = page.parentName === undefined ? undefined : pages.get(page.parentName);
  if (parent === undefined || parent.isPart) return [];
  return [...pathOf(parent, pages), parent.root.title];
}
