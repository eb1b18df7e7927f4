import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { cdp, userEvent } from 'vitest/browser';
import {
  createReranker,
  type RankedResult,
  type Reranker,
  type RerankOutcome,
  type RerankRequest,
} from 'rerank-results';
import type { Candidate, RerankResults } from 'rerank-results/element';
import { addSearched, expectOptions, expectSearchStatus, find } from './search-stage.ts';
import {
  addElement,
  addListElement,
  expectItems,
  expectStatus,
  expectTitles,
  findLinks,
  finishGlides,
  found,
  movePointerAway,
  nextEvent,
  query,
  readItems,
  readTitles,
  rerankedOrder,
  searchOrder,
  settle,
  tinyModel,
} from './stage.ts';

/** With the first two results read. */
const partialOrder = ['Bread', 'Index', 'Log'];

let elsewhere: HTMLElement;

beforeEach(async () => {
  elsewhere = await movePointerAway();
});

afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

let loaded: Promise<Reranker> | undefined;

/** The tiny model, which reads one result more with each `step`. */
async function createStepwiseReranker(): Promise<{
  readonly reranker: Reranker;
  readonly step: () => void;
}> {
  const { model, modelBase, device } = tinyModel;
  loaded ??= createReranker({ model, modelBaseUrl: modelBase, device });
  const ready = await loaded;
  let allowed = 0;
  let go: (() => void) | undefined;
  const step = (): void => {
    allowed += 1;
    go?.();
  };
  const waitForStep = async (): Promise<void> => {
    while (allowed === 0) await new Promise<void>((resolve) => (go = resolve));
    allowed -= 1;
  };
  const rerank = async (request: RerankRequest<object>): Promise<RerankOutcome<object>> => {
    const { documents, onPartial, ...rest } = request;
    for (let count = 1; count < documents.length; count += 1) {
      await waitForStep();
      const { results } = await ready.rerank({ ...rest, documents: documents.slice(0, count) });
      const unread = documents
        .slice(count)
        .map((document, place) => ({ index: count + place, document, scored: false as const }));
      const order = [...results, ...unread] as RankedResult<object>[];
      onPartial?.({ results: order, scoredCount: count, totalCount: documents.length });
    }
    await waitForStep();
    return ready.rerank({ ...rest, documents });
  };
  return { reranker: Object.assign(Object.create(ready) as Reranker, { rerank }), step };
}

/** An element that has shown the search's order and waits for the first step. */
async function addStepwise(settings: Partial<RerankResults> = {}) {
  const { reranker, step } = await createStepwiseReranker();
  const element = addElement({ search: () => found, query, reranker, ...settings });
  await nextEvent(element, 'rerank-start');
  await element.updateComplete;
  expect(readTitles(element)).toEqual(searchOrder);
  const readNext = async (count = 1): Promise<void> => {
    for (; count > 0; count -= 1) {
      const partial = nextEvent(element, 'rerank-partial');
      step();
      await partial;
    }
    await element.updateComplete;
  };
  const readLast = async (): Promise<void> => {
    const completed = nextEvent(element, 'rerank-complete');
    step();
    await completed;
    await element.updateComplete;
  };
  return { element, readNext, readLast };
}

function findSwitch(element: RerankResults): HTMLButtonElement | null {
  return element.renderRoot.querySelector('[part="switch-order"]:not(:disabled)');
}

/** The sum of the layout shifts that the browser counts while `work` runs, without those soon after input. */
async function sumShifts(work: () => Promise<void>): Promise<number> {
  let sum = 0;
  const count = (entries: PerformanceEntryList): void => {
    for (const entry of entries as (PerformanceEntry & { value: number })[]) sum += entry.value;
  };
  // What the last test left on the page is painted before.
  await settle(200);
  const observer = new PerformanceObserver((list) => count(list.getEntries()));
  observer.observe({ type: 'layout-shift' });
  await work();
  await settle(600);
  count(observer.takeRecords());
  observer.disconnect();
  return sum;
}

async function preferLessMotion(value: 'reduce' | ''): Promise<void> {
  await cdp().send('Emulation.setEmulatedMedia', {
    features: [{ name: 'prefers-reduced-motion', value }],
  });
}

test('by default the order changes once, when it is complete', async () => {
  const { element, readNext, readLast } = await addStepwise();
  await readNext(2);
  expect(readTitles(element)).toEqual(searchOrder);
  await readLast();
  expect(readTitles(element)).toEqual(rerankedOrder);
});

