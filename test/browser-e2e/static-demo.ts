import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright';
import { build } from 'vite';
import { startStaticServer } from '../package/static-server.ts';

/** Where the built demo is served: below a folder, as on a host that has other sites too. */
const PATH = '/some/folder/';

/** Those that axe-core runs by itself, and that for small targets. */
const EVERY_RULE = { rules: { 'target-size': { enabled: true } } };

/** The built demo, on a server that knows nothing of it. */
export interface StaticDemo extends AsyncDisposable {
  /** With a slash at its end. */
  readonly address: string;
}

/** Builds the demo as `npm run build:demo` does, and serves it below a folder. */
export async function startStaticDemo(): Promise<StaticDemo> {
  const outDir = mkdtempSync(join(tmpdir(), 'rerank-results-static-demo-'));
  await build({ configFile: 'demo/vite.config.ts', logLevel: 'silent', build: { outDir } });
  const server = await startStaticServer({ folders: { [PATH]: outDir } });
  return {
    address: `${server.url}${PATH.slice(1)}`,
    async [Symbol.asyncDispose]() {
      await server.close();
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}

/** Collects the page's requests that failed, or were answered with an error. */
export function collectFailedRequests(page: Page): readonly string[] {
  const failed: string[] = [];
  page.on('requestfailed', (request) => failed.push(request.url()));
  page.on('response', (response) => {
    if (response.status() >= 400) failed.push(`${response.status()} ${response.url()}`);
  });
  return failed;
}

/**
 * What is wrong with a page as it is now: no description; axe-core's violations, targets of less than 24 pixels among them, in light and dark colours, on a phone and a desktop; and a
 * horizontal scroll bar, also at 320 pixels.
 */
export async function findFaults(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: 'node_modules/axe-core/axe.min.js' });
  const faults = await page.evaluate(() =>
    ['description', 'viewport', 'color-scheme']
      .filter((name) => !document.querySelector(`meta[name="${name}"][content]:not([content=""])`))
      .map((name) => `has no meta ${name}`),
  );
  for (const width of [320, 390, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    const scrollWidth = await page.evaluate(() => document.documentElement.scrollWidth);
    if (scrollWidth > width) {
      const wide = await page.evaluate(() =>
        [...document.querySelectorAll('body *')]
          .filter((element) => element.getBoundingClientRect().right > innerWidth)
          .map((element) => element.outerHTML.slice(0, 60)),
      );
      faults.push(`${width} px: scrolls to ${scrollWidth} px: ${wide.join(' ')}`);
    }
    for (const colorScheme of width === 320 ? [] : (['light', 'dark'] as const)) {
      await page.emulateMedia({ colorScheme });
      const { violations, passes } = await page.evaluate(
        (options) =>
          (
            globalThis as unknown as { axe: { run: (options: object) => Promise<AxeResults> } }
          ).axe.run(options),
        // In the dark, only the colours are others.
        colorScheme === 'light' ? EVERY_RULE : { runOnly: ['color-contrast'] },
      );
      if (passes.length === 0) faults.push('axe-core looked at nothing.');
      for (const { id, nodes } of violations) {
        const places = nodes.map(({ html }) => html).join(' ');
        faults.push(`${width} px, ${colorScheme}, ${id}: ${places}`);
      }
    }
  }
  return faults;
}
