import { describeError } from '../../shared/errors.ts';

/** More hops than any hub needs. */
const MOST_REDIRECTS = 5;

/** A request failed in a way that may pass: no network, a broken connection, a server's own fault. */
export class PassingFault extends Error {
  override readonly name = 'PassingFault';
}

/** Where requests go, and with which token. */
export interface HubAccess {
  /** The hub's address, without a slash at its end. */
  readonly hub: string;
  /** Sent to the hub's own origin only, and only where nobody can read it on the way. */
  readonly token?: string | undefined;
}

/**
 * One GET that follows redirects by itself, so that the token never leaves the hub's own origin: files
 * usually lie on another host.
 *
 * @returns A response whose status is 2xx, 4xx (but 429) or 416; its body is not read.
 * @throws PassingFault for network faults, 429 and 5xx.
 */
export async function requestUrl(
  url: string,
  access: HubAccess,
  headers: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<Response> {
  let address = new URL(url);
  for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
    const response = await send(address, { ...headers, ...authorize(address, access) }, signal);
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) {
      if (response.status !== 429 && response.status < 500) return response;
      await response.body?.cancel();
      throw new PassingFault(`${address.host} answered with HTTP status ${response.status}`);
    }
    await response.body?.cancel();
    const next = new URL(location, address);
    if (
      !/^https?:$/.test(next.protocol) ||
      (address.protocol === 'https:' && next.protocol !== 'https:')
    ) {
      throw new Error(`${address.host} redirects to ${next.origin}, which is not safe to follow.`);
    }
    address = next;
  }
  throw new Error(`${url} redirects more than ${MOST_REDIRECTS} times.`);
}

/**
 * Tries again after each delay while the fault may pass. A try that got further than every one before it
 * starts the delays anew: one that only repeats what was lost again does not, or it would go on for ever.
 *
 * @param attempt Reports how far it got, in bytes from the beginning, by calling `advance`.
 */
export async function retry<TResult>(
  delaysMs: readonly number[],
  attempt: (advance: (reachedBytes: number) => void) => Promise<TResult>,
): Promise<TResult> {
  const reached = { most: 0 };
  for (let failures = 0; ; failures += 1) {
    const before = reached.most;
    try {
      return await attempt((bytes) => (reached.most = Math.max(reached.most, bytes)));
    } catch (error) {
      if (!(error instanceof PassingFault)) throw error;
      if (reached.most > before) failures = 0;
      const delayMs = delaysMs[failures];
      if (delayMs === undefined) throw error;
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }
}

async function send(
  address: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<Response> {
  try {
    return await fetch(address, {
      redirect: 'manual',
      // Sizes and ranges are of the file itself.
      headers: { 'accept-encoding': 'identity', 'user-agent': 'rerank-results', ...headers },
      ...(signal && { signal }),
    });
  } catch (error) {
    throw new PassingFault(`${address.host} cannot be reached: ${describeFault(error)}`, {
      cause: error,
    });
  }
}

function authorize(address: URL, { hub, token }: HubAccess): Record<string, string> {
  const isPrivate =
    address.protocol === 'https:' || /^(localhost|127\.0\.0\.1|\[::1\])$/.test(address.hostname);
  const isHub = address.origin === new URL(hub).origin;
  return token !== undefined && isHub && isPrivate ? { authorization: `Bearer ${token}` } : {};
}

/** Node hides what went wrong in the cause of "fetch failed". */
export function describeFault(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error
    ? cause.message || String(Reflect.get(cause, 'code'))
    : describeError(error);
}
