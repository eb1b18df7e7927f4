import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cdp, userEvent } from 'vitest/browser';
import type { RerankRequest } from 'rerank-results';
import type { RerankResults } from 'rerank-results/element';
import 'rerank-results/locales/de';
import {
  addGated,
  addWithModel,
  announced,
  createGatedReranker,
  expectPanels,
  findButton,
  findButtons,
  findPanels,
  MADE,
  WAITING,
  withRerank,
} from './explain-stage.ts';
import {
  addElement,
  expectStatus,
  expectTitles,
  findLinks,
  found,
  movePointerAway,
  nextEvent,
  query,
  readTitles,
  rerankedOrder,
  searchOrder,
  settle,
} from './stage.ts';

let elsewhere: HTMLButtonElement;

beforeEach(async () => {
  elsewhere = await movePointerAway();
});

afterEach(() => {
  document.body.replaceChildren();
  document.documentElement.lang = 'en';
});

/** What the page did not handle, from now on. */
function recordFaults(element: RerankResults): string[] {
  const faults: string[] = [];
  element.addEventListener('rerank-error', ({ detail }) => faults.push(detail.error.message));
  addEventListener('unhandledrejection', ({ reason }) => faults.push(String(reason)));
  return faults;
}

describe('what is open', () => {
  it('waits in words, and what stands below does not move when the reason comes', async () => {
    const { element, open } = await addGated();
    await settle(200);
    await userEvent.click(findButton(element));
    await expectPanels(element, [WAITING]);
    // The browser does not count what moves soon after a press.
    await settle(700);
    let shift = 0;
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[]) {
        shift += entry.value;
      }
    });
    observer.observe({ type: 'layout-shift' });
    const places = findLinks(element).map((link) => link.getBoundingClientRect().top);
    open();
    await expectPanels(element, [MADE]);
    await settle(600);
    observer.disconnect();
    expect(findLinks(element).map((link) => link.getBoundingClientRect().top)).toEqual(places);
    expect(shift).toBe(0);
  });

  it('stays when another one is opened, so that the button that is pressed does not move', async () => {
    const { element, open } = await addGated();
    open();
    findButton(element, 0).click();
    await expectPanels(element, [MADE]);
    const { top } = findButton(element, 1).getBoundingClientRect();
    findButton(element, 1).click();
    await expectPanels(element, [MADE, MADE]);
    expect(findButton(element, 1).getBoundingClientRect().top).toBe(top);
    findButton(element, 0).click();
    await expectPanels(element, [MADE]);
  });

  it('is told to screen readers once it is there, each time that it is asked for', async () => {
    const { element, open } = await addGated();
    await expect.poll(() => announced(element)).toBe('3 results, best first.');
    findButton(element).click();
    await element.updateComplete;
    await expect.poll(() => announced(element)).toBe('');
    open();
    await expectPanels(element, [MADE]);
    await expect.poll(() => announced(element)).toMatch(MADE);
    findButton(element).click();
    await settle(1200);
    findButton(element).click();
    await expect.poll(() => announced(element)).toBe('');
    await expect.poll(() => announced(element)).toMatch(MADE);
  });

  it('that takes its time is told to be made, unless it is closed before', async () => {
    const { element, open } = await addGated();
    await expect.poll(() => announced(element)).toBe('3 results, best first.');
    findButton(element).click();
    await settle(300);
    findButton(element).click();
    await settle(1200);
    expect(announced(element)).toBe('');
    findButton(element).click();
    await expect.poll(() => announced(element), { timeout: 5000 }).toBe(WAITING);
    open();
    await expect.poll(() => announced(element)).toMatch(MADE);
  });

  it('holds the order on the page while it is open', async () => {
    const { reranker } = await createGatedReranker();
    let goOn = (): void => undefined;
    const mayEnd = new Promise<void>((resolve) => (goOn = resolve));
    const rerank = async (request: RerankRequest<object>) => {
      const { onPartial } = request;
      const outcome = await reranker.rerank(request);
      if (!onPartial) return outcome;
      // The first two results are read, and the others wait.
      onPartial({
        results: outcome.results.toSorted((a, b) => a.index - b.index),
        scoredCount: 2,
        totalCount: 3,
      });
      await mayEnd;
      return outcome;
    };
    const element = addElement({
      search: () => found,
      query,
      reorder: 'live',
      explain: true,
      reranker: withRerank(reranker, rerank),
    });
    await nextEvent(element, 'rerank-partial');
    await element.updateComplete;
    findLinks(element)[0]?.focus();
    goOn();
    await expectStatus(element, 'A better order is ready.');
    findButton(element).click();
    await expectPanels(element, [MADE]);
    elsewhere.focus();
    await settle();
    expect(readTitles(element)).toEqual(searchOrder);
    findButton(element).focus();
    await userEvent.keyboard('{Escape}');
    elsewhere.focus();
    await expectTitles(element, rerankedOrder);
  });

  it('is closed when the results of a new query are there', async () => {
    const { element, open } = await addGated();
    open();
    findButton(element).click();
    await expectPanels(element, [MADE]);
    element.query = 'warm kitchen';
    await nextEvent(element, 'rerank-candidates');
    await element.updateComplete;
    expect(findPanels(element)).toEqual([]);
    await expect
      .poll(() => findButtons(element).map(({ ariaExpanded }) => ariaExpanded))
      .toEqual(['false', 'false', 'false']);
  });

  it('is closed in the search’s own order, which has no scores', async () => {
    const { element, open } = await addGated();
    open();
    findButton(element).click();
    await expectPanels(element, [MADE]);
    element.renderRoot.querySelector<HTMLElement>('[part="switch-order"]')?.click();
    await expectTitles(element, searchOrder);
    await expectPanels(element, []);
    expect(findButtons(element)).toHaveLength(0);
  });

  it('is in the language of the page, and the result’s words are in their own direction', async () => {
    document.documentElement.lang = 'de';
    const { element, open } = await addGated();
    const button = findButton(element);
    expect(button.textContent.trim()).toBe('Warum dieses Ergebnis?');
    button.click();
    await expectPanels(element, ['Der Grund wird ermittelt …']);
    open();
    await expectPanels(element, [/Relevanz|Ausschlag/]);
    for (const mark of element.renderRoot.querySelectorAll('[part="raised"]')) {
      expect(mark.getAttribute('dir')).toBe('auto');
    }
  });

  it('has marks by their lines, where the reader’s colours stand in the place of ours', async () => {
    const setForcedColours = (value: 'active' | 'none'): Promise<unknown> =>
      cdp().send('Emulation.setEmulatedMedia', { features: [{ name: 'forced-colors', value }] });
    const element = await addWithModel();
    findButton(element).click();
    await expectPanels(element, [MADE]);
    await setForcedColours('active');
    try {
      expect(matchMedia('(forced-colors: active)').matches).toBe(true);
      const marks = [...element.renderRoot.querySelectorAll('[part="raised"]')];
      expect(marks.length).toBeGreaterThan(1);
      for (const mark of marks) {
        const { textDecorationLine, textDecorationThickness } = getComputedStyle(mark);
        expect(textDecorationLine).toBe('underline');
        expect(Number.parseFloat(textDecorationThickness)).toBeGreaterThan(1);
      }
    } finally {
      await setForcedColours('none');
    }
  });
});

