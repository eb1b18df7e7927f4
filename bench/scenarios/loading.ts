import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright';
import type { LoadingRow } from '../results.ts';
import { chromiumOptions, launchChromium } from '../site.ts';
import { startVisitSite, type VisitSite } from '../visit-site.ts';
import type { Findings, Workbench } from '../workbench.ts';

const QUERY = 'how do I see which queries are slow';

/** What a first and a second visit cost: bytes on the wire by file, time until the model is ready, peak memory. */
export async function measureLoading(bench: Workbench): Promise<Findings<LoadingRow>> {
  await using site = await startVisitSite(bench.workloads, bench.count(50, 6));
  const rows: LoadingRow[] = [];
  for (const model of bench.settings.models) {
    const emptyPageMemoryBytes = await measurePeakMemory(site, '?baseline');
    const peakMemoryBytes = await measurePeakMemory(site, `?model=${model}`);
    const memory = {
      ...(peakMemoryBytes !== undefined && { peakMemoryBytes }),
      ...(emptyPageMemoryBytes !== undefined && { emptyPageMemoryBytes }),
    };
    const profile = mkdtempSync(join(tmpdir(), 'rerank-results-profile-'));
    try {
      rows.push({ visit: 'first', ...(await visit(site, profile, model)), ...memory });
      rows.push({ visit: 'second', ...(await visit(site, profile, model)) });
    } finally {
      rmSync(profile, { recursive: true, force: true });
    }
  }
  return {
    rows,
    notes: [
      'A site built for production, with the element. Bytes are the bodies of answers on the wire, headers not counted; html, js, json and wasm with Brotli 5, other files as they are.',
      'The second visit is another start of the browser with the same profile. The host answers 304 where a copy is still good.',
      'No network delay: the time until ready is unpacking, checking, compiling and the known answers.',
      'Memory: the peak resident set of the page’s process, workers included, from loading to the end of one rerank; read from the Linux kernel.',
    ],
  };
}

async function visit(
  site: VisitSite,
  profile: string,
  model: string,
): Promise<Pick<LoadingRow, 'model' | 'files' | 'bytes' | 'readyMs'>> {
  const context: BrowserContext = await chromium.launchPersistentContext(
    profile,
    chromiumOptions(),
  );
  try {
    const page = await context.newPage();
    site.takeLog();
    const readyMs = await openPage(page, site, `?model=${model}`);
    // What is kept must be on the disk before the browser ends.
    await page.close();
    const files = site.takeLog();
    return { model, files, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), readyMs };
  } finally {
    await context.close();
  }
}

async function openPage(page: Page, site: VisitSite, search: string): Promise<number> {
  await page.goto(site.address + search);
  await page.waitForFunction(() => 'visited' in window);
  return page.evaluate(() => window.visited.start());
}

/** The largest of the browser's page processes, at its peak. Undefined where the system does not tell. */
async function measurePeakMemory(site: VisitSite, search: string): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await openPage(page, site, search);
    await page.evaluate((query) => window.visited.search(query), QUERY);
    const session = await browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const peaks = processInfo
      .filter(({ type }) => type === 'renderer')
      .map(({ id }) => readPeak(id));
    return Math.max(...peaks);
  } finally {
    await browser.close();
  }
}

/** Peak resident set of a process, in bytes. */
function readPeak(processId: number): number {
  const status = readFileSync(`/proc/${processId}/status`, 'utf8');
  return 1024 * Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
}
