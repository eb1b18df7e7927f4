import { describe, expect, it } from 'vitest';
import { readCodeBlocks } from '../docs-site/code-blocks.ts';
import type { Visit } from '../package/visit-page.ts';
import { BEST_TITLE, QUERY, candidates, useGuidePages, type GuidePages } from './guide-pages.ts';

let pages: GuidePages;

useGuidePages(async (opened) => {
  pages = opened;
  // Hosts that are not ours: what they would answer.
  const answerElsewhere = (pattern: string, body: object): Promise<unknown> =>
    pages.context.route(pattern, (route) =>
      route.fulfill({ json: body, headers: { 'access-control-allow-origin': '*' } }),
    );
  await answerElsewhere('https://*.algolia.net/**', { hits: candidates });
  await answerElsewhere('https://www.example.org/**', {
    hits: { hits: [{ _id: '1', _source: { headline: 'A', body: 'B', path: '/c' } }] },
  });
});

const open: GuidePages['open'] = (...page) => pages.open(...page);

/** Waits until a run ended, and gives the titles in their order. */
async function readTitles(visited: Visit): Promise<readonly string[]> {
  const { error, titles = [] } = await visited.next();
  expect(error).toBeUndefined();
  return titles;
}

/** Waits for what a module left on the page's `window.told`. */
async function readTold(visited: Visit): Promise<unknown> {
  await visited.page.waitForFunction(() => 'told' in globalThis);
  return visited.page.evaluate(() => (globalThis as unknown as { told: unknown }).told);
}

describe('the README', () => {
  const [element = '', threeWays = ''] = readCodeBlocks('../README', 'html');
  const [, reranking = '', budget = ''] = readCodeBlocks('../README', 'js');

  it('has an element that reranks what the search answers, and three ways to give it candidates', async () => {
    const visited = await open(element);
    await visited.page.locator('#search').fill(QUERY);
    expect((await readTitles(visited))[0]).toBe(BEST_TITLE);

    const index = `globalThis.myIndex = { search: async () => ${JSON.stringify(candidates)} };`;
    const input = element.slice(0, element.indexOf('<rerank-results'));
    const three = await open(`<script>${index}</script>${input}${threeWays}`);
    expect(await readTitles(three)).toHaveLength(2);
    await three.page.locator('#search').fill(QUERY);
    expect(await readTitles(three)).toHaveLength(candidates.length);
    expect(await readTitles(three)).toHaveLength(candidates.length);
  });

  it('has code that reranks without an element, and within a budget', async () => {
    const given = `const query = ${JSON.stringify(QUERY)}, documents = ${JSON.stringify(candidates)};`;
    const openOne = `import { createReranker } from 'rerank-results'; const reranker = await createReranker();`;
    const first = await open('', [`${reranking}; globalThis.told = results[0];`]);
    const best = { index: 1, rank: 1, originalRank: 2, scored: true };
    expect(await readTold(first)).toMatchObject(best);
    const inTime = await open('', [`${openOne} ${given} ${budget}; globalThis.told = outcome;`]);
    expect(await readTold(inTime)).toMatchObject({ results: { length: candidates.length } });
  });
});

