import { RerankError, describeError } from '../shared/errors.ts';
import { readTextWithin } from '../shared/read-body.ts';

/** One request to a search. */
export interface JsonRequest {
  /** Absolute. */
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. Absent: no body. */
  readonly body?: unknown;
  readonly credentials?: RequestCredentials | undefined;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** An answer that was read as JSON. */
export interface JsonAnswer {
  readonly body: unknown;
  readonly status: number;
}

/** An error about the search at `url`, which the message names. */
export function failedSearch(url: string, what: string, status?: number): RerankError {
  return new RerankError('source-failed', `The search at ${url} ${what}.`, { url, status });
}

/**
 * Sends a request and reads its answer as JSON.
 *
 * @throws RerankError `source-failed` with `url` and, where there was an answer, `status`: it could not be reached, took longer
 * than `timeoutMs`, answered with another status than 200 to 299, with more than `maxBytes`, or with something else than JSON. The
 * signal's reason where that is aborted.
 */
export async function requestJson(request: JsonRequest): Promise<JsonAnswer> {
  const { url, method, headers, body, credentials, timeoutMs, maxBytes, signal } = request;
  const timeout = AbortSignal.timeout(timeoutMs);
  let status: number | undefined;
  try {
    const response = await fetch(url, {
      method,
      headers: {
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(credentials !== undefined && { credentials }),
      signal: AbortSignal.any([signal, timeout]),
    });
    status = response.status;
    if (!response.ok) {
      await response.body?.cancel();
      throw failedSearch(url, `answered with HTTP status ${status}`, status);
    }
    const text = await readTextWithin(response.body, maxBytes);
    if (text === undefined)
      throw failedSearch(url, `answered with more than ${maxBytes} bytes`, status);
    return { body: parse(text, response, url), status };
  } catch (error) {
    if (signal.aborted || error instanceof RerankError) throw error;
    if (timeout.aborted) throw failedSearch(url, `did not answer within ${timeoutMs} ms`, status);
    throw failedSearch(url, `could not be reached: ${describeError(error)}`, status);
  }
}

function parse(text: string, response: Response, url: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const type = response.headers.get('content-type')?.split(';')[0];
    const told =
      type === undefined || type === '' || /\bjson$/.test(type) ? '' : `, but with ${type}`;
    throw failedSearch(url, `did not answer with JSON${told}`, response.status);
  }
}
