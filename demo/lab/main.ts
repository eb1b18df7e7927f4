/** The lab: reranks a set's judged queries in the page, and shows what became of them while they run. */
import type { LoadProgress, ModelInfo } from 'rerank-results';
import type { EvalQuery } from 'rerank-results/evaluate';
import { findElement } from '../find-element.ts';
import { formatBytes } from '../format-numbers.ts';
import { DEFAULT_SOURCE } from '../page-state.ts';
import { SOURCES } from '../sources.ts';
import { readDemoSet } from './demo-set.ts';
import { describeDownload } from './describe-download.ts';
import { LabForm } from './lab-form.ts';
import type { CascadeQuery, LabReport, MeasuredQuery } from './lab-report.ts';
import type { LabSet } from './lab-set.ts';
import type { LabState } from './lab-state.ts';
import { LiveReport } from './live-report.ts';
import { measureMain, measureQuery } from './measure-query.ts';
import { openLabWorker, type LabWorkerHandle } from './open-lab-worker.ts';
import { ResultsView } from './results-view.ts';
import { RunClock } from './run-clock.ts';
import { runQueries, type QueryAnswer, type RunWatch } from './run-queries.ts';
import { writeTiers } from './tiers.ts';

const start = findElement('start', HTMLButtonElement);
const stop = findElement('stop', HTMLButtonElement);
const status = findElement('status', HTMLElement);
const problem = findElement('problem', HTMLElement);
const progress = findElement('progress', HTMLProgressElement);

const source = SOURCES[DEFAULT_SOURCE];
const view = new ResultsView();
/** Whether what the line says of the download is over. */
let wasRun = false;
/** Of the evaluation that is on. */
let stopper: AbortController | undefined;
const form = new LabForm((state) => {
  if (!wasRun) status.textContent = describeDownload(state, source.isInPage);
});

findElement('lab', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  if (!stopper) void evaluate();
});
stop.addEventListener('click', () => stopper?.abort());
status.textContent = describeDownload(form.read(), source.isInPage);

async function evaluate(): Promise<void> {
  const state = form.read();
  problem.textContent = '';
  if (state.set === 'folder' && form.files.length === 0) {
    problem.textContent = 'Choose a folder first: one with corpus.jsonl, queries.jsonl and qrels.';
    findElement('folder', HTMLInputElement).focus();
    return;
  }
  wasRun = true;
  stopper = new AbortController();
  const { signal } = stopper;
  const worker = openLabWorker();
  let last: LabReport | undefined;
  const live = new LiveReport(
    (pairs) => Promise.race([worker.api.compare(pairs), worker.failed]),
    (report) => view.show((last = report)),
  );
  setRunning(true);
  try {
    const set = await readSet(state, worker, signal);
    await runAll(state, set, live, signal);
    await live.settle();
    const queries = count(set.queries.length, 'query', 'queries');
    finish(`Done: ${queries}.`, last?.verdict?.text);
  } catch (error) {
    // What was measured stays, and is whole.
    await live.settle();
    const done = last?.queries.length ?? 0;
    if (signal.aborted) finish(`Stopped after ${count(done, 'query', 'queries')}.`);
    else fail(error);
  } finally {
    worker.end();
    stopper = undefined;
    setRunning(false);
  }
}

/** The queries with their results. A stop ends the waiting at once. */
async function readSet(
  state: LabState,
  { api, failed }: LabWorkerHandle,
  signal: AbortSignal,
): Promise<LabSet> {
  status.textContent =
    state.set === 'folder'
      ? 'Reading the folder, in this page …'
      : `Searching; the first search loads its index (${source.indexSize}) …`;
  const reading =
    state.set === 'folder'
      ? api.readFolder([...form.files], state)
      : readDemoSet(source, state, signal);
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  const set = await Promise.race([reading, failed, aborted]);
  if (set.queries.length > 0) return set;
  throw new Error('The first stage found nothing for any of the queries.');
}

