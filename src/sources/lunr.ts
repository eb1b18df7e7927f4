import { joinDocuments, type Documents } from './documents-by-id.ts';
import type { SearchFunction } from './endpoint.ts';
import { mapFields, type ResultFields } from './fields.ts';

/** What is used of lunr 2. */
export interface LunrIndex {
  query(
    build: (query: LunrQuery) => void,
  ): readonly { readonly ref: string; readonly score: number }[];
}

interface LunrQuery {
  term(term: string, options: object): unknown;
}

/** Settings of {@link searchLunr}. */
export interface LunrSourceOptions {
  /** Where a document holds its parts. Default: the usual names. */
  readonly fields?: ResultFields;
}

/** lunr.Query.wildcard.TRAILING. */
const TRAILING_WILDCARD = 2;
/** A shorter beginning of a word is the beginning of too many. */
const LEAST_PREFIX_LETTERS = 2;

/**
 * A search in a lunr index of the page. lunr keeps no texts, so it needs the documents. All words are optional, and
 * the last one is also taken as the beginning of a word. lunr's query syntax (`title:word`, `+word`, `word~1`) is not
 * read: what a reader types is text.
 *
 * @returns A search that throws RerankError `source-failed` when no result is among the documents.
 */
export function searchLunr(
  index: LunrIndex,
  documents: Documents,
  { fields = {} }: LunrSourceOptions = {},
): SearchFunction {
  const join = joinDocuments(documents);
  return (text, { limit }) => {
    const words = splitWords(text);
    // lunr answers a query without words with all documents.
    if (words.length === 0) return [];
    const found = index.query((query) => {
      for (const word of words) query.term(word, {});
      const last = words.at(-1) ?? '';
      if (last.length < LEAST_PREFIX_LETTERS) return;
      query.term(last, { wildcard: TRAILING_WILDCARD, usePipeline: false, boost: 0.5 });
    });
    const ids = found.slice(0, limit).map(({ ref, score }) => ({ id: ref, score }));
    return mapFields(join(ids), fields);
  };
}

/**
 * Splits as lunr's tokenizer and trimmer do, in any script, and `title:vacuum` also into its parts: lunr keeps such a word
 * whole, and the documents may have it in parts. Without stars, which lunr takes as wildcards.
 */
function splitWords(text: string): string[] {
  const words = text
    .toLowerCase()
    .split(/[\s\-*]+/u)
    .map((word) => word.replace(/^[^\p{L}\p{N}_]+|(?<=[\p{L}\p{N}_])[^\p{L}\p{N}_]+$/gu, ''))
    .flatMap((word) => [word, ...word.split(/[^\p{L}\p{N}_]+/u)]);
  return [...new Set(words)].filter((word) => word !== '');
}
