import { expect } from 'vitest';
import { userEvent } from 'vitest/browser';
import {
  createReranker,
  type Reranker,
  type RerankOutcome,
  type RerankRequest,
} from 'rerank-results';
import type { RerankSearch } from 'rerank-results/search';
import 'rerank-results/search';
import { found, tinyModel, type } from './stage.ts';

const patiently = { timeout: 30_000, interval: 5 };

/** A search field with the tiny model on the page, whose search finds `found`. */
export function addSearch(settings: Partial<RerankSearch> = {}, parent: Element = document.body) {
  const element = document.createElement('rerank-search');
  Object.assign(element, tinyModel, { debounce: 50, search: () => found }, settings);
  parent.append(element);
  return element;
}

/** The same, with a text that the reader typed and whose results are listed in this order. */
export async function addSearched(
  text: string,
  titles: string[],
  settings: Partial<RerankSearch> = {},
  parent?: Element,
): Promise<RerankSearch> {
  const element = addSearch(settings, parent);
  await enterText(element, text);
  await expectOptions(element, titles);
  return element;
}

let loaded: Promise<Reranker> | undefined;

/** The tiny model behind a gate: it answers once that is open. */
export async function createGatedReranker(): Promise<{
  readonly reranker: Reranker;
  readonly open: () => void;
}> {
  const { model, modelBase, device } = tinyModel;
  loaded ??= createReranker({ model, modelBaseUrl: modelBase, device });
  const ready = await loaded;
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const rerank = async (request: RerankRequest<object>): Promise<RerankOutcome<object>> => {
    await opened;
    return ready.rerank(request);
  };
  return { reranker: Object.assign(Object.create(ready) as Reranker, { rerank }), open };
}

/** Puts the focus into the field and all of the text at once. */
export async function enterText(element: RerankSearch, text: string): Promise<void> {
  await element.updateComplete;
  element.focus();
  type(findInput(element), text);
}

/** Puts the focus into the field and presses the text's keys. */
export async function typeText(element: RerankSearch, text: string): Promise<void> {
  await element.updateComplete;
  element.focus();
  await userEvent.keyboard(text);
}

export function findInput(element: RerankSearch): HTMLInputElement {
  return find(element, 'input') as HTMLInputElement;
}

export function findPopup(element: RerankSearch): HTMLElement {
  return find(element, '[part="popup"]');
}

/** The element in the shadow root that fits the selector. */
export function find(element: RerankSearch, selector: string): HTMLElement {
  const part = element.renderRoot.querySelector<HTMLElement>(selector);
  if (!part) throw new Error(`There is no ${selector}.`);
  return part;
}

export function findOptions(element: RerankSearch): HTMLElement[] {
  return [...element.renderRoot.querySelectorAll<HTMLElement>('[role="option"]')];
}

/** The titles of the results that the page shows, from top to bottom. */
export function readOptions(element: RerankSearch): string[] {
  if (!findPopup(element).checkVisibility()) return [];
  return [...element.renderRoot.querySelectorAll('[part="title"]')].map((title) =>
    title.textContent.trim(),
  );
}

/** The title of the option that the keyboard is at, as assistive technology finds it. */
export function readActive(element: RerankSearch): string | undefined {
  const id = findInput(element).getAttribute('aria-activedescendant');
  if (id === null) return undefined;
  const option = element.shadowRoot?.getElementById(id);
  expect(option?.getAttribute('aria-selected')).toBe('true');
  expect(findOptions(element).filter((one) => one.ariaSelected === 'true')).toEqual([option]);
  return (option?.querySelector('[part="title"]') ?? option)?.textContent.trim();
}

export function readSearchStatus(element: RerankSearch): string {
  return find(element, '[part="status"]').textContent.replace(/\s+/g, ' ').trim();
}

export async function expectOptions(element: RerankSearch, titles: string[]): Promise<void> {
  await expect.poll(() => readOptions(element), patiently).toEqual(titles);
}

export async function expectActive(
  element: RerankSearch,
  title: string | undefined,
): Promise<void> {
  await element.updateComplete;
  expect(readActive(element)).toBe(title);
}

export async function expectSearchStatus(
  element: RerankSearch,
  words: string | RegExp,
): Promise<void> {
  await expect.poll(() => readSearchStatus(element), patiently).toMatch(words);
}

/** Presses keys one after the other, and waits until the page shows what they did. */
export async function press(element: RerankSearch, keys: string): Promise<void> {
  await userEvent.keyboard(keys);
  await element.updateComplete;
}
