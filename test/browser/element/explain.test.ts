import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { cdp, userEvent } from 'vitest/browser';
import { createReranker, explainScore, type Reranker, type RerankRequest } from 'rerank-results';
import type { RerankEvent, RerankResults } from 'rerank-results/element';
import 'rerank-results/locales/de';
import {
  addElement,
  addListElement,
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
  tinyModel,
} from './stage.ts';

let elsewhere: HTMLButtonElement;

beforeEach(async () => {
  elsewhere = await movePointerAway();
});

afterEach(() => {
  document.body.replaceChildren();
  document.documentElement.lang = 'en';
  document.documentElement.style.colorScheme = '';
});

/** The buttons that can be pressed, from the top. */
function findButtons(element: RerankResults): HTMLButtonElement[] {
  return [...element.renderRoot.querySelectorAll<HTMLButtonElement>('[part="why"]:not(:disabled)')];
}

function findButton(element: RerankResults, place = 0): HTMLButtonElement {
  const button = findButtons(element)[place];
  if (!button) throw new Error(`No button ${place}.`);
  return button;
}

function findPanels(element: RerankResults): HTMLElement[] {
  return [...element.renderRoot.querySelectorAll<HTMLElement>('[part="explanation"]')];
}

/** The words of the open panels, on one line each. */
function readPanels(element: RerankResults): string[] {
  return findPanels(element).map(({ textContent }) => textContent.replace(/\s+/g, ' ').trim());
}

async function expectPanels(element: RerankResults, words: (string | RegExp)[]): Promise<void> {
  await expect
    .poll(() => readPanels(element))
    .toEqual(words.map((each) => expect.stringMatching(each) as string));
}

const readMarks = (element: RerankResults, part: string): string[] =>
  [...element.renderRoot.querySelectorAll(`[part="${part}"]`)].map((mark) => mark.textContent);

const announced = (element: RerankResults): string | undefined =>
  element.renderRoot.querySelector('[role="status"]')?.textContent.replace(/\s+/g, ' ').trim();

const MADE = /raised the relevance|lowered the relevance|made the difference/;
const WAITING = 'Finding the reason …';

let loaded: Promise<Reranker> | undefined;

/** The tiny model, that explains once it may. */
async function createGatedReranker() {
  const { model, modelBase, device } = tinyModel;
  loaded ??= createReranker({ model, modelBaseUrl: modelBase, device });
  const ready = await loaded;
  const signals: (AbortSignal | undefined)[] = [];
  let gate: Promise<unknown> = Promise.resolve();
  let open = (): void => undefined;
  const rerank = async (request: RerankRequest<object>) => {
    if (!request.onPartial) {
      signals.push(request.signal);
      await gate;
    }
    return ready.rerank(request);
  };
  return {
    reranker: Object.assign(Object.create(ready) as Reranker, { rerank }),
    /** The signals of what explanations asked for. */
    signals,
    shut: () => {
      gate = new Promise<void>((resolve) => (open = resolve));
    },
    open: () => open(),
  };
}

/** A list that is reranked, whose explanations wait for `open`. */
async function addGated(settings: Partial<RerankResults> = {}) {
  const { reranker, ...gate } = await createGatedReranker();
  gate.shut();
  const element = addElement({ search: () => found, query, explain: true, reranker, ...settings });
  await expectTitles(element, rerankedOrder);
  return { element, ...gate };
}

/** What the page did not handle, from now on. */
function recordFaults(element: RerankResults): string[] {
  const faults: string[] = [];
  element.addEventListener('rerank-error', ({ detail }) => faults.push(detail.error.message));
  addEventListener('unhandledrejection', ({ reason }) => faults.push(String(reason)));
  return faults;
}

const answer = 'Vacuuming a table makes the space of deleted rows available for reuse.';
const pages = [
  {
    title: 'Locks',
    url: '#locks',
    text: 'A lock is held until its transaction ends. Another transaction waits for it.',
  },
  {
    title: 'Routine maintenance',
    url: '#routine',
    text: `The manual has a chapter for administrators. ${answer} Backups are described elsewhere.`,
  },
];
const question = 'reuse space of deleted rows';

