import { RerankError, describeError } from '../shared/errors.ts';
import type { SearchFunction } from './endpoint.ts';
import { readPage, readSubResults, type PagefindPage } from './pagefind-page.ts';
import { readQueryWords } from './query-words.ts';
import { untilAborted } from '../shared/until-aborted.ts';

/** What is used of Pagefind 1: the module `pagefind.js` that it writes beside its index. */
export interface Pagefind {
  search(query: string, options?: object): Promise<PagefindAnswer>;
}

interface PagefindAnswer {
  readonly results: readonly PagefindResult[];
}

interface PagefindResult {
  readonly id: string;
  readonly score: number;
  /** Places of the found words in the page's text, counted in words. */
  readonly words: readonly number[];
  readonly data: () => Promise<PagefindPage>;
}

/** Settings of {@link searchPagefind}. */
export interface PagefindSourceOptions {
  /**
   * Whether a page's sections are results of their own: those that have a found word, at most three a page, with a
   * link to their heading. Default: false, each result is a page.
   */
  readonly subResults?: boolean;
  /** Pagefind's own, such as `{ filters: { version: '15' } }`. */
  readonly searchOptions?: object;
}

/** A pasted paragraph must not become a hundred searches. */
const MOST_WORDS = 12;

/**
 * A search in a Pagefind index. The model reads a page's text, not Pagefind's excerpt.
 *
 * Pagefind finds only pages that have every word, so that a question often finds none. Where it finds fewer than are
 * wanted, it is asked for each word by itself as well, without English function words, and a page's scores are summed.
 *
 * @param pagefind The module, or where it is: a URL relative to the page. It is loaded with the first query.
 * @returns A search that throws RerankError `source-failed` when the module cannot be loaded.
 */
export function searchPagefind(
  pagefind: Pagefind | string = '/pagefind/pagefind.js',
  { subResults = false, searchOptions }: PagefindSourceOptions = {},
): SearchFunction {
  const find = async (query: string, limit: number): Promise<readonly PagefindResult[]> => {
    const engine = typeof pagefind === 'string' ? await importPagefind(pagefind) : pagefind;
    const whole = await engine.search(query, searchOptions);
    const words = readQueryWords(query).slice(0, MOST_WORDS);
    if (whole.results.length >= limit || words.length < 2) return whole.results;
    const parts = await Promise.all(words.map((word) => engine.search(word, searchOptions)));
    return sumResults([whole, ...parts]);
  };
  return async (query, { limit, signal }) => {
    const found = (await untilAborted(find(query, limit), signal)).slice(0, limit);
    // Each page is a file of its own: only those that are shown are loaded, all at once.
    const read = subResults ? readSubResults : readPage;
    const pages = found.map(async ({ score, words, data }) => read(await data(), score, words));
    return (await untilAborted(Promise.all(pages), signal)).flat().slice(0, limit);
  };
}

async function importPagefind(address: string): Promise<Pagefind> {
  // Not relative to this module, as an import would take it.
  const base = typeof document === 'undefined' ? undefined : document.baseURI;
  const url = new URL(address, base).href;
  try {
    return (await import(/* @vite-ignore */ /* webpackIgnore: true */ url)) as Pagefind;
  } catch (error) {
    const message = `Pagefind could not be loaded from ${url}: ${describeError(error)}`;
    throw new RerankError('source-failed', message, { url }, { cause: error });
  }
}

/** Each page once, with the sum of its scores and all its places, the best first. */
function sumResults(answers: readonly PagefindAnswer[]): PagefindResult[] {
  const byId = new Map<string, PagefindResult>();
  for (const result of answers.flatMap(({ results }) => results)) {
    const known = byId.get(result.id);
    const { id, data } = result;
    const score = result.score + (known?.score ?? 0);
    byId.set(id, { id, score, words: [...(known?.words ?? []), ...result.words], data });
  }
  return [...byId.values()].toSorted((a, b) => b.score - a.score);
}
