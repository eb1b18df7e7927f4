import type { Browser } from 'playwright';
import type { MainThreadRow } from '../results.ts';
import { pause } from '../rounds.ts';
import { launchChromium } from '../site.ts';
import { startVisitSite, type VisitSite } from '../visit-site.ts';
import { readQueries } from '../workload.ts';
import type { Findings, Workbench } from '../workbench.ts';

/** A frame at 60 Hz. */
const FRAME_MS = 16;

/** What Chromium calls a task of a thread, and the mark that tells which thread is the page's and when it begins. */
const TASK = 'RunTask';
const MARK = 'bench-main-thread';
const CATEGORIES = [
  '-*',
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'blink.user_timing',
];

/** An event of Chromium's trace. Times are in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
}

/** What the page's main thread pays for loading the model and reranking. */
export async function measureMainThread(bench: Workbench): Promise<Findings<MainThreadRow>> {
  const candidates = bench.count(50, 6);
  await using site = await startVisitSite(bench.workloads, candidates);
  const browser = await launchChromium();
  try {
    const rows: MainThreadRow[] = [];
    for (const page of ['baseline', 'element'] as const) {
      // The worst of the rounds: a reader has no median.
      const rounds: MainThreadRow[] = [];
      for (let round = 0; round < bench.settings.rounds; round++) {
        rounds.push(await measurePage(browser, site, page, bench.model));
      }
      rows.push(worstOf(rounds));
    }
    return {
      rows,
      notes: [
        `On a page that is loaded: from fetching the element over loading the model to the end of five reranks of ${candidates} candidates; the worst of the rounds. The site is built for production.`,
        'Tasks are those of Chromium’s own trace. "baseline" searches and lists the same candidates without the element.',
      ],
    };
  } finally {
    await browser.close();
  }
}

async function measurePage(
  browser: Browser,
  site: VisitSite,
  name: MainThreadRow['page'],
  model: string,
): Promise<MainThreadRow> {
  const queries = readQueries().slice(0, 5);
  const context = await browser.newContext();
  const page = await context.newPage();
  const search = name === 'baseline' ? 'baseline' : `model=${model}`;
  await page.goto(`${site.address}?wait&${search}`);
  await page.waitForFunction(() => 'visited' in window);
  await pause();
  await browser.startTracing(page, { categories: CATEGORIES });
  const longFrames = await page.evaluate(
    async ([asked, mark]) => {
      let count = 0;
      const observer = new PerformanceObserver((list) => (count += list.getEntries().length));
      observer.observe({ type: 'long-animation-frame' });
      performance.mark(mark);
      await window.visited.start();
      for (const query of asked) await window.visited.search(query);
      return count;
    },
    [queries, MARK] as const,
  );
  const trace = await browser.stopTracing();
  await context.close();

  const { traceEvents } = JSON.parse(trace.toString('utf8')) as {
    readonly traceEvents: readonly TraceEvent[];
  };
  const mark = traceEvents.findLast((event) => event.name === MARK);
  if (!mark) throw new Error('The trace does not say which thread is the page’s.');
  const own = traceEvents.filter(
    ({ pid, tid, ts }) => pid === mark.pid && tid === mark.tid && ts >= mark.ts,
  );
  const tasks = own.filter((event) => event.name === TASK);
  const longest = tasks.toSorted((a, b) => (b.dur ?? 0) - (a.dur ?? 0))[0];
  if (!longest) throw new Error(`The trace has no "${TASK}" of the page’s main thread.`);
  return {
    page: name,
    longestTaskMs: (longest.dur ?? 0) / 1000,
    longestTaskWas: describeTask(longest, own),
    longestTaskCpuMs: tasks.reduce((most, { tdur = 0 }) => Math.max(most, tdur / 1000), 0),
    longTasks: tasks.filter(({ dur = 0 }) => dur / 1000 > FRAME_MS).length,
    tasks: tasks.length,
    longFrames,
  };
}

/** The longest event within a task. */
function describeTask(task: TraceEvent, events: readonly TraceEvent[]): string {
  const endTs = task.ts + (task.dur ?? 0);
  const within = events.filter(({ name, ts }) => name !== TASK && ts >= task.ts && ts < endTs);
  return within.toSorted((a, b) => (b.dur ?? 0) - (a.dur ?? 0))[0]?.name ?? 'unknown';
}

function worstOf(rounds: readonly MainThreadRow[]): MainThreadRow {
  const worst = rounds.toSorted((a, b) => b.longestTaskMs - a.longestTaskMs)[0];
  if (!worst) throw new Error('There was no round.');
  return worst;
}
