import { chooseApi } from './http/choose-api.ts';
import { OFFER, type FromPage, type ToPage } from './http/page-messages.ts';
import { Refusal, answerError } from './http/refusal.ts';

/** What is used of a service worker's `FetchEvent`. */
export interface RerankFetchEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

export interface AnswerInPageOptions {
  /** Where the API stands: requests to this origin whose path begins so are answered. Default `/rerank/`, as in `/rerank/v2/rerank`. */
  readonly path?: string | undefined;
  /** Milliseconds that are waited for a page that has a reranker: a positive number. Default 3000. */
  readonly findTimeoutMs?: number | undefined;
  /** Milliseconds that are waited for that page's answer, loading a model included: a positive number. Default 120,000. */
  readonly timeoutMs?: number | undefined;
}

/** What is used of a service worker's `clients`. */
interface Clients {
  matchAll(options: {
    readonly type: 'window';
    readonly includeUncontrolled: boolean;
  }): Promise<readonly Pick<ServiceWorker, 'postMessage'>[]>;
}

/**
 * For a service worker's `fetch` event: answers requests below `path` in a page of the site that called `serveReranker`, since a service worker cannot start the
 * workers that a model runs in. Where no open page did, the answer has the status 503.
 *
 * @returns Whether the event is answered. Otherwise the service worker may do with it what it likes.
 */
export function answerInPage(event: RerankFetchEvent, options: AnswerInPageOptions = {}): boolean {
  const { path = '/rerank/' } = options;
  const { origin, pathname } = new URL(event.request.url);
  if (origin !== location.origin || !pathname.startsWith(path)) return false;
  event.respondWith(
    forward(event.request, options).catch((error: unknown) =>
      answerError(chooseApi(pathname) ?? 'tei', error),
    ),
  );
  return true;
}

async function forward(
  request: Request,
  { findTimeoutMs = 3000, timeoutMs = 120_000 }: AnswerInPageOptions,
): Promise<Response> {
  const { url, method, headers, signal } = request;
  const port = await findPage(findTimeoutMs);
  if (!port) {
    throw new Refusal(
      'unavailable',
      'No open page of this site has a reranker: see serveReranker.',
    );
  }
  try {
    const body = ['GET', 'HEAD'].includes(method) ? undefined : await request.arrayBuffer();
    const contentType = headers.get('content-type');
    const message: ToPage = { type: 'request', url, method, contentType, ...(body && { body }) };
    const answered = new Promise<Response>((resolve) => {
      port.onmessage = ({ data }: MessageEvent<FromPage>) => {
        if (data.type !== 'response') return;
        const { status, headers: named, body: text } = data;
        resolve(new Response(text, { status, headers: named }));
      };
    });
    port.postMessage(message, body ? [body] : []);
    const abort = (): void => port.postMessage({ type: 'abort' } satisfies ToPage);
    signal.addEventListener('abort', abort);
    const response = await within(timeoutMs, answered);
    if (response) return response;
    // Nobody waits any more for what it still does.
    abort();
    throw new Refusal('unavailable', 'The page that has the reranker does not answer.');
  } finally {
    port.close();
  }
}

/** The port of the first page that says it is ready; undefined where none does in time. */
async function findPage(findTimeoutMs: number): Promise<MessagePort | undefined> {
  const { clients } = globalThis as unknown as { readonly clients: Clients };
  const pages = await clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (pages.length === 0) return undefined;
  const ports: MessagePort[] = [];
  const offers = pages.map(
    (page) =>
      new Promise<MessagePort>((resolve) => {
        const { port1, port2 } = new MessageChannel();
        ports.push(port1);
        port1.onmessage = () => resolve(port1);
        page.postMessage({ type: OFFER }, [port2]);
      }),
  );
  const found = await within(findTimeoutMs, Promise.race(offers));
  for (const port of ports) if (port !== found) port.close();
  return found;
}

/** The value of `work`; undefined where it takes longer. */
async function within<TValue>(
  timeoutMs: number,
  work: Promise<TValue>,
): Promise<TValue | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), timeoutMs);
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}
