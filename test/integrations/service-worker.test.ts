import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveFolders, type LocalServer } from '../../src/cli/eval/chromium/serve-folders.ts';
import { collectPageErrors, launchBrowser } from '../browser-e2e/demo-page.ts';
import { documents, query } from './tiny-reranker.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** The site's service worker. */
const WORKER = `
import { answerInPage } from '/dist/service-worker.js';
addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('fetch', (event) => {
  answerInPage(event, { findTimeoutMs: 1000 }) || answerInPage(event, { path: '/short/', timeoutMs: 100 });
});
`;

/** A page of the site. With \`?serve\` it has a model, and answers requests. */
const PAGE = `<!doctype html>
<meta charset="utf-8">
<title>site</title>
<link rel="icon" href="data:,">
<script type="importmap">{ "imports": { "comlink": "/comlink/comlink.mjs" } }</script>
<rerank-results prior-weight="0"></rerank-results>
<script type="module">
  import '/dist/rerank-results.js';
  import { createReranker } from '/dist/index.js';
  import { createRerankHandler, serveReranker } from '/dist/http.js';
  import { createFallbackReranker, createHostedReranker, createLanguageModelReranker } from '/dist/rerankers.js';
  const controlled = new Promise((resolve) => {
    if (navigator.serviceWorker.controller) resolve();
    navigator.serviceWorker.addEventListener('controllerchange', resolve);
  });
  await navigator.serviceWorker.register('/sw.js', { type: 'module' });
  await controlled;
  const local = location.search === '?serve' && await createReranker({ model: 'tiny-bert', device: 'wasm' });
  const stop = local && serveReranker(createRerankHandler(local));
  window.site = { local, stop, serveReranker, createFallbackReranker, createHostedReranker, createLanguageModelReranker };
</script>
`;

/** What the page has on its window, as far as the test uses it. */
declare const site: {
  readonly local: import('../../src/shared/types.ts').Reranker;
  readonly stop: () => void;
  readonly serveReranker: typeof import('../../src/integrations/http-handler.ts').serveReranker;
  readonly createHostedReranker: typeof import('../../src/rerankers/index.ts').createHostedReranker;
  readonly createFallbackReranker: typeof import('../../src/rerankers/index.ts').createFallbackReranker;
  readonly createLanguageModelReranker: typeof import('../../src/rerankers/index.ts').createLanguageModelReranker;
};

interface Fetched {
  readonly status: number;
  readonly body: unknown;
}

const fetchIn = (page: Page, url: string, body: object): Promise<Fetched> =>
  page.evaluate(
    async ([address, sent]) => {
      const response = await fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(sent),
      });
      return { status: response.status, body: (await response.json()) as unknown };
    },
    [url, body] as const,
  );

