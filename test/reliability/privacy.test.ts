import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { query, rerankedOrder, searchOrder } from '../golden-search.ts';
import { launchChromium, openChromiumPage, readPage, waitForEvent } from './browsers.ts';
import { addElementScript, startFaultySite, type FaultySite } from './faulty-site.ts';

let chromium: Awaited<ReturnType<typeof launchChromium>>;
beforeAll(async () => {
  chromium = await launchChromium();
});
afterAll(() => chromium[Symbol.asyncDispose]());

/** A model that only onnxruntime and transformers.js run. */
const bert = { model: 'tiny-bert', dtype: 'fp32' };
/** The default model. */
const splitModel = { model: 'minilm-l6-split', modelBase: '/shipped-models/', engine: 'kernels' };

/** Words that are nowhere but in queries and documents. */
const secrets = ['Geheimnis', 'Xylophonsammlung'];
const secretQuery = `where is the ${secrets[0]}`;
const secretDocument = `It lies under the ${secrets[1]} of the library.`;

/** Everything that the browser has stored for the site, as one text. */
function readStorage(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const parts = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie];
    parts.push(JSON.stringify(await indexedDB.databases()));
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        parts.push(request.url);
        const kept = await cache.match(request);
        if (/manifest|faster-device/.test(request.url)) parts.push((await kept?.text()) ?? '');
      }
    }
    return parts.join('\n');
  });
}

describe('after the model is loaded', () => {
  test.for([
    ['the kernels', splitModel],
    ['onnxruntime', { ...bert, engine: 'onnxruntime' }],
    ['WebGPU', { ...bert, device: 'webgpu' }],
  ] as const)('reranking with %s asks for nothing, and stores nothing', async ([, settings]) => {
    await using site = await startFaultySite({
      script: `${addElementScript(settings)}
document.body.append(document.createElement('rerank-search'));`,
    });
    await using opened = await chromium.visit(site.url);
    const { page } = opened;
    await waitForEvent(opened, 'rerank-complete');
    const stored = await readStorage(page);
    const before = site.requests.length;
    const asked: string[] = [];
    page.context().on('request', (request) => asked.push(request.url()));
    for (const suffix of ['', ' now', ' please']) {
      await page.evaluate(
        async ([words, text]) => {
          const element = document.querySelector('rerank-results');
          if (!element) throw new Error('No element.');
          element.search = () => [
            { title: 'First', text, url: '#first' },
            { title: 'Second', text: 'A harbour.', url: '#second' },
          ];
          element.query = words;
          await element.updateComplete;
          await element.refresh();
        },
        [secretQuery + suffix, secretDocument + suffix] as const,
      );
    }
    const view = await readPage(opened);
    expect(view.titles).toHaveLength(2);
    expect(view.events.filter((name) => name === 'rerank-complete').length).toBeGreaterThan(1);
    expect(asked).toEqual([]);
    expect(site.requests.slice(before)).toEqual([]);
    expect(await readStorage(page)).toBe(stored);
    for (const secret of secrets) expect(stored).not.toContain(secret);
  });
});

/** Nothing is allowed but what the library needs, and scripts take no plain text as code. */
const strict = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "require-trusted-types-for 'script'",
  'trusted-types rerank-results lit-html',
].join('; ');

const isolation = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

describe('under a strict policy with Trusted Types', () => {
  test.for([
    ['the kernels, in several workers', splitModel, {}],
    ['onnxruntime', { ...bert, engine: 'onnxruntime' }, {}],
    ['the threads of onnxruntime', { ...bert, engine: 'onnxruntime' }, isolation],
    ['WebGPU', { ...bert, device: 'webgpu' }, {}],
    ['transformers.js', { ...bert, engine: 'transformers' }, {}],
  ] as const)('the elements work with %s', async ([, settings, headers]) => {
    await using site = await startFaultySite({
      policy: strict,
      headers: () => headers,
      script: `${addElementScript(settings)}
const search = document.createElement('rerank-search');
search.search = element.search;
document.body.append(search, document.createElement('rerank-log'));`,
    });
    await using opened = await openChromiumPage(chromium.context, site.url);
    const view = await waitForEvent(opened, /rerank-(complete|error)/);
    expect(view).toMatchObject({ messages: [], uncaught: [] });
    expect(view.titles[0]).toBe(rerankedOrder[0]);
    expect(site.violations).toEqual([]);
    await expectStyled(site, opened.page);
  });

  test('a policy without the name of ours leaves the search’s order, and says why', async () => {
    await using site = await startFaultySite({
      policy: strict.replace('trusted-types rerank-results', 'trusted-types'),
    });
    await using opened = await openChromiumPage(chromium.context, site.url);
    const view = await waitForEvent(opened, 'rerank-error worker-failed');
    expect(view).toMatchObject({ uncaught: [], titles: searchOrder });
    expect(view.messages).toEqual([
      expect.stringMatching(/TrustedScriptURL.*Add rerank-results to trusted-types/),
    ]);
  });
});

/** The elements' own styles are there: a policy without `style-src` lets no style element or attribute through. */
async function expectStyled(site: FaultySite, page: Page): Promise<void> {
  const listStyle = await page
    .locator('rerank-results ol')
    .evaluate((list) => getComputedStyle(list).listStyleType);
  expect(listStyle, site.url).toBe('none');
}

test('the query is in no request but the search’s own', async () => {
  await using site = await startFaultySite({
    script: addElementScript({ query: '' })
      .replace('element.search =', 'element.unused =')
      .concat(
        `\nelement.endpoint = '/found.json?q={query}'; element.query = ${JSON.stringify(query)};`,
      ),
  });
  site.break(/^\/found\.json/, (response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(
      JSON.stringify([
        { title: 'One', text: 'first' },
        { title: 'Two', text: 'second' },
      ]),
    );
  });
  await using opened = await chromium.visit(site.url);
  await waitForEvent(opened, 'rerank-complete');
  const withQuery = site.requests.filter((path) => path.includes('slow'));
  expect(withQuery).toEqual([`/found.json?q=${encodeURIComponent(query)}`]);
});
