import { afterEach, expect, test } from 'vitest';
import { RerankResults } from 'rerank-results/element';
import {
  createItem,
  expectItems,
  expectTitles,
  found,
  query,
  rerankedOrder,
  tinyModel,
} from './stage.ts';

afterEach(() => {
  document.body.replaceChildren();
});

/** A tag name that nobody has defined. */
let tags = 0;
function nameTag(): string {
  tags += 1;
  return `late-results-${tags}`;
}

/** What loading the module does for `rerank-results`. */
function define(tag: string): void {
  customElements.define(tag, class extends RerankResults {});
}

const attributes = `model="tiny-split" model-base="/test/models/" device="wasm" fields="text"`;

test('an element in the HTML works when the module comes later', async () => {
  const tag = nameTag();
  document.body.innerHTML = `
    <${tag} ${attributes} query="${query}" endpoint="/test/fixtures/search.json"></${tag}>`;
  const element = document.body.firstElementChild as RerankResults;
  expect(element).not.toBeInstanceOf(RerankResults);
  define(tag);
  await expectTitles(element, rerankedOrder);
});

test('properties that were set before the module came are kept', async () => {
  const tag = nameTag();
  document.body.append(
    Object.assign(document.createElement(tag), tinyModel, { search: () => found, query }),
  );
  define(tag);
  const element = document.body.firstElementChild as RerankResults;
  await expectTitles(element, rerankedOrder);
  expect(Object.hasOwn(element, 'search')).toBe(false);

  element.search = () => found.slice(0, 2);
  await expectTitles(element, ['Bread', 'Index']);
});

test("the site's own list is on the page before the module comes, and reordered after", async () => {
  const tag = nameTag();
  document.body.innerHTML = `<${tag} ${attributes} query="${query}"><ol></ol></${tag}>`;
  const list = document.querySelector('ol');
  if (!list) throw new Error('No list.');
  list.append(...found.map(createItem));
  define(tag);
  await expectItems(list, rerankedOrder);
});

test('a text in the search field before the module came is searched', async () => {
  const tag = nameTag();
  document.body.innerHTML = `
    <input id="q" value="${query}" />
    <${tag} ${attributes} for="q" endpoint="/test/fixtures/search.json"></${tag}>`;
  const element = document.body.lastElementChild as RerankResults;
  define(tag);
  await expectTitles(element, rerankedOrder);
});

test('loading the module again leaves the element as it is', async () => {
  const defined = customElements.get('rerank-results');
  const again = '/dist/element.js?again';
  await import(/* @vite-ignore */ again);
  expect(customElements.get('rerank-results')).toBe(defined);
});
