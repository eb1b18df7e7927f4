import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { copyFiles } from '../src/cli/copy-command.ts';
import { listModelFiles, listStandaloneFiles } from '../src/cli/site-files.ts';
import { listApiPages } from './api/api-pages.ts';
import { listElementPages } from './element-pages.ts';
import { renderPage, type Page } from './layout.ts';
import { readImageSize } from './image-size.ts';
import { findBrokenLinks, resolveLink, toImagePath, toOrigin, toRelative } from './links.ts';
import { renderMarkdown, type MarkdownOptions } from './markdown.ts';
import type { Section } from './read-sections.ts';
import { GROUPS, listFilePages, type PageSource } from './site-map.ts';

/** What of `package.json` the site says. */
interface PackageFacts {
  readonly name: string;
  readonly version: string;
  readonly repository?: string | { readonly url: string };
}

/** An entry of the search: a section of a page. */
interface SearchEntry {
  readonly title: string;
  readonly text: string;
  readonly url: string;
}

/** Longest description of a page, in characters: more is cut by search engines. */
const DESCRIPTION_LENGTH = 155;

/**
 * Writes the whole site: pages, the list that its search reads, the product that searches, and a model.
 *
 * @param folder Emptied first.
 * @throws Error that lists every link that leads nowhere.
 */
export async function buildSite(
  folder: string,
): Promise<{ readonly pageCount: number; readonly sectionCount: number }> {
  const facts = JSON.parse(readFileSync('package.json', 'utf8')) as PackageFacts;
  const api = await listApiPages();
  const sources = sortByGroup([...listFilePages(), ...listElementPages(), ...api.pages]);
  const images = new Set<string>();
  const rendered = sources.map((source) => {
    const names = new Map(
      [...api.places].map(([name, place]) => [name, toRelative(source.path, place)]),
    );
    const context = {
      sources,
      repository: readRepository(facts),
      useImage: (path: string) => images.add(path),
    };
    const options: MarkdownOptions = {
      names,
      resolveLink: (href) => resolveLink(href, source, context),
      measureImage: (href) => readImageSize(toOrigin(href, source)),
    };
    return { source, ...render(source, options) };
  });
  const pages = rendered.map(({ page }) => page);
  const entries = rendered.flatMap(({ source, sections }) =>
    sections.map((section) => toEntry(section, source)),
  );

  rmSync(folder, { recursive: true, force: true });
  const write = (path: string, text: string): void => {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  };
  const { name, version } = facts;
  const documents = pages.map((page) => ({
    path: page.path,
    html: renderPage(page, { name, version, pages }),
  }));
  for (const { path, html } of documents) write(path, html);
  write('search.json', JSON.stringify(entries));
  write('site.js', compileClient());
  for (const file of ['site.css', 'icon.svg']) cpSync(`docs-site/${file}`, join(folder, file));
  for (const image of images) cpSync(image, join(folder, toImagePath(image)));
  copyFiles(folder, [...listModelFiles([]), ...listStandaloneFiles()]);

  const files = ['site.css', 'site.js', 'icon.svg', ...[...images].map(toImagePath)];
  const broken = findBrokenLinks(documents, new Set(files));
  if (broken.length > 0) throw new Error(`Links that lead nowhere:\n${broken.join('\n')}`);
  return { pageCount: pages.length, sectionCount: entries.length };
}

function render(
  source: PageSource,
  options: MarkdownOptions,
): { readonly page: Page; readonly sections: readonly Section[] } {
  const { path, group, label, markdown } = source;
  const { html, headings, sections } = renderMarkdown(markdown, options);
  const title = headings[0]?.text ?? path;
  const description = cutAtWord(sections.find(({ text }) => text !== '')?.text ?? title);
  return {
    page: { path, title, label: label ?? title, group, description, html, headings },
    sections,
  };
}

function toEntry({ id, path, text }: Section, source: PageSource): SearchEntry {
  const [pageTitle = '', ...headings] = path;
  const isTop = headings.length === 0;
  return {
    title: [source.label ?? pageTitle, ...headings].join(' › '),
    text: isTop ? `${pageTitle}. ${text}` : text,
    url: isTop ? source.path : `${source.path}#${id}`,
  };
}

function sortByGroup(sources: readonly PageSource[]): PageSource[] {
  return GROUPS.flatMap((group) => sources.filter((source) => source.group === group));
}

/** Where the repository's files are read, in the way that GitHub, GitLab and Gitea have in common. */
function readRepository({ repository }: PackageFacts): string | undefined {
  const url = typeof repository === 'string' ? repository : repository?.url;
  return url === undefined
    ? undefined
    : `${url.replace(/^git\+/, '').replace(/\.git$/, '')}/blob/main`;
}

/** Its types are taken off; all that it imports, it imports when it runs. */
function compileClient(): string {
  return ts.transpileModule(readFileSync('docs-site/client.ts', 'utf8'), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  }).outputText;
}

function cutAtWord(text: string): string {
  if (text.length <= DESCRIPTION_LENGTH) return text;
  return `${text.slice(0, text.lastIndexOf(' ', DESCRIPTION_LENGTH))} …`;
}