/** With the model that is shipped. */
async function addWithModel(settings: Partial<RerankResults> = {}): Promise<RerankResults> {
  const element = addElement({
    model: 'minilm-l6-split',
    modelBase: '/models/',
    fields: 'title,text',
    search: () => pages,
    query: question,
    explain: true,
    ...settings,
  });
  await expectTitles(element, ['Routine maintenance', 'Locks']);
  return element;
}

describe('with the model that is shipped', () => {
  it('names the sentence that answers, and the words that ask for it, in words and by marks', async () => {
    const element = await addWithModel();
    findButton(element).click();
    await expectPanels(element, [MADE]);
    const [words = ''] = readPanels(element);
    expect(words).toContain(`This sentence raised the relevance most: ${answer}`);
    expect(readMarks(element, 'raised').at(-1)).toBe(answer);

    await using reranker = await createReranker();
    const [, document] = pages;
    if (!document) throw new Error('No page.');
    const explained = await explainScore(reranker, { query: question, document });
    const [strongest] = explained.words.toSorted((a, b) => b.effect - a.effect);
    console.log(JSON.stringify(explained.words), JSON.stringify(explained.sentences), words);
    expect(words).toMatch(new RegExp(`^“${strongest?.text}”.* raised the relevance most\\.`));
    const mark = [...element.renderRoot.querySelectorAll<HTMLElement>('[part="raised"]')].find(
      ({ textContent }) => textContent === strongest?.text,
    );
    expect(mark?.style.getPropertyValue('--rerank-strength')).toBe('1.00');
    // The query stands there whole.
    expect(mark?.parentElement?.textContent).toBe(question);
  });

  it('explains the passage that counted, where long documents are read by passages', async () => {
    const filler = 'The committee met and agreed on nothing new. '.repeat(60);
    const long = { title: 'Minutes', url: '#minutes', text: `${filler}${answer} ${filler}` };
    const element = addElement({
      model: 'minilm-l6-split',
      modelBase: '/models/',
      search: () => [pages[0] ?? {}, long],
      query: question,
      longDocuments: 'best-passage',
      fields: 'title,text',
      explain: true,
    });
    await expectTitles(element, ['Minutes', 'Locks']);
    findButton(element).click();
    await expectPanels(element, [answer]);
  });

  it.each(['light', 'dark'])('has no accessibility violations in %s colours', async (scheme) => {
    document.documentElement.style.colorScheme = scheme;
    const element = await addWithModel();
    findButton(element).click();
    await expectPanels(element, [MADE]);
    const { violations, passes } = await axe.run(element);
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    expect(passes.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['color-contrast', 'aria-valid-attr-value', 'button-name']),
    );
  });
});

test('without the attribute there are no buttons, and ids that a page could see are not there either', async () => {
  const element = addElement({ search: () => found, query });
  await expectTitles(element, rerankedOrder);
  expect(element.renderRoot.querySelectorAll('[part="why"], [part="list"] [id]')).toHaveLength(0);
  element.setAttribute('explain', '');
  await element.updateComplete;
  expect(findButtons(element)).toHaveLength(3);
});

test('the site’s own list stays as it is', async () => {
  const { element, list } = addListElement({ query, explain: true });
  await nextEvent(element, 'rerank-complete');
  await element.updateComplete;
  expect(list.querySelectorAll('button')).toHaveLength(0);
  expect(findButtons(element)).toHaveLength(0);
});

