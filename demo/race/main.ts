/** The race: three engines read the same results, and the page shows how far each is. */
import type { EngineName, ModelInfo } from 'rerank-results';
import { makeChart } from '../bar-chart.ts';
import { LIST_MEGABYTES, MODEL_MEGABYTES, RUNTIME_MEGABYTES } from '../download-sizes.ts';
import { connectExampleChips, readFirstExample } from '../example-chips.ts';
import { findElement } from '../find-element.ts';
import { formatBytes, formatMs } from '../format-numbers.ts';
import { DEFAULT_SOURCE } from '../page-state.ts';
import { SOURCES, type ManualResult } from '../sources.ts';
import { chartTimes, describeResult } from './describe-result.ts';
import { ENGINES, nameEngine } from './engines.ts';
import { readRaceState, writeRaceState, type RaceState } from './race-state.ts';
import { RacerCard } from './racer-card.ts';
import { runRace, type RaceWatch } from './run-race.ts';

const query = findElement('query', HTMLInputElement);
const candidates = findElement('candidates', HTMLInputElement);
const model = findElement('model', HTMLSelectElement);
const run = findElement('run', HTMLSelectElement);
const start = findElement('start', HTMLButtonElement);
const stop = findElement('stop', HTMLButtonElement);
const examples = findElement('examples', HTMLElement);
const status = findElement('status', HTMLElement);
const progress = findElement('progress', HTMLProgressElement);

const source = SOURCES[DEFAULT_SOURCE];
const searchCard = new RacerCard('The search’s own order', source.caption, { hasBar: false });
const cards = new Map(
  ENGINES.map(({ name, title, note }) => [name, new RacerCard(title, note, { hasBar: true })]),
);
/** Those that finished or failed. */
const over = new Set<EngineName>();
/** Of the race that runs. */
let stopper: AbortController | undefined;

findElement('racers', HTMLElement).append(
  ...[...cards.values(), searchCard].map(({ root }) => root),
);
searchCard.say('Reads nothing');
connectExampleChips(examples, (example) => {
  if (stopper) return;
  query.value = example;
  restate();
});
findElement('threads', HTMLElement).textContent = crossOriginIsolated
  ? 'This page is isolated from other origins, so all of them may use several threads.'
  : 'This page is not isolated from other origins: onnxruntime-web may use one thread only, which our kernels need not mind.';
for (const control of [query, candidates, model, run]) {
  control.addEventListener('change', restate);
}
findElement('race', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  if (!stopper) void race();
});
stop.addEventListener('click', () => stopper?.abort());
show(readRaceState(location.search, readFirstExample(examples)));
// Its place is known now.
findElement('rules', HTMLElement).hidden = false;

/** Puts the controls into the address, and back what of them is allowed. */
function restate(): RaceState {
  const parameters = new URLSearchParams({
    q: query.value,
    candidates: candidates.value,
    model: model.value,
    run: run.value,
  });
  const state = readRaceState(parameters.toString(), readFirstExample(examples));
  history.replaceState(null, '', `${location.pathname}${writeRaceState(state)}`);
  show(state);
  return state;
}

function show(state: RaceState): void {
  query.value = state.query;
  candidates.value = String(state.candidates);
  model.value = state.model;
  run.value = state.run;
  if (!stopper) status.textContent = describeDownload(state);
}

/** What the button downloads. */
function describeDownload({ model: id }: RaceState): string {
  const list = source.isInPage ? LIST_MEGABYTES : 0;
  const { onnxruntime, transformers } = RUNTIME_MEGABYTES;
  const weights = MODEL_MEGABYTES[id] ?? 0;
  const all = Math.round(weights + onnxruntime + transformers + list);
  const manual = list > 0 ? `, the manual ${list} MB` : '';
  return (
    `Nothing is loaded yet. The race loads up to ${all} MB, once: the model ${weights.toFixed(0)} MB for all three, ` +
    `onnxruntime-web ${onnxruntime.toFixed(0)} MB, transformers.js ${transformers.toFixed(0)} MB${manual}. Our kernels are 7 KB.`
  );
}

async function race(): Promise<void> {
  const state = restate();
  stopper = new AbortController();
  setRunning(true);
  try {
    await runAll(state, stopper.signal);
  } catch (error) {
    if (stopper.signal.aborted) {
      for (const [engine, card] of cards) if (!over.has(engine)) card.say('Stopped');
      finish('The race was stopped.');
    } else {
      fail(error);
    }
  } finally {
    stopper = undefined;
    setRunning(false);
  }
}