describe('a service worker of the site', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rerank-results-sw-'));
  let server: LocalServer;
  let browser: Browser;
  let context: BrowserContext;
  let serving: Page;
  let other: Page;
  let errors: readonly string[];

  const openPage = async (search: string): Promise<Page> => {
    const page = await context.newPage();
    if (search === '?serve') errors = collectPageErrors(page);
    await page.goto(server.url + search);
    await page.waitForFunction(() => 'site' in window);
    return page;
  };

  beforeAll(async () => {
    writeFileSync(join(folder, 'sw.js'), WORKER);
    server = await serveFolders({
      page: PAGE,
      headers: {},
      folders: {
        '/dist/': path('../../dist'),
        '/models/': path('../models'),
        '/comlink/': path('../../node_modules/comlink/dist/esm'),
        '/': folder,
      },
    });
    browser = await launchBrowser();
    context = await browser.newContext();
    serving = await openPage('?serve');
    other = await openPage('');
  });

  afterAll(async () => {
    await browser.close();
    await server[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  it('answers a page’s request with the scores of the model in it', async () => {
    const expected = await serving.evaluate(
      async (request) => {
        const { results } = await site.local.rerank(request);
        return results.map(({ index, relevanceScore }) => ({
          index,
          relevance_score: relevanceScore,
        }));
      },
      { query, documents },
    );
    const answer = await fetchIn(serving, '/rerank/v2/rerank', { model: 'any', query, documents });
    expect(answer).toMatchObject({ status: 200, body: { results: expected } });
    expect(expected).toHaveLength(documents.length);
  });

  it('answers a page without a model from the one that has it', async () => {
    const answer = await fetchIn(other, '/rerank/rerank', { query, texts: documents });
    expect(answer.status).toBe(200);
    expect(answer.body).toHaveLength(documents.length);
    const wrong = await fetchIn(other, '/rerank/v1/rerank', { documents });
    expect(wrong).toMatchObject({ status: 422, body: { detail: expect.any(String) as string } });
  });

  it('leaves other requests alone', async () => {
    const status = await other.evaluate(
      async () => (await fetch('/models/tiny-bert/manifest.json')).status,
    );
    expect(status).toBe(200);
    expect((await fetchIn(other, '/else/v2/rerank', {}).catch(() => undefined))?.status).not.toBe(
      200,
    );
  });

  it('serves the element through a hosted reranker, all in the browser', async () => {
    const shown = await serving.evaluate(
      async (request) => {
        const element = document.querySelector('rerank-results');
        if (!element) throw new Error('The page has no element.');
        const ended = new Promise<Event>((resolve, reject) => {
          element.addEventListener('rerank-complete', resolve);
          element.addEventListener('rerank-error', (event) =>
            reject((event as CustomEvent<{ error: Error }>).detail.error),
          );
        });
        Object.assign(element, {
          reranker: site.createHostedReranker({ api: 'cohere', url: '/rerank/v2/rerank' }),
          search: () => request.documents.map((text) => ({ title: text, url: '/' })),
          query: request.query,
        });
        await ended;
        const { results } = await site.local.rerank({
          query: request.query,
          documents: request.documents.map((title) => ({ title })),
        });
        const links = [...(element.shadowRoot?.querySelectorAll('[part="link"]') ?? [])];
        return {
          titles: links.map((link) => link.textContent.trim()),
          expected: results.map(({ index }) => request.documents[index]),
        };
      },
      { query, documents },
    );
    expect(shown.titles).toEqual(shown.expected);
    expect(shown.titles).not.toEqual(documents);
    expect(errors).toEqual([]);
  });

  it('is the next choice where the browser has no language model', async () => {
    const seen = await other.evaluate(
      async (request) => {
        const notices: string[] = [];
        const reranker = await site.createFallbackReranker(
          [
            () => site.createLanguageModelReranker(),
            () => site.createHostedReranker({ api: 'voyage', url: '/rerank/voyage/v1/rerank' }),
          ],
          { onFallback: ({ error }) => notices.push((error as { code: string }).code) },
        );
        const { model, complete } = await reranker.rerank(request);
        return { notices, engine: model.engine, complete };
      },
      { query, documents },
    );
    expect(seen).toEqual({ notices: ['backend-unavailable'], engine: 'service', complete: true });
  });

  it('refuses, in the service’s form, where no open page has a model', async () => {
    await serving.evaluate(() => site.stop());
    const answer = await fetchIn(other, '/rerank/v2/rerank', { query, documents });
    expect(answer).toMatchObject({
      status: 503,
      body: { message: expect.stringContaining('serveReranker') as string },
    });
  });

  it('answers for a page whose handler rejects', async () => {
    const stop = await other.evaluateHandle(() =>
      site.serveReranker(() => Promise.reject(new Error('secret'))),
    );
    const answer = await fetchIn(other, '/rerank/v2/rerank', { query, documents });
    await stop.evaluate((end) => end());
    expect(answer).toEqual({ status: 500, body: { message: 'The reranker failed.' } });
  });

  it('has a page that took too long stop its work', async () => {
    const aborted = await other.evaluateHandle(() => {
      const isAborted = new Promise<boolean>((resolve) => {
        site.serveReranker(({ signal }) => {
          signal.addEventListener('abort', () => resolve(true));
          return new Promise(() => undefined);
        });
      });
      return { isAborted };
    });
    const answer = await fetchIn(other, '/short/v2/rerank', { query, documents });
    expect(answer.status).toBe(503);
    expect(await aborted.evaluate(({ isAborted }) => isAborted)).toBe(true);
  });
});
