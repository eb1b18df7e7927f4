import { RerankError } from '../shared/errors.ts';
import { searchJson, type HttpSourceOptions, type SearchFunction } from './endpoint.ts';
import { listTexts, readPath } from './read-path.ts';
import { encodeText } from './url-text.ts';

/** An index at Algolia. */
export interface AlgoliaOptions extends HttpSourceOptions {
  readonly appId: string;
  /** A search-only key: whoever visits the page can read it. */
  readonly apiKey: string;
  readonly indexName: string;
  /** More search parameters, such as `filters` or `attributesToRetrieve`. */
  readonly params?: Readonly<Record<string, unknown>> | undefined;
  /** Origins, tried in this order. Default: the application's own at Algolia, then its fallbacks. */
  readonly hosts?: readonly string[] | undefined;
}

/** The levels below a page's category, which is level 0. */
const HEADINGS = ['lvl1', 'lvl2', 'lvl3', 'lvl4', 'lvl5', 'lvl6'];

/**
 * Searches an Algolia index. Records of DocSearch get the headings above them as title, such as `Backup › Restoring`.
 *
 * `timeoutMs` counts for each host; default 5 000.
 *
 * @throws RerankError, from the search, `source-failed` with `url` and `status` where no host answers.
 */
export function searchAlgolia(options: AlgoliaOptions): SearchFunction {
  const { appId, apiKey, indexName, params = {}, fields, timeoutMs = 5000, maxBytes } = options;
  const hosts = options.hosts ?? [
    `https://${appId}-dsn.algolia.net`,
    ...[1, 2, 3].map((number) => `https://${appId}-${number}.algolianet.com`),
  ];
  const searches = hosts.map((host) =>
    searchJson(
      {
        url: `${host}/1/indexes/${encodeText(indexName)}/query`,
        headers: { 'x-algolia-application-id': appId, 'x-algolia-api-key': apiKey },
        body: { ...params, query: '{query}', hitsPerPage: '{candidates}' },
        list: 'hits',
        fields: { id: 'objectID', ...fields },
        timeoutMs,
        maxBytes,
      },
      {
        readHit: readAlgoliaHit,
        highlights: { under: ['_highlightResult', '_snippetResult'], tags: /<\/?em>/g },
      },
    ),
  );
  return async (query, request) => {
    let failure: unknown;
    for (const search of searches) {
      try {
        return await search(query, request);
      } catch (error) {
        if (!isUnreachable(error)) throw error;
        failure = error;
      }
    }
    throw failure;
  };
}

/** A record of DocSearch with `title` and `text`; any other hit as it is. */
export function readAlgoliaHit(hit: object): object {
  const headings = HEADINGS.flatMap((level) => listTexts(readPath(hit, `hierarchy.${level}`)));
  const title = headings.join(' › ') || listTexts(readPath(hit, 'hierarchy.lvl0')).join(' ');
  if (title === '') return hit;
  const [url] = ['url', 'url_without_anchor'].flatMap((name) => listTexts(readPath(hit, name)));
  const text = listTexts(readPath(hit, 'content')).join(' ');
  return { ...hit, title, text, ...(url !== undefined && { url }) };
}

/** Whether another host may do better: no answer, or an error of the host's own. */
function isUnreachable(error: unknown): boolean {
  if (!(error instanceof RerankError)) return false;
  const { url, status } = error.details;
  return url !== undefined && (typeof status !== 'number' || status >= 500);
}
