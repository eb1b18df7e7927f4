import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { found, query, rerankedOrder, searchOrder } from '../golden-search.ts';
import {
  launchChromium,
  launchUnwatched,
  openChromiumPage,
  readPage,
  toOpenedPage,
  waitForEvent,
  type OpenedPage,
} from './browsers.ts';
import { addElementScript, hold, startFaultySite, type FaultySite } from './faulty-site.ts';

const WEIGHTS = /\.onnx/;

let chromium: Awaited<ReturnType<typeof launchChromium>>;
let site: FaultySite;

/** A field, which may have a text, and an element that follows it. The page notes what becomes of it. */
const script = `
const found = ${JSON.stringify(found)};
document.body.innerHTML = '<input id="q" aria-label="Search">';
document.querySelector('#q').value = new URLSearchParams(location.search).get('q') ?? '';
${addElementScript({ query: '', htmlFor: 'q', debounce: 20, candidates: 1000 })}
// Enough for a run of a second and more; the model finds the three best of all.
const rest = Array.from({ length: 400 }, (_, index) => ({ text: 'the '.repeat(60) + index }));
const isLong = new URLSearchParams(location.search).has('long');
element.search = (words) => isLong && words === ${JSON.stringify(query)} ? [...found, ...rest] : found;
window.life = [];
for (const name of ['freeze', 'resume', 'rerank-complete']) document.addEventListener(name, () => life.push(name));
window.addEventListener('pageshow', ({ persisted }) => life.push(persisted ? 'restored' : 'shown'));`;

const readLife = (opened: OpenedPage): Promise<string[]> =>
  opened.evaluate(() => (window as unknown as { life: string[] }).life);

beforeAll(async () => {
  chromium = await launchChromium({ backForwardCache: true });
  site = await startFaultySite({ script });
});

afterEach(() => site.mend());

afterAll(async () => {
  await chromium.context.browser()?.close();
  await site.close();
});

type OpenPage = Awaited<ReturnType<typeof openChromiumPage>>;

const open = (address = ''): Promise<OpenPage> =>
  openChromiumPage(chromium.context, site.url + address);

async function typeQuery({ page }: OpenPage, text = query): Promise<void> {
  await page.fill('#q', text);
}

async function expectReranked(opened: OpenedPage): Promise<void> {
  await expect
    .poll(async () => (await readPage(opened)).titles.slice(0, 3), { timeout: 60_000 })
    .toEqual(rerankedOrder);
  const { uncaught, events } = await readPage(opened);
  expect(uncaught).toEqual([]);
  expect(events.filter((name) => name.startsWith('rerank-error'))).toEqual([]);
}

function countEvents(events: readonly string[], name: string): number {
  return events.filter((event) => event === name).length;
}

const WARM = '?long&q=warm+it+up';

test.each([
  ['while the model is loaded', ''],
  ['during a run of a loaded model', WARM],
])('a page that the browser freezes %s goes on when it is thawed', async (_, address) => {
  const { fault, isAsked, release } = hold(0.5);
  if (address === '') site.break(WEIGHTS, fault);
  await using reader = await launchUnwatched();
  await using opened = await reader.open(site.url + address);
  if (address !== '') await waitForEvent(opened, 'rerank-complete');
  const devtools = await opened.page.createCDPSession();
  await opened.evaluate(startQuery, query);
  if (address === '') await expect.poll(isAsked).toBe(true);
  await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
  // Long enough for a page that is not frozen to have ended its run.
  await new Promise((resolve) => setTimeout(resolve, 2000));
  await devtools.send('Page.setWebLifecycleState', { state: 'active' });
  await opened.page.bringToFront();
  release();
  await expectReranked(opened);
  const before = address === '' ? ['shown'] : ['shown', 'rerank-complete'];
  const life = [...before, 'freeze', 'resume', 'rerank-complete'];
  await expect.poll(() => readLife(opened)).toEqual(life);
});

test('a page in a background tab reranks, and shows it when it is seen', async () => {
  await using reader = await launchUnwatched();
  await using opened = await reader.open(site.url);
  const front = await reader.open(`${site.url}elsewhere`);
  await front.page.bringToFront();
  await expect.poll(() => opened.evaluate(() => document.hidden)).toBe(true);
  await opened.evaluate(startQuery, query);
  await opened.page.bringToFront();
  await expectReranked(opened);
});

/** Types into the field; resolves when the run begins. */
function startQuery(text: string): Promise<void> {
  const field = document.querySelector('input');
  if (field) field.value = text;
  field?.dispatchEvent(new InputEvent('input', { bubbles: true }));
  return new Promise((resolve) =>
    document.addEventListener('rerank-start', () => resolve(), { once: true }),
  );
}