async function runAll(state: RaceState, signal: AbortSignal): Promise<void> {
  const documents = await findDocuments(state, signal);
  const watch = watchRace(documents.length);
  const finishes = await runRace(
    {
      ...state,
      documents,
      engines: ENGINES.map(({ name }) => name),
      isTogether: state.run === 'together',
      signal,
    },
    watch,
  );
  if (finishes.length > 0) {
    findElement('times', HTMLElement).replaceChildren(makeChart(chartTimes(finishes)));
  }
  finish(describeResult(finishes));
}

/** What the search finds, in its own order, which the last card shows. */
async function findDocuments(
  { query: words, candidates: limit }: RaceState,
  signal: AbortSignal,
): Promise<readonly ManualResult[]> {
  status.textContent = source.isInPage
    ? `Searching in this page; the first search loads its index (${source.indexSize}) …`
    : 'Searching …';
  const search = await untilAborted(source.open(), signal);
  const startMs = performance.now();
  const { results } = await search(words, { limit, signal });
  if (results.length < 2) {
    throw new Error(`The search found ${results.length} of at least 2 results. Ask another way.`);
  }
  searchCard.say(`${results.length} found in ${formatMs(performance.now() - startMs)}`);
  searchCard.showTop(
    results.map((document, index) => ({ document, rank: index + 1, originalRank: index + 1 })),
  );
  return results;
}

/** The work's value. The signal ends the waiting, not the work. */
function untilAborted<TValue>(work: Promise<TValue>, signal: AbortSignal): Promise<TValue> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  return Promise.race([work, aborted]);
}

function watchRace(count: number): RaceWatch {
  const cardOf = (engine: EngineName): RacerCard => cards.get(engine) as RacerCard;
  return {
    onLoadProgress(engine, { loadedBytes, totalBytes, fromCache }) {
      const from = fromCache ? ' from the browser’s cache' : '';
      const share = loadedBytes / totalBytes;
      const bytes = `${formatBytes(loadedBytes)} of ${formatBytes(totalBytes)}${from}`;
      const doing = share < 1 ? 'Loading' : 'Starting';
      status.textContent = `${doing} ${nameEngine(engine)}: ${bytes} …`;
      cardOf(engine).say('Loading …');
      progress.hidden = false;
      progress.value = share;
    },
    onLoaded(engine, info, loadMs) {
      const card = cardOf(engine);
      card.describe(describeEngine(engine, info));
      card.say('Ready');
      card.sayLoading(`Loaded in ${formatMs(loadMs)}`);
    },
    onReady(engines) {
      progress.hidden = true;
      announce(`The race starts: ${engines.length} engines, ${count} results.`);
    },
    onStart(engine) {
      status.textContent = `${nameEngine(engine)} reads …`;
      cardOf(engine).say(`0 of ${count} read`);
    },
    onPartial(engine, scoredCount, runMs) {
      cardOf(engine).showShare(scoredCount / count);
      cardOf(engine).say(`${scoredCount} of ${count} read, ${formatMs(runMs)}`);
    },
    onFinish({ engine, results, runMs }) {
      over.add(engine);
      const card = cardOf(engine);
      card.showShare(1);
      card.say(`${formatMs(runMs)}, ${(count / (runMs / 1000)).toFixed(1)} results a second`);
      card.showTop(results);
      announce(`${nameEngine(engine)} finished in ${formatMs(runMs)}.`);
    },
    onFail(engine, error) {
      over.add(engine);
      cardOf(engine).say(`Did not finish: ${readMessage(error)}`);
    },
  };
}

function describeEngine(engine: EngineName, { threads }: ModelInfo): string {
  const note = ENGINES.find(({ name }) => name === engine)?.note ?? '';
  return `${note}, ${threads === 1 ? '1 thread' : `${threads} threads`}`;
}

function setRunning(isRunning: boolean): void {
  if (isRunning) {
    over.clear();
    for (const card of [...cards.values(), searchCard]) card.reset();
    findElement('times', HTMLElement).replaceChildren();
    findElement('problem', HTMLElement).textContent = '';
  } else if (document.activeElement === stop) {
    // The button that has the focus goes away.
    start.focus();
  }
  start.ariaDisabled = String(isRunning);
  stop.hidden = !isRunning;
  for (const control of [query, candidates]) control.readOnly = isRunning;
  for (const control of [model, run]) control.disabled = isRunning;
  progress.hidden = true;
}

/** Says how it ended, on the page and to screen readers. */
function finish(words: string): void {
  status.textContent = words;
  announce(words);
}

function fail(error: unknown): void {
  status.textContent = '';
  findElement('problem', HTMLElement).textContent = `There was no race. ${readMessage(error)}`;
}

/** Screen readers are told of the start, of each finish and of the result. */
function announce(words: string): void {
  findElement('announcement', HTMLElement).textContent = words;
}

function readMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