test('with `reorder="live"` each order on the way is shown', async () => {
  const { element, readNext, readLast } = await addStepwise({ reorder: 'live' });
  await readNext(2);
  expect(readTitles(element)).toEqual(partialOrder);
  await expectStatus(element, '3 results. Finding the best …');
  await readLast();
  await expectTitles(element, rerankedOrder);
});

test('with `reorder="live"` a list in use keeps the order that it has, and takes the newest when it is left', async () => {
  const { element, readNext, readLast } = await addStepwise({ reorder: 'live' });
  await readNext(2);
  findLinks(element)[1]?.focus();
  await readLast();
  expect(readTitles(element)).toEqual(partialOrder);
  await expectStatus(element, 'A better order is ready.');
  elsewhere.focus();
  await expectTitles(element, rerankedOrder);
});

test('with `reorder="live"` the site’s own list takes each order too', async () => {
  const { reranker, step } = await createStepwiseReranker();
  const { element, list } = addListElement({ query, reranker, reorder: 'live' });
  await nextEvent(element, 'rerank-start');
  step();
  step();
  await expectItems(list, partialOrder);
  step();
  await expectItems(list, rerankedOrder);
});

test('with `reorder="pinned"` the order stays until the reader asks for the better one', async () => {
  const { element, readNext, readLast } = await addStepwise({ reorder: 'pinned' });
  await readNext(2);
  await readLast();
  await expectStatus(element, 'A better order is ready. Show the better order');
  findLinks(element)[0]?.focus();
  elsewhere.focus();
  await settle();
  expect(readTitles(element)).toEqual(searchOrder);
  element.renderRoot.querySelector<HTMLElement>('[part="show-order"]')?.click();
  await expectTitles(element, rerankedOrder);
});

test('a search field’s list is pinned and live in the same way', async () => {
  const pinned = await createStepwiseReranker();
  const field = await addSearched(query, searchOrder, {
    reranker: pinned.reranker,
    reorder: 'pinned',
  });
  for (let count = 0; count < 3; count += 1) pinned.step();
  await expectSearchStatus(field, 'A better order is ready.');
  await expectOptions(field, searchOrder);
  find(field, '[part="show-order"]').click();
  await expectOptions(field, rerankedOrder);
  field.remove();

  const live = await createStepwiseReranker();
  const other = await addSearched(query, searchOrder, { reranker: live.reranker, reorder: 'live' });
  live.step();
  live.step();
  await expectOptions(other, partialOrder);
  live.step();
  await expectOptions(other, rerankedOrder);
});

test('the search’s own order is one press away, and the better one too', async () => {
  const { element, readNext, readLast } = await addStepwise();
  await readNext(2);
  expect(findSwitch(element)).toBeNull();
  await readLast();
  findSwitch(element)?.focus();
  await userEvent.keyboard('{Enter}');
  await expectTitles(element, searchOrder);
  await expectStatus(element, '3 results, in the search’s order.');
  const button = findSwitch(element);
  expect(element.shadowRoot?.activeElement).toBe(button);
  expect(button?.textContent.trim()).toBe('Show the better order');
  await userEvent.keyboard('{Enter}');
  await expectTitles(element, rerankedOrder);
  expect(findSwitch(element)?.textContent.trim()).toBe('Show the search’s order');
});

test('so it is for the site’s own list', async () => {
  const { element, list } = addListElement({ query });
  await expectItems(list, rerankedOrder);
  await element.updateComplete;
  findSwitch(element)?.click();
  await expectItems(list, searchOrder);
  findSwitch(element)?.click();
  await expectItems(list, rerankedOrder);
});

test('another query is shown in the better order again', async () => {
  const element = addElement({ search: () => found, query });
  await expectTitles(element, rerankedOrder);
  await element.updateComplete;
  findSwitch(element)?.click();
  await expectTitles(element, searchOrder);
  element.query = `${query} now`;
  const { detail } = await nextEvent(element, 'rerank-complete');
  await expectTitles(
    element,
    detail.results.map(({ document }) => (document as (typeof found)[number]).title),
  );
});

