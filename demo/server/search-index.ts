import MiniSearch from 'minisearch';
import type { CorpusRecord } from '../corpus/corpus-record.ts';
import { normalizeTerm, querySubject, splitTerms } from './search-terms.ts';

/** A record that a search found. */
export interface SearchHit extends CorpusRecord {
  /** BM25+ score over all fields; larger is better, comparable within one query only. */
  readonly score: number;
}

/** What one search found. */
export interface SearchResults {
  /** How many records match at all, however many are returned. */
  readonly total: number;
  /** The best `limit` records, best first. */
  readonly results: readonly SearchHit[];
}

/** Lexical search over a set of records. */
export interface SearchIndex {
  /** Number of records. */
  readonly size: number;
  /**
   * Finds records by their words.
   * @param query what a reader types; words are optional, so long questions still find something
   * @param limit most results to return, a whole number from 1
   */
  search(query: string, limit: number): SearchResults;
}

/**
 * Builds an in-memory index for lexical search (BM25+ by MiniSearch) over title, path and text.
 *
 * Title and text weigh the same: a word is rarer in titles, so BM25+ already counts it for more there.
 * Headings above weigh 0.3. The last word also matches as the beginning of a word, for search while
 * typing (weight 0.15), and words of five letters and more match with one letter wrong (0.02): both
 * help a query that finds nothing else, and neither outweighs the word itself.
 * @throws {Error} when two records share an id
 */
export function createSearchIndex(records: readonly CorpusRecord[]): SearchIndex {
  const byId = new Map(records.map((record) => [record.id, record]));
  const index = new MiniSearch<CorpusRecord>({
    fields: ['title', 'path', 'text'],
    extractField: (record, field) =>
      field === 'path' ? record.path.join(' ') : record[field as 'id' | 'title' | 'text'],
    tokenize: splitTerms,
    processTerm: normalizeTerm,
    searchOptions: {
      boost: { title: 1, path: 0.3, text: 1 },
      prefix: (term, position, terms) => position === terms.length - 1 && term.length >= 3,
      fuzzy: (term) => (term.length >= 5 ? 1 : false),
      weights: { prefix: 0.15, fuzzy: 0.02 },
    },
  });
  index.addAll(records);
  return {
    size: records.length,
    search(query, limit) {
      const found = index.search(querySubject(query));
      const results = found.slice(0, limit).flatMap(({ id, score }) => {
        const record = byId.get(id as string);
        return record === undefined ? [] : [{ ...record, score }];
      });
      return { total: found.length, results };
    },
  };
}
