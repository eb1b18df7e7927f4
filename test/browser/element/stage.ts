import { expect } from 'vitest';
import { userEvent } from 'vitest/browser';
import type { RerankEvent, RerankEventName, RerankResults } from 'rerank-results/element';
import { found } from '../../golden-search.ts';
import 'rerank-results/element';

export { found, query, rerankedOrder, searchOrder } from '../../golden-search.ts';

/** Milliseconds that a step may take on a slow, busy machine. */
const PATIENCE_MS = 30_000;
const patiently = { timeout: PATIENCE_MS, interval: 5 };

/** An element with the tiny model, which reads texts and not titles, as the golden numbers do. */
export function createElement(settings: Partial<RerankResults> = {}): RerankResults {
  const element = document.createElement('rerank-results');
  return Object.assign(element, tinyModel, settings);
}

export const tinyModel = {
  model: 'tiny-split',
  modelBase: '/test/models/',
  device: 'wasm',
  fields: 'text',
} satisfies Partial<RerankResults>;

/** The same, on the page. */
export function addElement(settings: Partial<RerankResults> = {}): RerankResults {
  const element = createElement(settings);
  document.body.append(element);
  return element;
}

/** An element around the site's own list of `found`. */
export function addListElement(
  settings: Partial<RerankResults> = {},
  html = '<ol></ol>',
): { readonly element: RerankResults; readonly list: Element; readonly items: Element[] } {
  const element = createElement(settings);
  element.innerHTML = html;
  const list = element.querySelector('ol, ul, [role="list"]');
  if (!list) throw new Error('No list.');
  const items = found.map(createItem);
  list.append(...items);
  document.body.append(element);
  return { element, list, items };
}

/**
 * Moves the pointer to a button at the corner, out of the way of the lists. It stays where the last test left it, also
 * one in another file, and nothing moves under it.
 */
export async function movePointerAway(): Promise<HTMLButtonElement> {
  const elsewhere = document.createElement('button');
  elsewhere.textContent = 'Elsewhere';
  elsewhere.style.cssText = 'position: fixed; right: 0; bottom: 0';
  document.body.append(elsewhere);
  await userEvent.hover(elsewhere);
  return elsewhere;
}

/** A list item with a link; the text is `text`, so that scores are those of the golden file. */
export function createItem({
  url,
  text,
}: {
  readonly url: string;
  readonly text: string;
}): Element {
  const item = document.createElement('li');
  const link = document.createElement('a');
  link.href = url;
  link.textContent = text;
  item.append(link);
  return item;
}

export function addField(id: string, value = ''): HTMLInputElement {
  const field = document.createElement('input');
  Object.assign(field, { id, value });
  document.body.append(field);
  return field;
}

/** What a reader's typing does to a field. */
export function type(field: HTMLInputElement | HTMLTextAreaElement, text: string): void {
  field.value = text;
  field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
}

/** The next event of this name. */
export function nextEvent<TName extends RerankEventName>(
  target: EventTarget,
  name: TName,
): Promise<RerankEvent<TName>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`No ${name} came.`)), PATIENCE_MS);
    target.addEventListener(
      name,
      (event) => {
        clearTimeout(timer);
        resolve(event as RerankEvent<TName>);
      },
      { once: true },
    );
  });
}

/** Every event of the element, but for `rerank-order`, which comes when the page has changed. */
export const eventNames = [
  'rerank-candidates',
  'rerank-start',
  'rerank-progress',
  'rerank-partial',
  'rerank-complete',
  'rerank-skip',
  'rerank-error',
  'rerank-select',
] as const satisfies readonly RerankEventName[];

/** The names of the events that reach `target` from now on, without repetitions beside each other. */
export function recordEvents(target: EventTarget): RerankEventName[] {
  const names: RerankEventName[] = [];
  for (const name of eventNames) {
    target.addEventListener(name, () => {
      if (names.at(-1) !== name) names.push(name);
    });
  }
  return names;
}

/** The words that the page shows in the element's status line. */
export function readStatus(element: RerankResults): string {
  const status = element.renderRoot.querySelector('[part="status"]');
  return status?.textContent.replace(/\s+/g, ' ').trim() ?? '';
}

export function findLinks(element: RerankResults): HTMLAnchorElement[] {
  return [...element.renderRoot.querySelectorAll<HTMLAnchorElement>('a[part="link"]')];
}

/** Waits until moved results are where they belong. */
export async function finishGlides(element: RerankResults): Promise<void> {
  await Promise.all(element.shadowRoot?.getAnimations().map(({ finished }) => finished) ?? []);
}

/** The titles of the element's own list, from top to bottom. */
export function readTitles(element: RerankResults): string[] {
  const names = element.renderRoot.querySelectorAll('[part="link"]');
  return [...names].map((name) => name.textContent);
}

/** Waits until the page shows these titles in this order. */
export async function expectTitles(element: RerankResults, titles: string[]): Promise<void> {
  await expect.poll(() => readTitles(element), patiently).toEqual(titles);
}

/** Waits until the status line has these words. */
export async function expectStatus(element: RerankResults, words: string | RegExp): Promise<void> {
  await expect.poll(() => readStatus(element), patiently).toMatch(words);
}

/** The site's items by title, as they stand in the list. */
export function readItems(list: Element): string[] {
  return [...list.children].map((item) => {
    const text = item.textContent;
    return found.find((one) => one.text === text)?.title ?? text;
  });
}

export async function expectItems(list: Element, titles: string[]): Promise<void> {
  await expect.poll(() => readItems(list), patiently).toEqual(titles);
}

/** Long enough for everything that should not happen to have happened. */
export function settle(ms = 100): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