test.each([
  ['the load of the model', ''],
  ['a run', WARM],
])(
  'a page that was left during %s and is come back to shows the right order, and typing works',
  async (_, address) => {
    const { fault, isAsked, release } = hold(0.5);
    if (address === '') site.break(WEIGHTS, fault);
    await using opened = await open();
    await opened.goto(site.url + address);
    if (address !== '') await waitForEvent(opened, 'rerank-complete');
    await opened.evaluate(startQuery, query);
    // A page whose worker is only just starting is not kept by Chromium.
    if (address === '') await expect.poll(isAsked).toBe(true);
    const left = opened.page.waitForURL('**/elsewhere');
    await opened.evaluate(() => void setTimeout(() => (location.href = '/elsewhere')));
    await left;
    await opened.page.goBack({ waitUntil: 'commit' });
    await expect.poll(async () => (await readLife(opened)).includes('restored')).toBe(true);
    release();
    await expectReranked(opened);
    const before = address === '' ? ['shown'] : ['shown', 'rerank-complete'];
    const life = [...before, 'freeze', 'resume', 'restored', 'rerank-complete'];
    await expect.poll(() => readLife(opened)).toEqual(life);
    await typeQuery(opened, 'bread');
    await expect.poll(() => readLife(opened)).toEqual([...life, 'rerank-complete']);
    await expect
      .poll(async () => (await readPage(opened)).status)
      .toMatch(/^3 results, best first/);
  },
);

test('a page that is closed during a run ends its worker', async () => {
  const devtools = await chromium.context.browser()?.newBrowserCDPSession();
  const countWorkers = async (): Promise<number> => {
    const { targetInfos } = (await devtools?.send('Target.getTargets', {
      filter: [{ type: 'worker' }],
    })) ?? { targetInfos: [] };
    return targetInfos.length;
  };
  // Pages that were left may be kept, with theirs.
  const before = await countWorkers();
  const opened = await open();
  await typeQuery(opened);
  await waitForEvent(opened, 'rerank-start');
  await expect.poll(countWorkers).toBeGreaterThan(before);
  await opened.page.close();
  await expect.poll(countWorkers).toBeLessThanOrEqual(before);
});

test('two copies of the library on a page share the elements and the kept files, and both rerank', async () => {
  await using two = await startFaultySite({
    script: `
window.other = await import('/other-package/rerank-results.js');
${addElementScript()}`,
  });
  await using opened = await openChromiumPage(chromium.context, two.url);
  expect((await waitForEvent(opened, 'rerank-complete')).titles).toEqual(rerankedOrder);
  const told = await opened.evaluate(async () => {
    interface Library {
      readonly RerankResults: unknown;
      readonly createReranker: (options: object) => Promise<{
        rerank(request: object): Promise<{ results: readonly { index: number }[] }>;
        dispose(): Promise<void>;
      }>;
    }
    const { library, other } = window as unknown as { library: Library; other: Library };
    const orders = await Promise.all(
      [library, other].map(async ({ createReranker }) => {
        const reranker = await createReranker({
          model: 'tiny-split',
          modelBaseUrl: '/models/',
          device: 'wasm',
        });
        const documents = ['A warm kitchen.', 'A server log of slow statements.'];
        const { results } = await reranker.rerank({ query: 'slow queries', documents });
        await reranker.dispose();
        return results.map(({ index }) => index);
      }),
    );
    return {
      orders,
      isSame: library === other,
      isDefinedOnce: customElements.get('rerank-results') === library.RerankResults,
    };
  });
  expect(told).toMatchObject({ isSame: false, isDefinedOnce: true });
  expect(told.orders[0]).toEqual(told.orders[1]);
  expect((await readPage(opened)).uncaught).toEqual([]);
  const weights = two.requests.filter((path) => path.includes('.onnx'));
  expect(new Set(weights).size).toBe(weights.length);
});

test('listeners of the site that throw change nothing but the console', async () => {
  const names = ['candidates', 'start', 'progress', 'partial', 'complete', 'skip', 'error'];
  await using throwing = await startFaultySite({
    script: `
for (const name of ${JSON.stringify(names)}) {
  document.addEventListener('rerank-' + name, () => { throw new Error('listener of ' + name); });
}
${addElementScript()}`,
  });
  await using opened = await openChromiumPage(chromium.context, throwing.url);
  const view = await waitForEvent(opened, 'rerank-complete');
  expect(view.titles).toEqual(rerankedOrder);
  expect(view.events).not.toContain('rerank-error worker-failed');
  for (const name of ['candidates', 'start', 'progress', 'complete']) {
    expect(view.uncaught).toContain(`Uncaught Error: listener of ${name}`);
  }
  await opened.evaluate(() => {
    const element = document.querySelector('rerank-results');
    if (element) element.modelBase = '/nowhere/';
  });
  const failed = await waitForEvent(opened, 'rerank-error model-load');
  expect(failed.titles).toEqual(searchOrder);
  expect(failed.uncaught).toContain('Uncaught Error: listener of error');
  await opened.evaluate(() => {
    const element = document.querySelector('rerank-results');
    if (element) element.modelBase = '/models/';
  });
  await expect.poll(async () => (await readPage(opened)).titles).toEqual(rerankedOrder);
  const { uncaught, events } = await readPage(opened);
  expect(uncaught.filter((message) => !message.includes('listener of'))).toEqual([]);
  expect(countEvents(events, 'rerank-error model-load')).toBe(1);
});

test('a page whose storage throws reranks all the same', async () => {
  const page = await chromium.context.newPage();
  await page.addInitScript(() => {
    for (const name of ['localStorage', 'sessionStorage']) {
      Object.defineProperty(window, name, {
        get: () => {
          throw new DOMException('The site may store nothing.', 'SecurityError');
        },
      });
    }
  });
  await page.goto(site.url);
  await using opened = toOpenedPage(page);
  await typeQuery(opened);
  await expectReranked(opened);
});