describe('what is still made', () => {
  it.each([
    ['pressed again', (element: RerankResults) => findButton(element).click()],
    ['searched anew', (element: RerankResults) => void (element.query = 'warm kitchen')],
    ['removed', (element: RerankResults) => element.remove()],
    ['told to explain nothing', (element: RerankResults) => void (element.explain = false)],
  ])('ends where the element is %s, and leaves nothing', async (_name, end) => {
    const { element, signals, open } = await addGated();
    const faults = recordFaults(element);
    findButton(element).click();
    await expectPanels(element, [WAITING]);
    await expect.poll(() => signals.length).toBe(1);
    end(element);
    await expect.poll(() => signals[0]?.aborted).toBe(true);
    open();
    await settle();
    expect(findPanels(element)).toEqual([]);
    expect(signals).toHaveLength(1);
    expect(announced(element)).not.toMatch(MADE);
    expect(faults).toEqual([]);
  });

  it('ends as soon as a new query is searched for, though the results stay until others are there', async () => {
    const { element, signals } = await addGated();
    findButton(element).click();
    await expect.poll(() => signals.length).toBe(1);
    element.search = () => new Promise<never>(() => undefined);
    await expect.poll(() => signals[0]?.aborted).toBe(true);
    expect(readTitles(element)).toEqual(rerankedOrder);
    await expectPanels(element, []);
  });
});
