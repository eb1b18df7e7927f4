import MiniSearch from 'minisearch';
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
/** Shorter beginnings are those of too many words. */
const LEAST_PREFIX_LETTERS = 3;

/**
 * Makes the index in slices, between which the page can answer its reader.
 *
 * Title and text weigh the same: a word is rarer in titles, so BM25 counts it for more there already.
 */
export async function createLexicalIndex(documents: readonly Candidate[]): Promise<LexicalIndex> {
  const index = new MiniSearch<Candidate>({
    fields: ['title', 'text'],
    searchOptions: {
      prefix: (term, position, terms) =>
        position === terms.length - 1 && term.length >= LEAST_PREFIX_LETTERS,
      fuzzy: (term) => (term.length >= LEAST_FUZZY_LETTERS ? 1 : false),
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
    search: (query, limit) =>
      index
        .search(readQueryWords(query).join(' '))
        .slice(0, limit)
        .map(({ id, score }) => ({ ...byId.get(id as string)?.document, id: id as string, score })),
  };
}