describe('the button', () => {
  it('is named by its words and the result, and is large enough to be touched', async () => {
    const { element } = await addGated();
    const button = findButton(element);
    const names = (button.getAttribute('aria-labelledby') ?? '')
      .split(' ')
      .map((id) => element.shadowRoot?.getElementById(id)?.textContent.trim());
    expect(names).toEqual(['Why this result?', rerankedOrder[0]]);
    const { height, width } = button.getBoundingClientRect();
    expect(Math.min(height, width)).toBeGreaterThanOrEqual(24);
  });

  it('is reached and pressed with the keyboard, and Escape closes what it opened, and nothing else', async () => {
    const { element, open } = await addGated();
    const heard: string[] = [];
    document.body.addEventListener('keydown', ({ key }) => heard.push(key));
    findLinks(element)[0]?.focus();
    await userEvent.keyboard('{Tab}');
    const button = findButton(element);
    expect(element.shadowRoot?.activeElement).toBe(button);
    await userEvent.keyboard('{Enter}');
    open();
    await expectPanels(element, [MADE]);
    expect(button.ariaExpanded).toBe('true');
    const panel = element.shadowRoot?.getElementById(button.getAttribute('aria-controls') ?? '');
    expect(panel).toBe(findPanels(element)[0]);
    expect(element.shadowRoot?.activeElement).toBe(button);

    await userEvent.keyboard('{Escape}');
    await expectPanels(element, []);
    expect(heard).toEqual(['Tab', 'Enter']);
    expect(button.ariaExpanded).toBe('false');
    expect(element.shadowRoot?.activeElement).toBe(button);
    await userEvent.keyboard('{Escape}');
    expect(heard).toEqual(['Tab', 'Enter', 'Escape']);
  });

  it('takes its place before there is a score, and has none for a language model’s places in a list', async () => {
    const { reranker } = await createGatedReranker();
    let answerNow = (): void => undefined;
    const mayAnswer = new Promise<void>((resolve) => (answerNow = resolve));
    const rerank = async (request: RerankRequest<object>) => {
      await mayAnswer;
      const outcome = await reranker.rerank(request);
      return { ...outcome, model: { ...outcome.model, engine: 'language-model' } };
    };
    const element = addElement({
      search: () => found,
      query,
      explain: true,
      reranker: Object.assign(Object.create(reranker) as Reranker, { rerank }),
    });
    await expectTitles(element, searchOrder);
    const { height } = element.getBoundingClientRect();
    expect(findButtons(element)).toHaveLength(0);
    answerNow();
    await expectTitles(element, rerankedOrder);
    expect(findButtons(element)).toHaveLength(0);
    element.reranker = reranker;
    await expect.poll(() => findButtons(element)).toHaveLength(3);
    expect(element.getBoundingClientRect().height).toBe(height);
  });
});

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
      reranker: Object.assign(Object.create(reranker) as Reranker, { rerank }),
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

test('a failure is said where the reader asked, told by an event, and may be tried again', async () => {
  const { reranker } = await createGatedReranker();
  let fails = true;
  const rerank = (request: RerankRequest<object>) => {
    if (!request.onPartial && fails) return Promise.reject(new Error('No memory.'));
    return reranker.rerank(request);
  };
  const element = addElement({
    search: () => found,
    query,
    explain: true,
    reranker: Object.assign(Object.create(reranker) as Reranker, { rerank }),
  });
  await expectTitles(element, rerankedOrder);
  const failed: Promise<RerankEvent<'rerank-error'>> = nextEvent(element, 'rerank-error');
  findButton(element).click();
  const { detail } = await failed;
  expect(detail).toMatchObject({
    query,
    during: 'explain',
    error: { code: 'worker-failed', message: 'No memory.' },
  });
  await expectPanels(element, ['The reason could not be found.']);
  await expect.poll(() => announced(element)).toBe('The reason could not be found.');
  expect(readTitles(element)).toEqual(rerankedOrder);

  fails = false;
  findButton(element).click();
  findButton(element).click();
  await expectPanels(element, [MADE]);
});

test('hostile texts are texts in an explanation, too', async () => {
  const attack = vi.fn();
  Object.assign(window, { attack });
  const markup = '<img src=x onerror=attack()><mark part="raised">now</mark>';
  const hostile = `disk ${markup} \u202efull`;
  const search = () => [
    { title: 'One', url: '#1', text: `${markup} is on the disk. It is full.` },
    { title: 'Two', url: '#2', text: `\u2067It is full. ${markup}` },
  ];
  const element = addElement({ search, query: hostile, explain: true, fields: 'title,text' });
  await expect.poll(() => findButtons(element)).toHaveLength(2);
  findButton(element, 0).click();
  findButton(element, 1).click();
  await expectPanels(element, [MADE, MADE]);
  const inside = findPanels(element).flatMap((panel) => [...panel.querySelectorAll('*')]);
  const names = new Set(inside.map(({ localName }) => localName));
  expect([...names].filter((name) => !['p', 'span', 'mark'].includes(name))).toEqual([]);
  expect(element.renderRoot.querySelector('img')).toBeNull();
  expect(attack).not.toHaveBeenCalled();
});
