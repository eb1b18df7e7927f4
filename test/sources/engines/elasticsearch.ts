import {
  readString,
  searchSections,
  serveEngine,
  type EngineAnswer,
  type EngineServer,
} from './engine-server.ts';

/** Answers as the `_search` of Elasticsearch and OpenSearch does, from the demo's manual in the index `docs`. */
export function serveElasticsearch(): Promise<EngineServer> {
  return serveEngine(({ path, body }): EngineAnswer => {
    // The official client talks to nothing that does not say this.
    const headers = { 'x-elastic-product': 'Elasticsearch' };
    const [, index = ''] = /^\/([^/]+)\/_search$/.exec(path) ?? [];
    if (index !== 'docs') {
      const reason = `no such index [${index}]`;
      const error = { type: 'index_not_found_exception', reason, index };
      return {
        status: 404,
        headers,
        body: { error: { root_cause: [error], ...error }, status: 404 },
      };
    }
    const { total, results } = searchSections(findQuery(body['query']));
    const size = (body['size'] ?? 10) as number;
    const from = (body['from'] ?? 0) as number;
    const hits = results
      .slice(from, from + size)
      .map(({ id, score, title, text, url, path: above }) => ({
        _index: index,
        _id: id,
        _score: score,
        _source: { title, text, url, path: above, page: { slug: id.replace('#', '/') } },
      }));
    return {
      headers,
      body: {
        took: 1,
        timed_out: false,
        _shards: { total: 1, successful: 1, skipped: 0, failed: 0 },
        hits: {
          total: { value: total, relation: 'eq' },
          max_score: results[0]?.score ?? null,
          hits,
        },
      },
    };
  });
}

/** The text of a `multi_match`, or of a `match` in any field. */
function findQuery(query: unknown): string {
  const { multi_match: multiMatch, match } = query as Record<string, Record<string, unknown>>;
  if (multiMatch) return readString(multiMatch['query']);
  const [clause] = Object.values(match ?? {});
  return typeof clause === 'string' ? clause : readString((clause as { query: string }).query);
}
