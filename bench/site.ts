import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright';
import { createServer } from 'vite';
import { searchApi } from '../demo/server/search-api.ts';
import { builtPackageAlias, isolationHeaders, serveBuiltFiles } from '../scripts/built-package.ts';
import { findChromium } from '../scripts/find-browser.mjs';
import { servePlainWeights } from './serve-plain-weights.ts';
import { serveWorkerWithCores } from './serve-worker-with-cores.ts';

/** Longest wait for anything in a page: a slow machine reads 200 long candidates in minutes. */
const TIMEOUT_MS = 15 * 60_000;

/** A server of the benchmark's page. */
export interface BenchSite extends AsyncDisposable {
  /** Ends in a slash. */
  readonly address: string;
}

/** @param isolated Whether its pages are cross-origin isolated, which threads of onnxruntime-web need. */
export async function startBenchSite(isolated: boolean): Promise<BenchSite> {
  const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
  const headers = isolated ? isolationHeaders : {};
  const server = await createServer({
    configFile: false,
    root: path('./page'),
    publicDir: path('../public'),
    cacheDir: path(`../node_modules/.vite-bench${isolated ? '-isolated' : ''}`),
    plugins: [
      searchApi(),
      serveBuiltFiles(headers),
      serveWorkerWithCores(headers),
      servePlainWeights(path('../public/models')),
    ],
    resolve: { alias: builtPackageAlias },
    optimizeDeps: { include: ['comlink', '@huggingface/transformers'] },
    // A file that someone edits during a run must not reload the page.
    server: { port: 0, headers, hmr: false, watch: null, fs: { allow: [path('..')] } },
    logLevel: 'error',
  });
  await server.listen();
  const address = server.resolvedUrls?.local[0];
  if (address === undefined) throw new Error('The benchmark’s server has no address.');
  return { address, [Symbol.asyncDispose]: () => server.close() };
}

/** Starts the Chromium that is installed. As root it needs its sandbox off. */
export function launchChromium(...flags: string[]): Promise<Browser> {
  return chromium.launch(chromiumOptions(...flags));
}

export function chromiumOptions(...flags: string[]): {
  args: string[];
  executablePath?: string;
} {
  const executablePath = findChromium();
  return {
    args: ['--no-sandbox', ...flags],
    ...(executablePath !== undefined && { executablePath }),
  };
}

/** Opens the page in a context of its own. */
export async function openBenchPage(browser: Browser, { address }: BenchSite): Promise<Page> {
  const page = await browser.newPage();
  page.setDefaultTimeout(TIMEOUT_MS);
  await page.goto(address);
  await page.waitForFunction(() => 'bench' in window);
  return page;
}
