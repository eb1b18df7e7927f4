import { RerankError, describeError } from '../shared/errors.ts';
import { readTextWithin } from '../shared/read-body.ts';

export interface PostOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Of the answer. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** Characters of a service's own words that an error repeats. */
const QUOTED_CHARACTERS = 200;

/** An error about the service at `url`, which the message names. */
export function failedService(url: string, what: string, status?: number): RerankError {
  return new RerankError('service-failed', `The reranker at ${url} ${what}.`, { url, status });
}

/**
 * Sends JSON to a service and reads its answer as JSON. Redirects are refused: they would send the texts to somebody else.
 *
 * @throws RerankError `service-failed` with `url` and, where there was an answer, `status`: it could not be reached, took longer than
 * `timeoutMs`, answered with another status than 200 to 299, with more than `maxBytes`, or with something else than JSON. The
 * signal's reason where that is aborted.
 */
export async function postJson(url: string, body: object, options: PostOptions): Promise<unknown> {
  const { headers, timeoutMs, maxBytes, signal } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  let status: number | undefined;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.any([signal, timeout]),
    });
    status = response.status;
    const text = await readTextWithin(response.body, maxBytes);
    if (!response.ok) throw failedService(url, describeRefusal(status, text), status);
    if (text === undefined)
      throw failedService(url, `answered with more than ${maxBytes} bytes`, status);
    const answer = parseJson(text);
    if (answer === undefined) throw failedService(url, 'did not answer with JSON', status);
    return answer;
  } catch (error) {
    if (signal.aborted || error instanceof RerankError) throw error;
    if (timeout.aborted) throw failedService(url, `did not answer within ${timeoutMs} ms`, status);
    throw failedService(url, `could not be reached: ${describeError(error)}`, status);
  }
}

function describeRefusal(status: number, text: string | undefined): string {
  const words = readOwnWords(parseJson(text ?? ''));
  const known: Readonly<Record<number, string>> = {
    401: 'refused the key or session, or got none (HTTP status 401)',
    403: 'refused the key or session (HTTP status 403)',
    413: 'found the request too large (HTTP status 413)',
    429: 'got too many requests (HTTP status 429)',
  };
  const what = known[status] ?? `answered with HTTP status ${status}`;
  return words === undefined ? what : `${what}: ${words.slice(0, QUOTED_CHARACTERS)}`;
}

/** What a service says of an error, under the names that the four have for it. */
function readOwnWords(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { message, detail, error } = body as Readonly<Record<string, unknown>>;
  return [message, detail, error].find((words) => typeof words === 'string');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