test('`rerank-order` tells each order that the page shows, and that nothing is shown', async () => {
  const told: [string, string[]][] = [];
  const { element, readNext, readLast } = await addStepwise({ reorder: 'live' });
  document.addEventListener('rerank-order', ({ detail: { order, results } }) => {
    told.push([order, results.map(({ result }) => (result as Candidate).title)]);
  });
  await readNext(2);
  await readLast();
  // Once what moved before is where it belongs.
  await expectTitles(element, rerankedOrder);
  findSwitch(element)?.click();
  await element.updateComplete;
  element.query = '';
  await expect.poll(() => told.length).toBe(5);
  expect(told).toEqual([
    ['partial', searchOrder],
    ['partial', partialOrder],
    ['reranked', rerankedOrder],
    ['original', searchOrder],
    ['original', []],
  ]);
});

test('who has scrolled into the list keeps it as it is, and sees what waits', async () => {
  const { element, readNext, readLast } = await addStepwise();
  // Each result is taller than the window.
  const tall = new CSSStyleSheet();
  tall.replaceSync(`li { height: ${innerHeight + 100}px }`);
  element.shadowRoot?.adoptedStyleSheets.push(tall);
  findLinks(element)[1]?.scrollIntoView();
  await readNext(2);
  await readLast();
  await settle();
  expect(readTitles(element)).toEqual(searchOrder);
  const button = element.renderRoot.querySelector('[part="show-order"]');
  const { top = -1, bottom = Infinity } = button?.getBoundingClientRect() ?? {};
  expect(top).toBeGreaterThanOrEqual(0);
  expect(bottom).toBeLessThanOrEqual(innerHeight);
  scrollTo(0, 0);
  await expectTitles(element, rerankedOrder);
});

test('moved results glide from where they were', async () => {
  const { element, readNext, readLast } = await addStepwise();
  await readNext(2);
  const places = findLinks(element).map((link) => link.getBoundingClientRect().top);
  await readLast();
  const [log] = findLinks(element);
  // At first it is where it was, at the end.
  expect(log?.getBoundingClientRect().top).toBeGreaterThan(places[1] ?? NaN);
  await finishGlides(element);
  expect(log?.getBoundingClientRect().top).toBeCloseTo(places[0] ?? NaN, 0);
});

test('and are nowhere in between for readers who want less motion', async () => {
  await preferLessMotion('reduce');
  try {
    const { element, readNext, readLast } = await addStepwise();
    await readNext(2);
    const readPlaces = (): number[] =>
      findLinks(element).map((link) => Math.round(link.getBoundingClientRect().top));
    const places = readPlaces();
    await readLast();
    const seen = new Set<number>();
    for (let frame = 0; frame < 10; frame += 1) {
      for (const place of readPlaces()) seen.add(place);
      await new Promise(requestAnimationFrame);
    }
    const allowed = [...places, ...readPlaces()];
    expect([...seen].filter((place) => !allowed.includes(place))).toEqual([]);
    expect(readPlaces()).not.toEqual(places);
  } finally {
    await preferLessMotion('');
  }
});

test('the browser sees a shift where a text is put above others', async () => {
  document.body.append(
    ...found.map(({ text }) => Object.assign(document.createElement('p'), { textContent: text })),
  );
  const shifts = await sumShifts(async () => {
    document.body.prepend(Object.assign(document.createElement('p'), { textContent: 'New' }));
    await settle();
  });
  expect(shifts).toBeGreaterThan(0);
});

test.for([
  ['with motion', ''],
  ['with less motion', 'reduce'],
] as const)('the browser counts no layout shift %s', async ([, motion]) => {
  await preferLessMotion(motion);
  try {
    for (const reorder of ['once', 'live', 'pinned'] as const) {
      const { readNext, readLast } = await addStepwise({ reorder });
      const below = document.createElement('p');
      below.textContent = 'What stands below the results.';
      document.body.append(below);
      const shifts = await sumShifts(async () => {
        await readNext(2);
        await settle(400);
        await readLast();
      });
      expect(shifts, reorder).toBe(0);
      document.body.replaceChildren();
    }
    const { reranker, step } = await createStepwiseReranker();
    const { element, list } = addListElement({ query, reranker, reorder: 'live' });
    await nextEvent(element, 'rerank-start');
    const shifts = await sumShifts(async () => {
      step();
      step();
      await expectItems(list, partialOrder);
      await settle(400);
      step();
      await expectItems(list, rerankedOrder);
    });
    expect(shifts).toBe(0);
    expect(readItems(list)).toEqual(rerankedOrder);
  } finally {
    await preferLessMotion('');
  }
});