/** First the model over all queries; then, where it is wanted, the cascade over the same. */
async function runAll(
  state: LabState,
  set: LabSet,
  live: LiveReport,
  signal: AbortSignal,
): Promise<void> {
  const { candidates, priorWeight, device } = state;
  const queries = set.queries.map((query) => ({
    ...query,
    candidates: query.candidates.slice(0, candidates),
  }));
  const tiers = writeTiers(state);
  const pairs = queries.reduce((sum, query) => sum + query.candidates.length, 0);
  const kept = queries.reduce(
    (sum, query) => sum + Math.min(state.keep ?? 0, query.candidates.length),
    0,
  );
  const clock = new RunClock(tiers === undefined ? pairs : 2 * pairs + kept);
  const measured: MeasuredQuery[] = [];
  const cascade: CascadeQuery[] = [];
  let model: ModelInfo | undefined;
  const update = (): void => {
    if (model) {
      live.update({ state, set, model, measured: [...measured], cascade: [...cascade], tiers });
    }
  };

  const counts = { total: queries.length, done: () => measured.length };
  await runQueries({ model: state.model, device }, queries, signal, {
    ...watchPhase('', clock, counts),
    onReady: (info) => {
      model = info;
      clock.resume();
      announce(
        `The evaluation starts: ${count(queries.length, 'query', 'queries')}, ${count(pairs, 'pair', 'pairs')}.`,
      );
    },
    onAnswer: (query, answer) => {
      const searchMs = set.searchMs?.[measured.length];
      const measures = measureQuery(query, answer, { candidates, priorWeight });
      const done = { query, answer, searchMs, ...measures };
      measured.push(done);
      view.addQuery(done);
      clock.addQuery(answer.pairs);
      update();
    },
  });
  clock.pause();
  if (tiers === undefined) return;
  await runQueries({ tiers, device, priorWeight }, queries, signal, {
    ...watchPhase('In tiers: ', clock, { ...counts, done: () => cascade.length }),
    onReady: () => clock.resume(),
    onAnswer: (query, answer) => {
      cascade.push(measureCascade(query, answer));
      clock.addQuery(answer.pairs);
      update();
    },
  });
}

function measureCascade(query: EvalQuery, { order, pairs, times }: QueryAnswer): CascadeQuery {
  const ids = query.candidates.map(({ id }) => id);
  const ranking = [
    ...order.flatMap((position) => ids[position] ?? []),
    ...query.ranking.slice(ids.length),
  ];
  return { ndcg: measureMain(ranking, query), pairs, totalMs: times.totalMs };
}

/** The status line and the bar, while a model is loaded and reads. */
function watchPhase(
  phase: string,
  clock: RunClock,
  { total, done }: { readonly total: number; readonly done: () => number },
): Pick<RunWatch, 'onLoadProgress' | 'onPartial'> {
  return {
    onLoadProgress: ({ loadedBytes, totalBytes, fromCache }: LoadProgress) => {
      const from = fromCache ? ' from the browser’s cache' : '';
      const doing = loadedBytes < totalBytes ? 'Loading' : 'Starting';
      status.textContent = `${phase}${doing} the model: ${formatBytes(loadedBytes)} of ${formatBytes(totalBytes)}${from} …`;
      progress.value = loadedBytes / totalBytes;
    },
    onPartial: (scoredCount) => {
      clock.setPart(scoredCount);
      progress.value = clock.share;
      const left = [`${done()} of ${total} queries done`, clock.describeLeft()];
      status.textContent = `${phase}${left.filter((part) => part !== '').join(', ')}`;
    },
  };
}

function setRunning(isRunning: boolean): void {
  if (isRunning) view.clear();
  // What has the focus goes away, here and below.
  else if (document.activeElement === stop) start.focus();
  start.ariaDisabled = String(isRunning);
  stop.hidden = !isRunning;
  form.setRunning(isRunning);
  if (document.activeElement?.matches(':disabled')) stop.focus();
  progress.hidden = !isRunning;
  progress.value = 0;
}

/** Says how it ended, on the page and to screen readers, which are told of the start and the end alone. */
function finish(words: string, result = ''): void {
  status.textContent = words;
  announce(`${words} ${result}`.trim());
}

function fail(error: unknown): void {
  status.textContent = '';
  const words = error instanceof Error ? error.message : String(error);
  problem.textContent = `The evaluation ended. ${words}`;
}

function announce(words: string): void {
  findElement('announcement', HTMLElement).textContent = words;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
