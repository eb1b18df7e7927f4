/** The site's one script. Without it all pages can be read; the search, copying and the mark in "On this page" need it. */
import type { RerankSearch } from 'rerank-results/search';
import type { Candidate } from 'rerank-results/sources';

/** Loads the product, and gives it the site's own sections to search. The list and the model come with the first query. */
async function startSearch(): Promise<void> {
  const field = document.querySelector<RerankSearch>('rerank-search');
  if (!field) return;
  // Touch screens seldom have keys.
  if (matchMedia('(hover: hover)').matches) {
    field.setAttribute('placeholder', 'Ask or search (press /)');
  }
  const root = new URL('.', import.meta.url);
  const { href } = new URL('rerank/rerank-results.js', root);
  const { searchStaticIndex } = (await import(href)) as typeof import('rerank-results/sources');
  const find = searchStaticIndex(new URL('search.json', root).href);
  field.search = async (query, options) => {
    const sections = (await find(query, options)) as readonly Candidate[];
    // Their addresses are relative to the site, not to the page that is open.
    return sections.map((section) => ({
      ...section,
      url: new URL(section.url ?? '', root).href,
    }));
  };
}

/** Puts a button on each block of code. Screen readers hear what a press did, without its button being read again. */
function addCopyButtons(): void {
  const heard = document.createElement('p');
  heard.className = 'unseen';
  heard.setAttribute('role', 'status');
  document.body.append(heard);
  for (const block of document.querySelectorAll<HTMLElement>('.code')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = 'Copy';
    button.addEventListener('click', () => void copyCode(block, button, heard));
    block.append(button);
  }
}

async function copyCode(
  block: HTMLElement,
  button: HTMLButtonElement,
  heard: HTMLElement,
): Promise<void> {
  const code = block.querySelector('code')?.textContent ?? '';
  try {
    await navigator.clipboard.writeText(code);
    button.textContent = 'Copied';
  } catch {
    button.textContent = 'Not allowed';
  }
  heard.textContent = button.textContent;
  setTimeout(() => {
    button.textContent = 'Copy';
    // The same words are heard again only if they come anew.
    heard.textContent = '';
  }, 2000);
}

/** What is wider than its place is scrolled with the arrow keys too, once it takes the focus. */
function letKeyboardScroll(): void {
  for (const box of document.querySelectorAll<HTMLElement>('.table, .code pre')) {
    const isWide = box.scrollWidth > box.clientWidth;
    if (isWide) {
      box.tabIndex = 0;
      box.setAttribute('role', 'group');
      box.setAttribute('aria-label', box.matches('.table') ? 'Table' : 'Code');
    } else {
      for (const name of ['tabindex', 'role', 'aria-label']) box.removeAttribute(name);
    }
  }
}

/** Marks the section that is read in "On this page". */
function followReading(): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>('.contents a')];
  const targets = links.map((link) =>
    document.getElementById(decodeURIComponent(link.hash.slice(1))),
  );
  if (links.length === 0) return;
  const mark = (): void => {
    const line = innerHeight / 4;
    const index = targets.findLastIndex(
      (target) => (target?.getBoundingClientRect().top ?? 0) < line,
    );
    for (const [place, link] of links.entries()) {
      if (place === index) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    }
  };
  let isDue = false;
  const markSoon = (): void => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      mark();
    });
  };
  addEventListener('scroll', markSoon, { passive: true });
  mark();
}

/** The sidebar begins where the open page's name is in sight. */
function showCurrentPage(): void {
  const sidebar = document.querySelector('.sidebar');
  const current = sidebar?.querySelector<HTMLElement>('[aria-current]');
  if (sidebar && current) {
    sidebar.scrollTop = Math.max(0, current.offsetTop - sidebar.clientHeight / 2);
  }
}

addCopyButtons();
letKeyboardScroll();
addEventListener('resize', letKeyboardScroll);
followReading();
showCurrentPage();
void startSearch();
