import { readFile } from 'node:fs/promises';
import { parseCorpus } from '../corpus/corpus-record.ts';
import { createSearchIndex } from './search-index.ts';
import type { SearchIndex } from './search-index.ts';

/**
 * Gives a function that reads a JSON Lines corpus and indexes it on the first call, and answers
 * every later call with the same index. A failed read is tried again on the next call.
 */
export function lazySearchIndex(corpusFile: string | URL): () => Promise<SearchIndex> {
  let pending: Promise<SearchIndex> | undefined;
  return () => {
    pending ??= readFile(corpusFile, 'utf8')
      .then((jsonLines) => createSearchIndex(parseCorpus(jsonLines)))
      .catch((error: unknown) => {
        pending = undefined;
        throw error;
      });
    return pending;
  };
}
