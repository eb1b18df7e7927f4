import { escapeHtml } from './escape-html.ts';
import { toRelative } from './links.ts';
import type { Heading } from './markdown.ts';
import { GROUPS } from './site-map.ts';

/** A rendered page. */
export interface Page {
  readonly path: string;
  readonly title: string;
  readonly label: string;
  readonly group: string;
  /** One or two sentences of it, for search engines. */
  readonly description: string;
  /** The HTML of its text. */
  readonly html: string;
  readonly headings: readonly Heading[];
}

/** What all pages share. */
export interface SiteSettings {
  readonly name: string;
  readonly version: string;
  /** All pages, in the sidebar's order. */
  readonly pages: readonly Page[];
}

/** Groups that are long and seldom wanted: closed, except around the page that is open. */
const CLOSED_GROUPS: ReadonlySet<string> = new Set(['API', 'Decisions', 'Project']);

/** Headings in the list "On this page". */
const LISTED_LEVELS: readonly number[] = [2, 3];

/** A whole page. Every link is relative, and nothing in it needs a script but the search. */
export function renderPage(page: Page, site: SiteSettings): string {
  const to = (path: string): string => toRelative(page.path, path);
  const isStart = page.path === 'index.html';
  const title = isStart ? `${site.name}: documentation` : `${page.title} · ${site.name}`;
  const sidebar = renderSidebar(page, site.pages);
  const contents = renderContents(page.headings);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<meta name="description" content="${escapeHtml(page.description)}">
<link rel="icon" href="${to('icon.svg')}" type="image/svg+xml">
<link rel="stylesheet" href="${to('site.css')}">
<script type="module" src="${to('site.js')}"></script>
</head>
<body>
<a class="skip" href="#content">Skip to the text</a>
<header class="top">
<a class="brand" href="${to('index.html')}"><img src="${to('icon.svg')}" alt="" width="24" height="24">${escapeHtml(site.name)}</a>
<span class="version">${escapeHtml(site.version)}</span>
<search>
<rerank-search label="Search the documentation" placeholder="Ask or search" shortcut="/ Ctrl+K Meta+K" model-base="${to('models/')}" device="wasm" long-documents="best-passage" top-n="8"></rerank-search>
<noscript><p>The search needs JavaScript. The pages do not.</p></noscript>
</search>
</header>
<nav class="menu" aria-label="Pages"><details><summary>All pages</summary>${sidebar}</details></nav>
<div class="columns">
<nav class="sidebar" aria-label="Pages">${sidebar}</nav>
<main id="content" tabindex="-1">
${contents && `<details class="contents-above"><summary>On this page</summary>${contents}</details>`}
<article>
${page.html}</article>
${renderNeighbours(page, site.pages)}
</main>
${contents && `<nav class="contents" aria-label="On this page"><h2>On this page</h2>${contents}</nav>`}
</div>
</body>
</html>
`;
}

function renderSidebar(current: Page, pages: readonly Page[]): string {
  return GROUPS.map((group) => {
    const members = pages.filter((page) => page.group === group);
    if (members.length === 0) return '';
    const isOpen = group === current.group || !CLOSED_GROUPS.has(group);
    const items = members.map((page) => {
      const mark = page === current ? ' aria-current="page"' : '';
      return `<li><a href="${toRelative(current.path, page.path)}"${mark}>${escapeHtml(page.label)}</a></li>`;
    });
    return `<details${isOpen ? ' open' : ''}><summary>${escapeHtml(group)}</summary><ul>${items.join('')}</ul></details>`;
  }).join('');
}

function renderContents(headings: readonly Heading[]): string {
  const listed = headings.filter(({ level }) => LISTED_LEVELS.includes(level));
  if (listed.length < 2) return '';
  const items = listed.map(
    ({ level, id, text }) =>
      `<li class="level-${level}"><a href="#${escapeHtml(id)}">${escapeHtml(text)}</a></li>`,
  );
  return `<ul>${items.join('')}</ul>`;
}

function renderNeighbours(current: Page, pages: readonly Page[]): string {
  const index = pages.indexOf(current);
  const link = (page: Page | undefined, kind: string, word: string): string =>
    page
      ? `<a class="${kind}" href="${toRelative(current.path, page.path)}"><span>${word}</span> ${escapeHtml(page.label)}</a>`
      : '';
  return `<nav class="neighbours" aria-label="Previous and next page">${link(pages[index - 1], 'previous', 'Previous')}${link(pages[index + 1], 'next', 'Next')}</nav>`;
}
