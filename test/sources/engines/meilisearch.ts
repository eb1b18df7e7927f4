import {
  mark,
  readString,
  searchSections,
  serveEngine,
  type EngineAnswer,
  type EngineServer,
} from './engine-server.ts';

export const meilisearchKey = 'search-only';

/** Answers as Meilisearch 1 does, from the demo's manual in the index `docs`. */
export function serveMeilisearch(): Promise<EngineServer> {
  return serveEngine(({ method, path, headers, body }): EngineAnswer => {
    if (headers.authorization !== `Bearer ${meilisearchKey}`) {
      return { status: 403, body: failure('The provided API key is invalid.', 'invalid_api_key') };
    }
    if (method === 'POST' && path === '/multi-search') {
      const queries = body['queries'] as Record<string, unknown>[];
      return {
        body: {
          results: queries.map((query) => ({ indexUid: query['indexUid'], ...answer(query) })),
        },
      };
    }
    const [, indexUid = ''] = /^\/indexes\/([^/]+)\/search$/.exec(path) ?? [];
    return indexUid === 'docs' && method === 'POST'
      ? { body: answer(body) }
      : { status: 404, body: failure(`Index \`${indexUid}\` not found.`, 'index_not_found') };
  });
}

const failure = (message: string, code: string) => ({ message, code, type: 'invalid_request' });

function answer(search: Readonly<Record<string, unknown>>): object {
  const query = readString(search['q']);
  const { total, results } = searchSections(query);
  const isFinite = search['hitsPerPage'] !== undefined || search['page'] !== undefined;
  const hitsPerPage = (search['hitsPerPage'] ?? 20) as number;
  const page = (search['page'] ?? 1) as number;
  const limit = isFinite ? hitsPerPage : ((search['limit'] ?? 20) as number);
  const offset = isFinite ? (page - 1) * hitsPerPage : ((search['offset'] ?? 0) as number);
  const pre = readString(search['highlightPreTag']) || '<em>';
  const post = readString(search['highlightPostTag']) || '</em>';
  const hits = results.slice(offset, offset + limit).map(({ score, ...document }) => ({
    ...document,
    ...(search['attributesToHighlight'] !== undefined && {
      _formatted: { ...document, title: mark(document.title, query, pre, post) },
    }),
    ...(search['showRankingScore'] === true && { _rankingScore: score / (score + 10) }),
  }));
  return {
    hits,
    query,
    processingTimeMs: 1,
    ...(isFinite
      ? { hitsPerPage, page, totalPages: Math.ceil(total / (hitsPerPage || 1)), totalHits: total }
      : { limit, offset, estimatedTotalHits: total }),
  };
}
