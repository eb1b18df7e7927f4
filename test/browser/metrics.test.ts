import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  collectMetrics,
  type RerankMetrics,
  type RerankMetricsEvent,
} from 'rerank-results/metrics';
import guide from '../../docs/metrics.md?raw';
import {
  addElement,
  addListElement,
  createElement,
  findLinks,
  nextEvent,
} from './element/stage.ts';

const query = 'quokka zeppelin';
const results = [
  { title: 'Xylophone', url: '#bassoon', text: 'The oboe plays a mazurka in the gazebo.' },
  { title: 'Wombat', url: '#axolotl', text: 'A narwhal met an ibex at the fjord.' },
  { title: 'Kumquat', url: '#rhubarb', text: 'Quokka and zeppelin eat a papaya.' },
];
const search = (): typeof results => results;

let sent: string[] = [];

beforeEach(() => {
  sent = [];
  vi.spyOn(navigator, 'sendBeacon').mockImplementation((_, data) => sent.push(data as string) > 0);
});

afterEach(() => {
  vi.restoreAllMocks();
  document.body.replaceChildren();
  history.replaceState(null, '', location.pathname + location.search);
});

/** What the browser does where a reader turns to another tab. */
function hidePage(): void {
  const state = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
  document.dispatchEvent(new Event('visibilitychange'));
  state.mockRestore();
}

/** The events that come on `target` from now on. */
function listenTo(target: Document | HTMLElement): RerankMetrics[] {
  const told: RerankMetrics[] = [];
  target.addEventListener('rerank-metrics', (event) => {
    told.push((event as RerankMetricsEvent).detail);
  });
  return told;
}

/** Searches with the real model, until the new order is there. */
async function runQuery(): Promise<HTMLAnchorElement[]> {
  const element = createElement({ search, query });
  const complete = nextEvent(element, 'rerank-complete');
  document.body.append(element);
  await complete;
  await element.updateComplete;
  return findLinks(element);
}

/** Runs the guide's code; what it collects is stopped when the test is over. */
function runGuide(given: Readonly<Record<string, unknown>>): void {
  const blocks = [...guide.matchAll(/^```js\n([^]*?)^```$/gm)].map(([, code = '']) => code);
  blocks.splice(2); // the others run on a server
  const code = blocks.join('\n').replace(/^import .* from 'rerank-results\/metrics';$/m, '');
  expect(blocks).toHaveLength(2);
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the guide's code is what is tested
  const run = new Function(...Object.keys(given), code) as (...values: unknown[]) => void;
  run(...Object.values(given));
}

function listLeaves(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null
    ? Object.values(value).flatMap(listLeaves)
    : [value];
}

test('the guide’s code sends what happened when the page is hidden: numbers, and no word of query or results', async () => {
  const collectors: { stop(): void }[] = [];
  const collect: typeof collectMetrics = (options) => {
    const collector = collectMetrics(options);
    collectors.push(collector);
    return collector;
  };
  document.body.append(document.createElement('main'));
  const shown: RerankMetrics[] = [];
  runGuide({
    collectMetrics: collect,
    showNumbers: (numbers: RerankMetrics) => shown.push(numbers),
  });
  expect(shown).toMatchObject([{ runs: { searched: 0 } }]);

  const links = await runQuery();
  const titles = links.map((link) => link.textContent);
  links[1]?.click();
  expect(sent).toEqual([]);
  hidePage();
  expect(sent).toHaveLength(1);
  const [message = ''] = sent;
  const metrics = JSON.parse(message) as RerankMetrics;
  const before = 1 + results.findIndex(({ title }) => title === titles[1]);
  expect(metrics).toMatchObject({
    runs: {
      searched: 1,
      started: 1,
      completed: 1,
      stopped: {},
      skipped: {},
      failed: { search: {}, preload: {}, rerank: {}, explain: {} },
    },
    devices: { wasm: 1 },
    pairs: { scored: 3, cached: 0 },
    order: { runs: 1, results: 3 },
    clicks: { count: 1, before: { meanRank: before }, after: { meanRank: 2 } },
  });
  for (const step of ['search', 'load', 'queue', 'tokenize', 'infer', 'total'] as const) {
    expect(metrics.durations[step]?.count, step).toBe(1);
  }
  const { total, candidatesToComplete } = metrics.durations;
  expect(total?.p50Ms).toBeGreaterThan(0);
  expect(candidatesToComplete?.p95Ms).toBeGreaterThanOrEqual(total?.p95Ms ?? Infinity);

  expect(listLeaves(metrics).every((leaf) => typeof leaf === 'number')).toBe(true);
  const words = JSON.stringify([query, results]).match(/\w{4,}/g) ?? [];
  const own = new Set(['title', 'text']);
  for (const word of words) {
    if (!own.has(word)) expect(message.toLowerCase()).not.toContain(word.toLowerCase());
  }
  expect(message.length).toBeLessThan(2500);
  for (const collector of collectors) collector.stop();
});

