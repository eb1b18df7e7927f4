import { RerankError } from '../shared/errors.ts';
import { joinDocuments, type Documents } from './documents-by-id.ts';
import type { SearchFunction } from './endpoint.ts';
import { mapFields, type ResultFields } from './fields.ts';

/** What is used of MiniSearch 5 to 7. */
export interface MiniSearchIndex {
  search(query: string, searchOptions?: object): readonly MiniSearchResult[];
}

interface MiniSearchResult {
  readonly id: unknown;
  readonly score: number;
}

/** Settings of {@link searchMiniSearch}. */
export interface MiniSearchSourceOptions<TIndex extends MiniSearchIndex> {
  /** Needed where the index has no `storeFields`. */
  readonly documents?: Documents;
  /** Where a document holds its parts. Default: the usual names. */
  readonly fields?: ResultFields;
  /** MiniSearch's own, such as `{ prefix: true, boost: { title: 2 } }`. Default: those of the index. */
  readonly searchOptions?: Parameters<TIndex['search']>[1];
}

/** Which words matched where: it may be longer than the text, and no model should read it. */
const MATCH_FIELDS = ['terms', 'queryTerms', 'match'];

/**
 * A search in a MiniSearch index of the page.
 *
 * @returns A search that throws RerankError `source-failed` when neither the index nor `documents` has texts.
 */
export function searchMiniSearch<TIndex extends MiniSearchIndex>(
  index: TIndex,
  { documents, fields = {}, searchOptions }: MiniSearchSourceOptions<TIndex> = {},
): SearchFunction {
  const join = documents && joinDocuments(documents);
  return (query, { limit }) => {
    const found = index.search(query, searchOptions).slice(0, limit);
    return mapFields(join ? join(found) : found.map(takeStoredFields), fields);
  };
}

function takeStoredFields(result: MiniSearchResult): object {
  const fields = Object.entries(result).filter(([name]) => !MATCH_FIELDS.includes(name));
  if (fields.length > 2) return Object.fromEntries(fields);
  throw new RerankError(
    'source-failed',
    'The MiniSearch index keeps no texts: name them in its storeFields, or give documents.',
  );
}