describe('the guides', () => {
  it('search element: its field leads where the site says, and its form to a page of results', async () => {
    const [field = '', , form = ''] = readCodeBlocks('search-element', 'html');
    const [choose = ''] = readCodeBlocks('search-element', 'js');
    const [css = ''] = readCodeBlocks('search-element', 'css');
    const router = 'globalThis.router = { go: (url) => (globalThis.told = url) };';
    const visited = await open(`<style>${css}</style>${field}`, [`${router} ${choose}`]);
    await visited.page.locator('rerank-search input').waitFor();
    await visited.page.keyboard.press('/');
    await visited.page.keyboard.type(QUERY);
    await readTitles(visited);
    await visited.page.keyboard.press('ArrowDown');
    const active = visited.page.locator('rerank-search [part~="active"]');
    await expect
      .poll(() => active.evaluate((option) => getComputedStyle(option).backgroundColor))
      .toBe('rgb(230, 230, 250)');
    await visited.page.keyboard.press('Enter');
    expect(await readTold(visited)).toMatch(/\/recovery-phrase$/);

    const withForm = await open(form, [`import 'rerank-results/search';`]);
    await withForm.page.locator('rerank-search input').fill('disk');
    await withForm.page.keyboard.press('Enter');
    await withForm.page.waitForURL(/\/search\?q=disk$/);
  });

  it('sources: each asks as its search wants, and reads the answer', async () => {
    const [algolia = ''] = readCodeBlocks('sources', 'html');
    const [elasticsearch = '', , endpoint = ''] = readCodeBlocks('sources', 'js');
    const withAlgolia = await open(algolia);
    await withAlgolia.page.locator('#search').fill(QUERY);
    expect((await readTitles(withAlgolia))[0]).toBe(BEST_TITLE);

    const docs = [{ key: '7', title: 'D', body: { plain: 'E' }, slug: 'f', anchor: 'g', score: 2 }];
    await pages.context.route('**/solr/docs/select', (route) =>
      route.fulfill({ json: { response: { docs } } }),
    );
    const ask = `globalThis.told = await search('disk', { limit: 5, signal: new AbortController().signal });`;
    expect(await readTold(await open('', [`${elasticsearch} ${ask}`]))).toMatchObject([
      { title: 'A', body: 'B', url: '/c' },
    ]);
    expect(await readTold(await open('', [`${endpoint} ${ask}`]))).toMatchObject([
      { id: '7', title: 'D', text: 'E', url: '/docs/f#g' },
    ]);
  });

  it('sources in the page: an index, a list and both fused give results', async () => {
    const [miniSearch = '', list = '', , , fused = '', vector = ''] = readCodeBlocks(
      'sources-in-the-page',
      'js',
    );
    const index = `import MiniSearch from 'minisearch';
      const index = new MiniSearch({ fields: ['title', 'text'], storeFields: ['title', 'text', 'url'], idField: 'url' });
      index.addAll(${JSON.stringify(candidates)});
      const report = (...facts) => console.error(...facts);`;
    const html = '<input id="search"><rerank-results for="search" device="wasm"></rerank-results>';
    for (const code of [`${index} ${miniSearch}`, list, `${index} ${fused}`]) {
      const visited = await open(html, [`import 'rerank-results/element'; ${code}`]);
      await visited.page.locator('#search').fill(QUERY);
      expect((await readTitles(visited))[0]).toBe(BEST_TITLE);
    }
    const ask = `globalThis.told = await vector('disk', { limit: 5, signal: undefined });`;
    expect(await readTold(await open('', [`${vector} ${ask}`]))).toEqual(candidates);
  });

  it('long documents: the element and the function read by passages', async () => {
    const [html = ''] = readCodeBlocks('long-documents', 'html');
    const [code = ''] = readCodeBlocks('long-documents', 'js');
    const setUp = `import { createReranker } from 'rerank-results'; const reranker = await createReranker({ device: 'wasm' });
      const query = ${JSON.stringify(QUERY)}, documents = ${JSON.stringify(candidates)};`;
    const visited = await open(`<input id="search">${html}`, [
      `${setUp} ${code}; globalThis.told = results[0];`,
    ]);
    expect(await readTold(visited)).toMatchObject({ passage: { field: 'text', start: 0 } });
    await visited.page.locator('#search').fill(QUERY);
    expect((await readTitles(visited))[0]).toBe(BEST_TITLE);
  });

  it('budgets: who has the model is not asked, who has not is told how much it is', async () => {
    const [, , ask = ''] = readCodeBlocks('budgets', 'js');
    const confirm = `globalThis.confirm = (words) => { globalThis.asked = words; return false; };`;
    const tell = 'globalThis.told = [globalThis.asked, missingBytes, reranker !== undefined];';
    const again = await open('', [`${confirm} ${ask} ${tell}`]);
    expect(await readTold(again)).toEqual([undefined, 0, true]);
    const newcomer = await pages.browser.newContext();
    const page = await newcomer.newPage();
    await page.goto(pages.server.url);
    await page.waitForFunction(() => 'told' in globalThis);
    const told = await page.evaluate(() => (globalThis as unknown as { told: unknown }).told);
    const [words, missingBytes, isOpen] = told as [string, number, boolean];
    expect(words).toBe(`Load ${Math.ceil(missingBytes / 1e6)} MB?`);
    expect(missingBytes).toBeGreaterThan(10e6);
    expect(isOpen).toBe(false);
    await newcomer.close();
  });

  it('translations: words follow the page’s language, and a site changes and adds them', async () => {
    const [german = '', change = '', add = ''] = readCodeBlocks('translations', 'js');
    const [html = ''] = readCodeBlocks('translations', 'html');
    const lang = /lang="(\w+)"/.exec(html)?.[1];
    const elements = ['de', 'en', 'pl'].map(
      (language) => `<rerank-search lang="${language}" show-label></rerank-search>`,
    );
    const visited = await open(elements.join(''), [german, `${change} ${add}`], lang);
    const labels = visited.page.locator('rerank-search [part="label"]');
    await expect
      .poll(() => labels.allTextContents())
      .toEqual(['Suche', 'Search the handbook', 'Szukaj']);
  });

  it('other rerankers: the element takes the order of a hosted service', async () => {
    const [hosted = ''] = readCodeBlocks('rerankers', 'js');
    const html = `<script type="module">import 'rerank-results/element';</script>
      <input id="search"><rerank-results for="search" endpoint="/api/search?q={query}" prior-weight="0"></rerank-results>`;
    const visited = await open(html, [hosted]);
    await visited.page.locator('#search').fill(QUERY);
    expect((await readTitles(visited))[0]).toBe('Recovery phrase');
  });
});
