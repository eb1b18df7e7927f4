import { readFileSync } from 'node:fs';
import type { Browser, CDPSession, Page } from 'playwright';
import { launchBrowser, startDemoServer } from '../browser-e2e/demo-page.ts';

/** What was seen at one moment. */
export interface SoakSample {
  /** Minutes since typing began, after a first run. */
  readonly minute: number;
  readonly keystrokes: number;
  /** Runs that ended with a new order since the sample before. */
  readonly runs: number;
  /** Median of these runs, from the search's answer to the order, in milliseconds. */
  readonly medianMs: number | undefined;
  /** Median of their times in the model for a thousand tokens that were computed; short and long runs compare. */
  readonly msPerThousandTokens: number | undefined;
  /** Of the page, after a garbage collection. */
  readonly heapBytes: number;
  /** Memory of the page's process with its workers, models and all, where the system tells. */
  readonly residentBytes: number | undefined;
  readonly listeners: number;
  readonly nodes: number;
  readonly workers: number;
}

export interface SoakReport {
  readonly samples: readonly SoakSample[];
  /** What went wrong in the page: uncaught errors, and errors that the element told. */
  readonly errors: readonly string[];
}

export interface SoakOptions {
  readonly minutes: number;
  readonly sampleSeconds: number;
  /** Draws what is typed: the same number, the same keys. */
  readonly seed: number;
  readonly onSample?: (sample: SoakSample) => void;
}

const queries = (
  JSON.parse(readFileSync(new URL('../../demo/queries.json', import.meta.url), 'utf8')) as {
    query: string;
  }[]
).map(({ query }) => query);

/** Words that a reader may type. */
const words = [...new Set(queries.flatMap((query) => query.split(/\s+/)))];

/** Opens the demo and types into it, as a reader would who never tires. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  await using server = await startDemoServer();
  const browser = await launchBrowser();
  try {
    return await typeInto(browser, server.address, options);
  } finally {
    await browser.close();
  }
}

async function typeInto(
  browser: Browser,
  address: string,
  { minutes, sampleSeconds, seed, onSample }: SoakOptions,
): Promise<SoakReport> {
  const draw = createDraw(seed);
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  await page.addInitScript(recordRuns);
  await page.goto(address);
  await waitForFirstRun(page);
  const cdp = await page.context().newCDPSession(page);
  const samples: SoakSample[] = [];
  let keystrokes = 0;
  const start = performance.now();
  const seconds = (): number => (performance.now() - start) / 1000;
  while (seconds() < minutes * 60) {
    const end = Math.min((samples.length + 1) * sampleSeconds, minutes * 60);
    while (seconds() < end) keystrokes += await typeOnce(page, draw);
    await waitForEnd(page);
    const sample = await takeSample(browser, page, cdp, { minute: seconds() / 60, keystrokes });
    samples.push(sample);
    onSample?.(sample);
  }
  return { samples, errors: [...errors, ...(await readErrors(page))] };
}

/** Until the model is there and has reranked once: what comes with it has not grown. */
async function waitForFirstRun(page: Page): Promise<void> {
  await page.locator('#query').fill(queries[0] ?? '');
  await page.waitForFunction(
    () => (window as unknown as { recorded: RecordedRuns }).recorded.runs.length > 0,
    undefined,
    { timeout: 120_000 },
  );
}

/** A word, some letters taken back, a look at the list, or another query; gives the number of keys. */
async function typeOnce(page: Page, draw: (below: number) => number): Promise<number> {
  const field = page.locator('#query');
  const action = draw(10);
  if (action === 0) {
    await field.fill('');
    return 1;
  }
  if (action <= 2) {
    const count = 1 + draw(6);
    for (let key = 0; key < count; key += 1) await field.press('Backspace', { delay: draw(60) });
    return count;
  }
  if (action === 3) {
    await page.mouse.wheel(0, draw(600) - 300);
    await page.mouse.move(draw(1200), draw(700));
    await waitForEnd(page);
    return 0;
  }
  const word = `${words[draw(words.length)] ?? ''} `;
  // A query of more words than anyone types is cut anyway.
  if ((await field.inputValue()).length > 80) await field.fill('');
  await field.pressSequentially(word, { delay: 20 + draw(180) });
  if (draw(2) === 0) {
    // Longer than the field's debounce: this is what starts a run.
    await page.waitForTimeout(300 + draw(900));
    if (draw(2) === 0) await waitForEnd(page);
  }
  return word.length;
}

/** Until the element rests: reranked, skipped, failed, or nothing asked. */
async function waitForEnd(page: Page): Promise<void> {
  await page.waitForFunction(
    () => {
      const phase = document.querySelector('rerank-results')?.runState.phase ?? '';
      return !['searching', 'checking', 'reranking'].includes(phase);
    },
    undefined,
    { timeout: 120_000 },
  );
}

interface RecordedRuns {
  runs: { readonly totalMs: number; readonly inferMs: number; readonly tokens: number }[];
  errors: string[];
}

/** Runs in the page. */
function recordRuns(): void {
  const recorded: RecordedRuns = { runs: [], errors: [] };
  Object.assign(window, { recorded });
  document.addEventListener('rerank-complete', ({ detail: { timing, usage } }) => {
    recorded.runs.push({ totalMs: timing.totalMs, inferMs: timing.inferMs, tokens: usage.tokens });
  });
  document.addEventListener('rerank-error', ({ detail: { error } }) => {
    recorded.errors.push(`${error.code}: ${error.message}`);
  });
}

function readErrors(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => (window as unknown as { recorded: RecordedRuns }).recorded.errors);
}

async function takeSample(
  browser: Browser,
  page: Page,
  cdp: CDPSession,
  counts: Pick<SoakSample, 'minute' | 'keystrokes'>,
): Promise<SoakSample> {
  const runs = await page.evaluate(() =>
    (window as unknown as { recorded: RecordedRuns }).recorded.runs.splice(0),
  );
  const computed = runs.filter(({ tokens }) => tokens > 0);
  await cdp.send('HeapProfiler.collectGarbage');
  await cdp.send('Performance.enable');
  const { metrics } = await cdp.send('Performance.getMetrics');
  const metric = (name: string): number => metrics.find((one) => one.name === name)?.value ?? 0;
  return {
    ...counts,
    runs: runs.length,
    medianMs: median(runs.map(({ totalMs }) => totalMs)),
    msPerThousandTokens: median(computed.map(({ inferMs, tokens }) => (1000 * inferMs) / tokens)),
    heapBytes: metric('JSHeapUsedSize'),
    residentBytes: await readResidentBytes(browser),
    listeners: metric('JSEventListeners'),
    nodes: metric('Nodes'),
    workers: page.workers().length,
  };
}

/** Resident memory of the browser's largest page process; Linux only. */
async function readResidentBytes(browser: Browser): Promise<number | undefined> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const sizes = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => {
      try {
        const status = readFileSync(`/proc/${id}/status`, 'utf8');
        return 1024 * Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
      } catch {
        return 0;
      }
    });
  const greatest = Math.max(0, ...sizes);
  return greatest === 0 ? undefined : greatest;
}

/** A linear congruential generator (Numerical Recipes' constants): whole numbers from 0, less than `below`. */
function createDraw(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
