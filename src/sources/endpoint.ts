import { RerankError } from '../shared/errors.ts';
import type { CandidateInput } from './candidate.ts';
import { mapFields, type Highlights, type ResultFields } from './fields.ts';
import { describeNames, isRecord, readPath } from './read-path.ts';
import { failedSearch, requestJson } from './request-json.ts';
import { encodeText, repairText } from './url-text.ts';

/** Names of the property that holds the list of results, the first that is there wins. */
const LIST_NAMES = ['results', 'hits', 'items', 'documents', 'data'];

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_BYTES = 8_000_000;

/** Finds candidates for a query; `limit` is how many are wanted. */
export type SearchFunction = (
  query: string,
  options: { readonly limit: number; readonly signal: AbortSignal },
) => Promise<readonly CandidateInput[]> | readonly CandidateInput[];

/** What all sources over HTTP take. */
export interface HttpSourceOptions {
  /** Where a result holds its parts. Default: the usual names, or what the engine uses. */
  readonly fields?: ResultFields | undefined;
  /** Milliseconds from the request to the end of its answer. Default 10 000. */
  readonly timeoutMs?: number | undefined;
  /** Most bytes of an answer, after decompression; reading stops there. Default 8 000 000. */
  readonly maxBytes?: number | undefined;
}

/** A search API that answers with JSON. */
export interface EndpointOptions extends HttpSourceOptions {
  /** Relative to the page, or absolute. `{query}` and `{candidates}` are replaced. */
  readonly url: string;
  /** Default: `POST` where there is a `body`, else `GET`. */
  readonly method?: 'GET' | 'POST' | undefined;
  /**
   * Sent as JSON. In its texts `{query}` and `{candidates}` are replaced; a text that is `{candidates}` and nothing else
   * becomes a number.
   */
  readonly body?: unknown;
  /** Beside `accept` and, with a body, `content-type`. Whoever visits the page can read them: no secret keys. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Path to the list of results, such as `response.docs`. Default: the answer itself, or its `results`, `hits`, `items`, `documents`
   * or `data`.
   */
  readonly list?: string | undefined;
  /** As in `fetch`: whether cookies go along. Default `same-origin`. */
  readonly credentials?: RequestCredentials | undefined;
}

/** How an engine's results differ from a plain object with texts. */
export interface HitShape {
  /** A result in the shape that `fields` and the usual names are read from. */
  readonly readHit?: (hit: Record<string, unknown>) => object;
  readonly highlights?: Highlights;
}

/**
 * A search over HTTP that answers with JSON: a list, or an object with a list.
 *
 * @param target The URL's template, or options.
 * @param base What a relative URL stands in. Default: the page.
 * @returns A search that throws RerankError `source-failed`, with `url` and `status`, where it gets no list in time.
 */
export function searchEndpoint(target: string | EndpointOptions, base?: string): SearchFunction {
  return searchJson(typeof target === 'string' ? { url: target } : target, {}, base);
}

/** As {@link searchEndpoint}, for results of an engine's own shape. */
export function searchJson(
  options: EndpointOptions,
  { readHit, highlights }: HitShape,
  base?: string,
): SearchFunction {
  const { body, fields = {}, list, headers = {}, credentials } = options;
  const { method = body === undefined ? 'GET' : 'POST' } = options;
  const { timeoutMs = DEFAULT_TIMEOUT_MS, maxBytes = DEFAULT_MAX_BYTES } = options;
  requirePositive('timeoutMs', timeoutMs);
  requirePositive('maxBytes', maxBytes);
  return async (query, { limit, signal }) => {
    const filled = fillTemplate(options.url, encodeText(query), limit);
    const url = new URL(filled, base ?? pageUrl()).href;
    const answer = await requestJson({
      url,
      method,
      headers,
      credentials,
      timeoutMs,
      maxBytes,
      signal,
      ...(body !== undefined && { body: fillBody(body, repairText(query), limit) }),
    });
    const found = findList(answer.body, list);
    if (!found) {
      const names = describeNames(answer.body);
      const expected = list ?? `named ${LIST_NAMES.join(', ')}`;
      const what = `answered without a list ${list === undefined ? '' : 'at '}${expected}; it has ${names}`;
      throw failedSearch(url, what, answer.status);
    }
    const results = found
      .slice(0, limit)
      .map((hit) => (readHit && isRecord(hit) ? readHit(hit) : hit));
    return mapFields(results, fields, highlights);
  };
}

function findList(body: unknown, path: string | undefined): CandidateInput[] | undefined {
  const values =
    path === undefined
      ? [body, ...LIST_NAMES.map((name) => readPath(body, name))]
      : [readPath(body, path)];
  return values.find((value) => Array.isArray(value)) as CandidateInput[] | undefined;
}

function fillBody(value: unknown, query: string, limit: number): unknown {
  if (value === '{candidates}') return limit;
  if (typeof value === 'string') return fillTemplate(value, query, limit);
  if (Array.isArray(value)) return value.map((each) => fillBody(each, query, limit));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, fillBody(each, query, limit)]),
  );
}

/** Both in one pass: a query may hold "{candidates}" itself. */
function fillTemplate(template: string, query: string, limit: number): string {
  return template.replaceAll(/\{(query|candidates)\}/g, (_, name) =>
    name === 'query' ? query : String(limit),
  );
}

/** Undefined outside a page, where URLs must be absolute. */
function pageUrl(): string | undefined {
  return typeof document === 'undefined' ? undefined : document.baseURI;
}

function requirePositive(name: string, value: number): void {
  if (Number.isFinite(value) && value > 0) return;
  const message = `${name} must be a positive number, but is ${value}.`;
  throw new RerankError('invalid-input', message, { argument: name });
}
