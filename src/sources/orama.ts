import type { SearchFunction } from './endpoint.ts';
import { mapFields, type ResultFields } from './fields.ts';
import { untilAborted } from '../shared/until-aborted.ts';

/** What is used of the results of Orama 2 and 3. */
interface OramaResults {
  readonly hits: readonly {
    readonly id: string;
    readonly score: number;
    readonly document: object;
  }[];
}

/** Settings of {@link searchOrama}. */
export interface OramaSourceOptions<TDatabase> {
  /** Orama's own function: `import { search } from '@orama/orama'`. Its parameters depend on the database's schema. */
  readonly search: (database: TDatabase, params: never) => OramaResults | Promise<OramaResults>;
  /** Where a document holds its parts. Default: the usual names. */
  readonly fields?: ResultFields;
  /** Orama's own, such as `{ boost: { title: 2 }, tolerance: 1 }`. `term` and `limit` come from the search. */
  readonly params?: object;
}

/** A search in an Orama database of the page, version 2 or 3. */
export function searchOrama<TDatabase>(
  database: TDatabase,
  { search, fields = {}, params }: OramaSourceOptions<TDatabase>,
): SearchFunction {
  return async (query, { limit, signal }) => {
    const asked = { ...params, term: query, limit };
    const { hits } = await untilAborted(search(database, asked as never), signal);
    const found = hits.map(({ id, score, document }) => ({ ...document, id, score }));
    return mapFields(found, fields);
  };
}
