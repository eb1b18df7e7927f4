/**
 * `npm run bench [-- --candidates 50 --rounds 3 --max-tokens 512 --model minilm-l6-split]`: times both
 * engines in Chromium on WASM, with one thread and with several, on the demo's candidates, and prints a
 * table. Needs a build. Compare the ratios; the times are this machine's.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { searchApi } from '../demo/server/search-api.ts';
import { builtPackageAlias, isolationHeaders, serveBuiltFiles } from '../scripts/built-package.ts';
import { findChromium } from '../scripts/find-chromium.mjs';
import type { Measurement, Workload } from './page.ts';

const { values } = parseArgs({
  options: {
    candidates: { type: 'string', default: '50' },
    rounds: { type: 'string', default: '3' },
    'max-tokens': { type: 'string', default: '512' },
    model: { type: 'string', default: 'minilm-l6-split' },
    query: { type: 'string', default: 'how do I see which queries are slow' },
  },
});
const rounds = Number(values.rounds);

const measurements: Measurement[] = [];
for (const headers of [{}, isolationHeaders]) {
  const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
  const server = await createServer({
    configFile: false,
    root: path('.'),
    publicDir: path('../public'),
    cacheDir: path('../node_modules/.vite-bench'),
    plugins: [searchApi(), serveBuiltFiles(headers)],
    resolve: { alias: builtPackageAlias },
    optimizeDeps: { include: ['comlink', '@huggingface/transformers'] },
    server: { port: 0, headers, hmr: false, fs: { allow: [path('..')] } },
    logLevel: 'error',
  });
  await server.listen();
  const address = server.resolvedUrls?.local[0] ?? '';
  const workload = await fetchWorkload(address);
  const executablePath = findChromium();
  const browser = await chromium.launch({
    args: ['--no-sandbox'],
    ...(executablePath !== undefined && { executablePath }),
  });
  const page = await browser.newPage();
  await page.goto(address);
  await page.waitForFunction(() => 'measureTransformers' in window);
  // One after the other: beside each other they would share the cores.
  measurements.push(
    await page.evaluate(([work, count]) => window.measureOurs(work, count), [
      workload,
      rounds,
    ] as const),
    await page.evaluate(([work, count]) => window.measureTransformers(work, count), [
      workload,
      rounds,
    ] as const),
  );
  await browser.close();
  await server.close();
}

console.log(
  `${values.model}, ${values.candidates} candidates, at most ${values['max-tokens']} tokens, median of ${rounds} rounds`,
);
console.table(
  measurements.map(({ engine, threads, loadMs, runMs, pairs }) => {
    const other = measurements.find((one) => one.threads === threads && one.engine !== engine);
    return {
      engine,
      threads,
      'load ms': Math.round(loadMs),
      'run ms': Math.round(runMs),
      'pairs/s': Number(((pairs / runMs) * 1000).toFixed(1)),
      'speed against the other': other ? `${(other.runMs / runMs).toFixed(2)} ×` : '',
    };
  }),
);

/** Real candidates: what the demo's search finds. */
async function fetchWorkload(address: string): Promise<Workload> {
  const url = new URL('/api/search', address);
  url.searchParams.set('q', values.query);
  url.searchParams.set('limit', values.candidates);
  const { results } = (await (await fetch(url)).json()) as {
    results: { title: string; text: string }[];
  };
  return {
    model: values.model,
    query: values.query,
    documents: results.map(({ title, text }) => `${title}\n${text}`),
    maxTokens: Number(values['max-tokens']),
  };
}
