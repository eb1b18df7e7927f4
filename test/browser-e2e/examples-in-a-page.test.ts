import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { close } from 'pagefind';
import { describe, expect, it } from 'vitest';
import { makeManualPages } from '../../demo/server/manual-pages.ts';
import { writePagefindIndex } from '../../demo/server/pagefind-index.ts';
import { readElements } from '../../scripts/element-manifest.ts';
import { readCodeBlocks } from '../docs-site/code-blocks.ts';
import { listExamples, readElementTags } from '../docs-site/examples.ts';
import { RECORDS } from '../sources/corpus.ts';
import { BEST_TITLE, QUERY, useGuidePages, type GuidePages } from './guide-pages.ts';

const examples = listExamples().filter(
  ({ language, code }) => language === 'html' && readElementTags(code).length > 0,
);

/** Attributes that every element may have. */
const GLOBAL_ATTRIBUTES = ['id', 'name', 'lang', 'dir'];

let pages: GuidePages;
useGuidePages((opened) => {
  pages = opened;
});

describe('an example of an element', () => {
  it('has attributes that the element knows, each with a value that changes something', async () => {
    const known = readElements().flatMap(({ tagName, properties }) =>
      properties.flatMap(({ name, attribute }) =>
        attribute === undefined ? [] : [[`${tagName} ${attribute}`, name] as const],
      ),
    );
    const { page } = await pages.open('', ["import 'rerank-results/element';"]);
    expect(examples.length).toBeGreaterThan(20);
    for (const { place, code } of examples) {
      const wrong = await page.evaluate(
        ([html, names, globals]) => {
          // No script of the example runs: other tests do that with what it needs.
          const example = new DOMParser().parseFromString(html, 'text/html');
          document.body.replaceChildren(...example.body.childNodes);
          const properties = new Map(names);
          const found = [...document.querySelectorAll('rerank-results, rerank-search, rerank-log')];
          return found.flatMap((element) => {
            const plain = document.createElement(element.localName);
            return [...element.attributes].flatMap(({ name, value }) => {
              if (globals.includes(name)) return [];
              const property = properties.get(`${element.localName} ${name}`);
              const isTaken =
                property !== undefined &&
                JSON.stringify(Reflect.get(element, property)) !==
                  JSON.stringify(Reflect.get(plain, property));
              return isTaken ? [] : [`${element.localName} ${name}="${value}"`];
            });
          });
        },
        [code, known, GLOBAL_ATTRIBUTES] as const,
      );
      expect(wrong, place).toEqual([]);
    }
  });
});

describe('the guides', () => {
  it('recipes: elements that are made by code, of which one asks the other', async () => {
    const [, fromCode = ''] = readCodeBlocks('recipes', 'js');
    const { page } = await pages.open('<main></main>', [
      `${fromCode}; list.device = field.device = 'wasm';`,
    ]);
    await page.locator('rerank-search input').fill(QUERY);
    await page.locator('rerank-search input').press('Enter');
    const best = page.locator('rerank-results [part="link"]').first();
    await expect.poll(() => best.textContent()).toContain(BEST_TITLE);
    await page.locator('rerank-log [part="status"]').waitFor();
  });

  it('sources in the page: Pagefind finds sections of pages', async () => {
    const [, , pagefind = ''] = readCodeBlocks('sources-in-the-page', 'js');
    const cache = await mkdtemp(join(tmpdir(), 'pagefind-'));
    const folder = await writePagefindIndex(makeManualPages(RECORDS), cache);
    await pages.context.route('**/pagefind/**', (route) => {
      const [, path = ''] = route
        .request()
        .url()
        .split(/\/pagefind\/|\?/);
      return route.fulfill({ path: join(folder, path) });
    });
    const html = '<rerank-results query="vacuum" device="wasm" prior-weight="1"></rerank-results>';
    const { page } = await pages.open(html, [`import 'rerank-results/element'; ${pagefind}`]);
    const link = page.locator('rerank-results [part="link"]').first();
    expect(await link.getAttribute('href')).toMatch(/vacuum/i);
    await close();
    await rm(cache, { recursive: true });
  });
});
