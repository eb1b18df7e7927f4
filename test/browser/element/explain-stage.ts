import { expect } from 'vitest';
import { createReranker, type Reranker, type RerankRequest } from 'rerank-results';
import type { RerankResults } from 'rerank-results/element';
import { addElement, expectTitles, found, query, rerankedOrder, tinyModel } from './stage.ts';

/** The buttons that can be pressed, from the top. */
export function findButtons(element: RerankResults): HTMLButtonElement[] {
  return [...element.renderRoot.querySelectorAll<HTMLButtonElement>('[part="why"]:not(:disabled)')];
}

export function findButton(element: RerankResults, place = 0): HTMLButtonElement {
  const button = findButtons(element)[place];
  if (!button) throw new Error(`No button ${place}.`);
  return button;
}

export function findPanels(element: RerankResults): HTMLElement[] {
  return [...element.renderRoot.querySelectorAll<HTMLElement>('[part="explanation"]')];
}

/** The words of the open panels, on one line each, without marks of direction. */
export function readPanels(element: RerankResults): string[] {
  return findPanels(element).map(({ textContent }) =>
    textContent
      .replace(/[\u2066-\u2069]/g, '')
      .replace(/\s+/g, ' ')
      .trim(),
  );
}

export async function expectPanels(
  element: RerankResults,
  words: (string | RegExp)[],
): Promise<void> {
  await expect
    .poll(() => readPanels(element))
    .toEqual(words.map((each) => expect.stringMatching(each) as string));
}

export const readMarks = (element: RerankResults, part: string): string[] =>
  [...element.renderRoot.querySelectorAll(`[part="${part}"]`)].map((mark) => mark.textContent);

export const announced = (element: RerankResults): string | undefined =>
  element.renderRoot.querySelector('[role="status"]')?.textContent.replace(/\s+/g, ' ').trim();

export const MADE = /raised the relevance|lowered the relevance|made the difference/;
export const WAITING = 'Finding the reason …';

/** A reranker whose answers come from elsewhere. */
export function withRerank(
  reranker: Reranker,
  rerank: (request: RerankRequest<object>) => Promise<unknown>,
): Reranker {
  return Object.create(reranker, {
    rerank: { value: rerank },
    model: { get: () => reranker.model },
  }) as Reranker;
}

let loaded: Promise<Reranker> | undefined;

/** The tiny model, that explains once it may. */
export async function createGatedReranker() {
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
    reranker: withRerank(ready, rerank),
    /** The signals of what explanations asked for. */
    signals,
    shut: () => {
      gate = new Promise<void>((resolve) => (open = resolve));
    },
    open: () => open(),
  };
}

/** A list that is reranked, whose explanations wait for `open`. */
export async function addGated(settings: Partial<RerankResults> = {}) {
  const { reranker, ...gate } = await createGatedReranker();
  gate.shut();
  const element = addElement({ search: () => found, query, explain: true, reranker, ...settings });
  await expectTitles(element, rerankedOrder);
  // Until the results have glided to their places.
  const animations = element.shadowRoot?.getAnimations() ?? [];
  await Promise.all(animations.map(({ finished }) => finished));
  return { element, ...gate };
}

export const answer = 'Vacuuming a table makes the space of deleted rows available for reuse.';
export const pages = [
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
export const question = 'reuse space of deleted rows';

/** With the model that is shipped. */
export async function addWithModel(settings: Partial<RerankResults> = {}): Promise<RerankResults> {
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
