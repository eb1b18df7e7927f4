import type { Browser, BrowserContext } from 'playwright';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { readCodeBlocks } from '../docs-site/code-blocks.ts';
import { startStaticServer, type StaticServer } from '../package/static-server.ts';
import { visitPage, type Visit } from '../package/visit-page.ts';
import { launchBrowser } from './demo-page.ts';

/** What the searches of these pages find, and a query for it. */
export const candidates = JSON.parse(
  readCodeBlocks('private-search', 'json')[0] ?? '',
) as readonly object[];
export const QUERY = 'I forgot the password of my account on this laptop';
export const BEST_TITLE = 'Recovery phrase';

/** The names that the guides import, for pages without a bundler. */
const importMap = JSON.stringify({
  imports: {
    ...Object.fromEntries(
      ['', '/element', '/search', '/log', '/sources', '/locales/de'].map((subpath) => [
        `rerank-results${subpath}`,
        '/rerank/rerank-results.js',
      ]),
    ),
    'rerank-results/rerankers': '/rerank/rerankers.js',
    minisearch: '/minisearch/dist/es/index.js',
  },
});

/** A site that has the library, the models and a search, and whose start page is what a test says. */
export interface GuidePages extends AsyncDisposable {
  readonly server: StaticServer;
  readonly browser: Browser;
  /** One reader, who has the model after the first page. */
  readonly context: BrowserContext;
  /** Opens a page of a guide's HTML and modules; each module has its own names, as a file has. */
  open(html: string, modules?: readonly string[], lang?: string): Promise<Visit>;
  /** Closes the pages that were opened since the last call, and says what was wrong in them. */
  close(): Promise<readonly string[]>;
}

/**
 * Opens such a site for the tests of a file. Nothing may have been wrong in the pages that a test opened.
 *
 * @param onOpen Gets the site before the first test.
 */
export function useGuidePages(onOpen: (pages: GuidePages) => unknown): void {
  let pages: GuidePages;
  beforeAll(async () => {
    pages = await openGuidePages();
    await onOpen(pages);
  });
  afterAll(() => pages[Symbol.asyncDispose]());
  afterEach(async () => {
    expect(await pages.close()).toEqual([]);
  });
}

/** Starts a browser, and such a site for it. */
async function openGuidePages(): Promise<GuidePages> {
  let page = '';
  const server = await startStaticServer({
    folders: {
      '/rerank/': 'dist',
      '/models/': 'public/models',
      '/minisearch/': 'node_modules/minisearch',
    },
    answer: ({ url = '' }, response) => {
      const path = new URL(url, 'http://localhost').pathname;
      if (path === '/' || path === '/search')
        response.setHeader('content-type', 'text/html').end(page);
      else if (path === '/favicon.ico') response.writeHead(204).end();
      else if (['/api/search', '/search.json', '/vectors'].includes(path)) {
        response.setHeader('content-type', 'application/json').end(JSON.stringify(candidates));
      } else if (path === '/api/rerank') {
        const results = candidates.map((_, index) => ({ index, relevance_score: index / 10 }));
        response.setHeader('content-type', 'application/json').end(JSON.stringify({ results }));
      } else return false;
      return true;
    },
  });
  const browser = await launchBrowser();
  const context = await browser.newContext();
  const opened: Visit[] = [];
  return {
    server,
    browser,
    context,
    async open(html, modules = [], lang = 'en') {
      const scripts = modules.map((code) => `<script type="module">${code}</script>`);
      page = `<!doctype html><html lang="${lang}"><meta charset="utf-8"><title>T</title>
        <script type="importmap">${importMap}</script>${html}${scripts.join('')}</html>`;
      const visited = await visitPage(context, server.url);
      opened.push(visited);
      return visited;
    },
    async close() {
      const closed = opened.splice(0);
      for (const visited of closed) await visited.page.close();
      return closed.flatMap(({ errors }) => errors);
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      await server.close();
    },
  };
}
