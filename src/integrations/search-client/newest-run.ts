import type { ClientQuery } from './read-query.ts';

interface Run {
  readonly indexName: string;
  readonly key: string;
  readonly ends: AbortController;
}

/**
 * The newest queries of each index: what one call asks for belongs together, and ends what earlier calls asked of the same indices, but for
 * the same queries.
 *
 * @returns For all queries of one call, the signal of each by its key.
 */
export function watchNewest(): (
  queries: readonly Pick<ClientQuery, 'indexName' | 'key'>[],
) => ReadonlyMap<string, AbortSignal> {
  let runs: readonly Run[] = [];
  return (queries) => {
    const keys = new Set(queries.map(({ key }) => key));
    const indices = new Set(queries.map(({ indexName }) => indexName));
    const newest = new Map<string, Run>();
    for (const { indexName, key } of queries) {
      const known = runs.find((run) => run.key === key);
      newest.set(key, known ?? { indexName, key, ends: new AbortController() });
    }
    const others = runs.filter(({ key }) => !keys.has(key));
    for (const { indexName, ends } of others) if (indices.has(indexName)) ends.abort();
    runs = [...others.filter(({ indexName }) => !indices.has(indexName)), ...newest.values()];
    return new Map([...newest].map(([key, { ends }]) => [key, ends.signal]));
  };
}
