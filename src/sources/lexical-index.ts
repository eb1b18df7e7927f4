import MiniSearch, { type SearchOptions } from 'minisearch';
import type { Candidate } from './candidate.ts';
import { readQueryWords } from './query-words.ts';

/** A search by words in documents that the page holds. */
export interface LexicalIndex {
  /** The best `limit` documents, best first, each with its `id` and its BM25+ `score`. */
  search(query: string, limit: number): object[];
}

/** How long the page's thread is held at most, about: a frame. */
const SLICE_MS = 12;
/** Shorter words have too many neighbours with a letter wrong. */
const LEAST_FUZZY_LETTERS = 5;
/** Longer ones are no words, and MiniSearch compares them in a table of the square of their length. */
const MOST_FUZZY_LETTERS = 40;
/** A pasted page must not hold the page's thread. */
const MOST_WORDS = 40;
/** Shorter beginnings are those of too many words: two letters take a quarter of a second in 7,500 documents. */
const LEAST_PREFIX_LETTERS = 3;
/** Who has typed two letters that are no word must not be told that there is nothing. Where titles have them, that is fast. */
const LAST_RESORTS: readonly SearchOptions[] = [{ fields: ['title'] }, {}].map((options) => ({
  ...options,
  prefix: (term, position, terms) => position === terms.length - 1 && term.length === 2,
}));

/**
 * Makes the index in slices, between which the page can answer its reader.
 *
 * Title and text weigh the same: a word is rarer in titles, so BM25 counts it for more there already.
 */
export async function createLexicalIndex(documents: readonly Candidate[]): Promise<LexicalIndex> {
  const splitWords = MiniSearch.getDefault('tokenize') as (text: string) => string[];
  const index = new MiniSearch<Candidate>({
    fields: ['title', 'text'],
    searchOptions: {
      tokenize: (query) => splitWords(query).slice(0, MOST_WORDS),
      prefix: (term, position, terms) =>
        position === terms.length - 1 && term.length >= LEAST_PREFIX_LETTERS,
      fuzzy: ({ length }) => length >= LEAST_FUZZY_LETTERS && length <= MOST_FUZZY_LETTERS && 1,
      // Both help a query that finds nothing else, and neither outweighs the word itself.
      weights: { prefix: 0.15, fuzzy: 0.02 },
    },
  });
  let sliceEndMs = performance.now() + SLICE_MS;
  for (const document of documents) {
    index.add(document);
    if (performance.now() < sliceEndMs) continue;
    await new Promise((resolve) => setTimeout(resolve));
    sliceEndMs = performance.now() + SLICE_MS;
  }
  const byId = new Map(documents.map((document) => [document.id, document]));
  return {
    search: (query, limit) => {
      const words = readQueryWords(query).join(' ');
      let found = index.search(words);
      for (const options of LAST_RESORTS) {
        if (found.length === 0) found = index.search(words, options);
      }
      return found
        .slice(0, limit)
        .map(({ id, score }) => ({ ...byId.get(id as string)?.document, id: id as string, score }));
    },
  };
}
