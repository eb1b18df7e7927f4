import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { findChromium } from '../../scripts/find-browser.mjs';
import { locateRecipe, quickRecipes, recipeNames } from '../../scripts/recipes.mjs';
import { packPackage, type PackedPackage } from '../package/pack-package.ts';
import { startStaticServer, type StaticServerOptions } from '../package/static-server.ts';
import { visitPage, type Visit } from '../package/visit-page.ts';
import { buildRecipe, prepareRecipe, runScript } from './recipe-site.ts';

const QUERY = 'my laptop is running out of space';
/** The model's choice; by words, another page stands first. */
const BEST_TITLE = 'Storage plans';

/** The folder that a recipe's build writes, or the script that serves it. */
const recipes: Readonly<
  Record<string, { readonly built: string; readonly policy?: string } | { readonly start: string }>
> = {
  'plain-html': {
    built: 'site',
    policy:
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; style-src 'self'; img-src data:",
  },
  vite: { built: 'dist' },
  vitepress: { built: '.vitepress/dist' },
  next: { start: 'start' },
  starlight: { built: 'dist' },
  docusaurus: { built: 'build' },
};

/** Docusaurus needs more than a minute. */
const BUILD = { timeout: 300_000 };

const folder = mkdtempSync(join(tmpdir(), 'rerank-results-recipes-'));
const executablePath = findChromium();
/** Stops what a test started. */
const closers: (() => Promise<unknown>)[] = [];
let packed: PackedPackage;
let browser: Browser;

beforeAll(async () => {
  packed = packPackage();
  browser = await chromium.launch({
    args: ['--no-sandbox'],
    ...(executablePath !== undefined && { executablePath }),
  });
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await browser.close();
});

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serveFolder(options: StaticServerOptions): Promise<string> {
  const server = await startStaticServer(options);
  closers.push(() => server.close());
  closers.push(() => {
    expect(server.violations).toEqual([]);
    return Promise.resolve();
  });
  return server.url;
}

async function startRecipe(site: string, script: string): Promise<string> {
  const server = runScript(site, script, '--port', '0');
  closers.push(() => server.stop());
  return server.waitFor(/http:\/\/(localhost|127\.0\.0\.1):\d+/);
}

async function visit(url: string): Promise<Visit> {
  const context = await browser.newContext();
  closers.push(() => context.close());
  // Browsers ask for it unasked, and a recipe need not have one.
  await context.route('**/favicon.{ico,svg}', (route) => route.fulfill({ status: 204 }));
  return visitPage(context, url);
}

test('every recipe is tried', () => {
  expect(Object.keys(recipes).sort()).toEqual([...recipeNames].sort());
});

describe.each(Object.entries(recipes))('the recipe %s', (name, served) => {
  test(
    'builds a site that puts the best result first, from its own origin alone',
    BUILD,
    async ({ skip }) => {
      const isTried =
        quickRecipes.includes(name) || process.env['RERANK_RESULTS_RECIPES'] === 'all';
      skip(!isTried, 'Its build is long: npm run recipes.');
      skip(!existsSync(locateRecipe(name)), 'Its dependencies are not installed: npm run recipes.');
      const site = prepareRecipe(name, packed);
      await buildRecipe(site);
      const url =
        'start' in served
          ? await startRecipe(site, served.start)
          : await serveFolder({ folders: { '/': join(site, served.built) }, ...served });

      const visited = await visit(url);
      const { page, errors, requests } = visited;
      await page.locator('input[type="search"]').fill(QUERY);

      const { error, titles = [], originalRanks = [] } = await visited.next();
      expect(error).toBeUndefined();
      expect(titles[0]).toBe(BEST_TITLE);
      expect(originalRanks[0]).toBeGreaterThan(1);
      const shown = page.locator('rerank-results li, rerank-search [role="option"]').first();
      await expect.poll(() => shown.textContent()).toContain(BEST_TITLE);
      expect(errors, errors.map(String).join('\n')).toEqual([]);
      expect(requests.filter((request) => !request.startsWith(new URL(url).origin))).toEqual([]);
    },
  );
});
