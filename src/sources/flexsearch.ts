import { joinDocuments, type Documents, type FoundId } from './documents-by-id.ts';
import { RerankError } from '../shared/errors.ts';
import type { SearchFunction } from './endpoint.ts';
import { mapFields, type ResultFields } from './fields.ts';
import { untilAborted } from '../shared/until-aborted.ts';

/** What is used of FlexSearch 0.7 and 0.8: an `Index`, a `Document`, or one of them in a worker. */
export interface FlexSearchIndex {
  search(query: string, options: object): unknown;
}

/** Settings of {@link searchFlexSearch}. */
export interface FlexSearchSourceOptions {
  /** Needed for an `Index`, and for a `Document` without `store`. */
  readonly documents?: Documents;
  /** Where a document holds its parts. Default: the usual names. */
  readonly fields?: ResultFields;
  /** FlexSearch's own. Default: `{ suggest: true, enrich: true }`, so that not all words must match. */
  readonly searchOptions?: object;
}

interface Entry extends FoundId {
  readonly doc?: object | null;
}

/**
 * A search in a FlexSearch index of the page. What a `Document` finds in several fields is taken in turns: the first
 * of each field, then the second of each.
 *
 * @returns A search that throws RerankError `source-failed` when neither the index nor `documents` has texts.
 */
export function searchFlexSearch(
  index: FlexSearchIndex,
  { documents, fields = {}, searchOptions }: FlexSearchSourceOptions = {},
): SearchFunction {
  const join = documents && joinDocuments(documents);
  return async (query, { limit, signal }) => {
    const options = { suggest: true, enrich: true, ...searchOptions, limit };
    const entries = readEntries(await untilAborted(index.search(query, options), signal));
    const found = [...new Map(entries.map((entry) => [entry.id, entry])).values()].slice(0, limit);
    const results = join ? join(found.map(({ id }) => ({ id }))) : found.map(takeStoredDocument);
    return mapFields(results, fields);
  };
}

/** Reads each shape that FlexSearch answers with: ids, results with or without documents, or a list of these a field. */
function readEntries(answer: unknown): Entry[] {
  const items = (Array.isArray(answer) ? answer : []) as readonly unknown[];
  const fields = items.flatMap((item) => (isField(item) ? [readEntries(item.result)] : []));
  if (fields.length > 0) return takeInTurns(fields);
  return items.map((item) =>
    typeof item === 'object' && item !== null ? (item as Entry) : { id: item },
  );
}

function takeInTurns(lists: readonly (readonly Entry[])[]): Entry[] {
  const longest = lists.reduce((most, { length }) => Math.max(most, length), 0);
  return Array.from({ length: longest }, (_, place) =>
    lists.flatMap((list) => list[place] ?? []),
  ).flat();
}

function isField(item: unknown): item is { readonly result: unknown } {
  return typeof item === 'object' && item !== null && 'result' in item;
}

function takeStoredDocument({ id, doc }: Entry): object {
  if (doc) return { ...doc, id };
  throw new RerankError(
    'source-failed',
    'The FlexSearch index keeps no texts: make a Document with store: true, or give documents.',
  );
}
