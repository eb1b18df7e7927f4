import { RerankError } from '../shared/errors.ts';

/**
 * The documents that an engine without texts has indexed: the list that the index was made from, each with its `id`, or a
 * function that finds one. Ids compare as texts: lunr keeps nothing else.
 */
export type Documents = readonly object[] | ((id: string) => object | undefined);

/** One result of an engine that keeps no texts. */
export interface FoundId {
  readonly id: unknown;
  /** Greater is better. */
  readonly score?: number;
}

/**
 * Puts documents to the results of an engine that keeps no texts. A result without a document is left out.
 *
 * @returns A function that throws RerankError `source-failed` when no result has a document.
 */
export function joinDocuments(
  documents: Documents,
): (found: readonly FoundId[]) => readonly object[] {
  const find = typeof documents === 'function' ? documents : findInList(documents);
  return (found) => {
    const joined = found.flatMap(({ id, score }) => {
      const document = find(String(id));
      return document ? [{ ...document, id, ...(score !== undefined && { score }) }] : [];
    });
    if (joined.length > 0 || found.length === 0) return joined;
    throw new RerankError(
      'source-failed',
      `None of the ${found.length} results has a document with its id, such as "${String(found[0]?.id)}". ` +
        'Give the documents that the index was made from, each with its id.',
    );
  };
}

function findInList(documents: readonly object[]): (id: string) => object | undefined {
  let byId: Map<string, object> | undefined;
  return (id) => {
    // Not before the first search: a page may never search.
    byId ??= new Map(
      documents.map((document) => [String((document as { id?: unknown }).id), document]),
    );
    return byId.get(id);
  };
}
