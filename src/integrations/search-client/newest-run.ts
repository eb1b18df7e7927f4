/** The newest query of each index: its signal is aborted when another query takes its place. */
export function watchNewest(): (indexName: string, key: string) => AbortSignal {
  const newest = new Map<string, { readonly key: string; readonly ends: AbortController }>();
  return (indexName, key) => {
    const before = newest.get(indexName);
    if (before?.key === key) return before.ends.signal;
    before?.ends.abort();
    const ends = new AbortController();
    newest.set(indexName, { key, ends });
    return ends.signal;
  };
}
