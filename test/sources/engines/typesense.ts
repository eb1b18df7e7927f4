import {
  mark,
  readString,
  searchSections,
  serveEngine,
  type EngineAnswer,
  type EngineServer,
} from './engine-server.ts';

export const typesenseKey = 'search-only';

/** Answers as Typesense 29 does, from the demo's manual in the collection `docs`. */
export function serveTypesense(): Promise<EngineServer> {
  return serveEngine(({ method, path, params, headers, body }): EngineAnswer => {
    if ((headers['x-typesense-api-key'] ?? params.get('x-typesense-api-key')) !== typesenseKey) {
      const message = 'Forbidden - a valid `x-typesense-api-key` header must be sent.';
      return { status: 401, body: { message } };
    }
    const common = Object.fromEntries(params);
    if (method === 'POST' && path === '/multi_search') {
      const searches = body['searches'] as Record<string, unknown>[];
      const results = searches.map((search) => {
        const { status = 200, body: result } = answer({ ...common, ...search });
        return status === 200
          ? result
          : { code: status, error: (result as { message: string }).message };
      });
      return { body: { results } };
    }
    const [, collection] = /^\/collections\/([^/]+)\/documents\/search$/.exec(path) ?? [];
    return collection === undefined || method !== 'GET'
      ? { status: 404, body: { message: 'Not Found' } }
      : answer({ ...common, collection });
  });
}

function answer(search: Readonly<Record<string, unknown>>): EngineAnswer {
  const collection = readString(search['collection']);
  if (collection !== 'docs') {
    return {
      status: 404,
      body: { message: `Could not find a collection named \`${collection}\`.` },
    };
  }
  if (search['query_by'] === undefined) {
    return { status: 400, body: { message: 'Parameter `query_by` is required' } };
  }
  const q = readString(search['q']);
  const page = Number(search['page'] ?? 1);
  const perPage = Number(search['per_page'] ?? 10);
  if (perPage > 250) {
    return { status: 422, body: { message: 'Only upto 250 hits can be fetched per page.' } };
  }
  const { total, results } = searchSections(q);
  const hits = results.slice((page - 1) * perPage, page * perPage).map(({ score, ...document }) => {
    const snippet = mark(document.title, q, '<mark>', '</mark>');
    const isMarked = snippet !== document.title;
    return {
      document,
      highlight: isMarked ? { title: { matched_tokens: q.split(' '), snippet } } : {},
      highlights: isMarked ? [{ field: 'title', matched_tokens: q.split(' '), snippet }] : [],
      text_match: Math.round(score * 1e6),
      text_match_info: {
        best_field_score: '1',
        best_field_weight: 15,
        fields_matched: 1,
        score: '1',
      },
    };
  });
  return {
    body: {
      facet_counts: [],
      found: total,
      hits,
      out_of: 1200,
      page,
      request_params: { collection_name: collection, first_q: q, per_page: perPage, q },
      search_cutoff: false,
      search_time_ms: 1,
    },
  };
}
