import type { SearchHit } from '../../../demo/server/search-index.ts';
import {
  mark,
  readString,
  searchSections,
  serveEngine,
  type EngineAnswer,
  type EngineServer,
} from './engine-server.ts';

/** Results that can be paged through, as an index's `paginationLimitedTo`. */
const PAGINATION_LIMITED_TO = 1000;

export const algoliaKeys = { appId: 'TESTAPP', apiKey: 'search-only' };

/**
 * Answers as Algolia's search API does, from the demo's manual. The index `docs` has plain records, `docsearch` those of
 * DocSearch's crawler.
 */
export function serveAlgolia(): Promise<EngineServer> {
  return serveEngine(({ method, path, params, headers, body }): EngineAnswer => {
    const given = (name: string) => headers[name] ?? params.get(name);
    if (
      given('x-algolia-application-id') !== algoliaKeys.appId ||
      given('x-algolia-api-key') !== algoliaKeys.apiKey
    ) {
      const message = 'Invalid Application-ID or API key';
      return { status: 403, body: { message, status: 403 } };
    }
    if (method !== 'POST') return { status: 405, body: { message: 'Method not allowed' } };
    if (path === '/1/indexes/*/queries') {
      const requests = body['requests'] as Record<string, unknown>[];
      return { body: { results: requests.map((request) => answer(request)) } };
    }
    const [, indexName] = /^\/1\/indexes\/([^/]+)\/query$/.exec(path) ?? [];
    return indexName === undefined
      ? { status: 404, body: { message: `Path not found ${path}` } }
      : { body: answer({ ...body, indexName }) };
  });
}

function answer(request: Readonly<Record<string, unknown>>): object {
  const indexName = readString(request['indexName']);
  const query = readString(request['query']);
  const page = (request['page'] ?? 0) as number;
  const hitsPerPage = (request['hitsPerPage'] ?? 20) as number;
  const { total, results } = searchSections(query);
  const reachable = results.slice(0, PAGINATION_LIMITED_TO);
  const pre = readString(request['highlightPreTag']) || '<em>';
  const post = readString(request['highlightPostTag']) || '</em>';
  const toHit = indexName === 'docsearch' ? toDocSearchHit : toPlainHit;
  return {
    hits: reachable
      .slice(page * hitsPerPage, (page + 1) * hitsPerPage)
      .map((hit) => toHit(hit, (text) => mark(text, query, pre, post))),
    nbHits: total,
    page,
    nbPages: hitsPerPage === 0 ? 0 : Math.ceil(reachable.length / hitsPerPage),
    hitsPerPage,
    exhaustiveNbHits: true,
    exhaustiveTypo: true,
    query,
    params: new URLSearchParams({
      query,
      page: `${page}`,
      hitsPerPage: `${hitsPerPage}`,
    }).toString(),
    index: indexName,
    ...(request['clickAnalytics'] === true && { queryID: `id-of-${query}` }),
    ...(request['facets'] !== undefined && { facets: { chapter: { SQL: total } } }),
    processingTimeMS: 1,
  };
}

function toPlainHit({ id, title, text, url, path }: SearchHit, marked: (text: string) => string) {
  const marks = (value: string) => ({
    value: marked(value),
    matchLevel: 'full',
    fullyHighlighted: false,
    matchedWords: [],
  });
  return {
    objectID: id,
    title,
    text,
    url,
    chapter: path[0] ?? null,
    _highlightResult: { title: marks(title) },
    _snippetResult: { text: { value: marked(text.slice(0, 200)), matchLevel: 'full' } },
  };
}

function toDocSearchHit(hit: SearchHit, marked: (text: string) => string) {
  const { id, title, text, url, path } = hit;
  const [lvl0 = 'Documentation', ...above] = path;
  const levels = [...above, title];
  const hierarchy = Object.fromEntries(
    Array.from({ length: 7 }, (_, level) => [
      `lvl${level}`,
      level === 0 ? lvl0 : (levels[level - 1] ?? null),
    ]),
  );
  const highlighted = Object.fromEntries(
    Object.entries(hierarchy).flatMap(([level, value]) =>
      value === null
        ? []
        : [[level, { value: marked(value), matchLevel: 'full', matchedWords: [] }]],
    ),
  );
  const content = { value: marked(text.slice(0, 120)), matchLevel: 'full' };
  const [page] = url.split('#');
  return {
    objectID: id,
    type: 'content',
    hierarchy,
    content: text,
    url,
    url_without_anchor: page,
    anchor: id.split('#')[1] ?? null,
    _highlightResult: { hierarchy: highlighted, content },
    _snippetResult: { hierarchy: highlighted, content },
  };
}
