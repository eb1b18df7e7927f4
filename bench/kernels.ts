/**
 * Where a pair's time goes in the WASM kernels, in Chromium, one thread, with the sizes of the default model:
 *
 *   npx tsx bench/kernels.ts [FOLDER ...]
 *
 * A folder is a version of `kernels/`, by default the one that is here; two of them say what a change brought:
 *
 *   git worktree add /tmp/before HEAD~1 && npx tsx bench/kernels.ts /tmp/before/kernels kernels
 *
 * Versions are measured in turns, and the best of many rounds counts: what else the machine does only adds.
 */
import { compileKernels } from '../scripts/compile-kernels.ts';
import type { Timing } from './page/time-kernels.ts';
import { launchChromium, openBenchPage, startBenchSite } from './site.ts';

const TOKENS = [32, 122, 300, 512];
const ROUNDS = 100;

const folders = process.argv.slice(2);
if (folders.length === 0) folders.push('kernels');
const binaries = folders.map((folder) => compileKernels(folder).relaxed);
await using site = await startBenchSite(false);
const browser = await launchChromium();
try {
  const page = await openBenchPage(browser, site);
  const task = { binaries, sizes: TOKENS, rounds: ROUNDS, module: '/time-kernels.ts' };
  const timings = await page.evaluate(async ({ module, ...rest }): Promise<Timing[]> => {
    const { timeKernels } = (await import(module)) as typeof import('./page/time-kernels.ts');
    return timeKernels(rest);
  }, task);
  console.table(timings.map(toRow));
} finally {
  await browser.close();
}

function toRow({ tokens, work, bestMs }: Timing): Record<string, string | number> {
  const [first = Number.NaN] = bestMs;
  const times = bestMs.map((ms, index) => {
    return [`${index + 1}: ${folders[index]}`, `${ms.toFixed(2)} ms`] as const;
  });
  const last = first / (bestMs.at(-1) ?? Number.NaN);
  return {
    tokens,
    work,
    ...Object.fromEntries(times),
    ...(bestMs.length > 1 && { 'the last is': `${last.toFixed(2)} × as fast` }),
  };
}