test('each event tells what is new since the last one, and none comes where nothing happened', async () => {
  using collector = collectMetrics();
  const told = listenTo(document);
  await runQuery();
  expect(collector.read()).toMatchObject({ runs: { completed: 1 } });
  hidePage();
  hidePage();
  expect(told).toHaveLength(1);
  expect(collector.read()).toMatchObject({ runs: { completed: 0 } });

  const links = await runQuery();
  links[0]?.click();
  dispatchEvent(new PageTransitionEvent('pagehide'));
  expect(told).toMatchObject([
    { runs: { completed: 1 }, clicks: { count: 0 } },
    { runs: { completed: 1 }, clicks: { count: 1 } },
  ]);
});

test('what is skipped and what fails is counted by its reason', async () => {
  using collector = collectMetrics();
  const element = createElement({ search: () => results.slice(0, 1), query });
  const skipped = nextEvent(element, 'rerank-skip');
  document.body.append(element);
  await skipped;
  element.search = () => Promise.reject(new Error('The zeppelin is gone.'));
  await nextEvent(element, 'rerank-error');
  addElement({ search, query, modelBase: '/nowhere/' });
  await nextEvent(document, 'rerank-error');
  expect(collector.read().runs).toEqual({
    searched: 2,
    started: 1,
    completed: 0,
    stopped: {},
    skipped: { 'too-few': 1 },
    failed: {
      search: { 'source-failed': 1 },
      preload: {},
      rerank: { 'model-load': 1 },
      explain: {},
    },
  });
});

test("the site's own list has no duration of a search", async () => {
  using collector = collectMetrics();
  const { element } = addListElement();
  const complete = nextEvent(element, 'rerank-complete');
  element.query = query;
  await complete;
  const { durations } = collector.read();
  expect(durations.search).toBeUndefined();
  expect(durations.infer?.count).toBe(1);
});

test('elements elsewhere than in the target do not count, and it bubbles from there', async () => {
  const main = document.body.appendChild(document.createElement('main'));
  using collector = collectMetrics({ target: main });
  await runQuery();
  expect(collector.read().runs.completed).toBe(0);
  const told = listenTo(document.body);
  const element = createElement({ search, query });
  const complete = nextEvent(element, 'rerank-complete');
  main.attachShadow({ mode: 'open' }).append(element);
  await complete;
  hidePage();
  expect(told).toMatchObject([{ runs: { completed: 1 } }]);
});

test('where it is stopped it counts and tells nothing any more', async () => {
  const collector = collectMetrics();
  const told = listenTo(document);
  await runQuery();
  collector.stop();
  await runQuery();
  hidePage();
  expect(told).toEqual([]);
  expect(collector.read().runs.completed).toBe(1);
});

test.each([{ top: 0 }, { top: 1.5 }, { target: 'main' as unknown as EventTarget }])(
  'refuses %o',
  (options) => {
    expect(() => collectMetrics(options)).toThrow(
      expect.objectContaining({ code: 'invalid-input' }) as Error,
    );
  },
);
