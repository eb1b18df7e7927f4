import { RerankError } from '../../shared/errors.ts';
import { chooseApi } from './choose-api.ts';
import { isOffer, type FromPage, type ToPage } from './page-messages.ts';
import { answerError } from './refusal.ts';
import type { RequestHandler } from './rerank-handler.ts';

/**
 * Has this page answer requests that the site's service worker passes on with `answerInPage`, its own and those of the site's other pages.
 *
 * @param handler From `createRerankHandler`, or your own; one that rejects is answered for as one whose reranker failed.
 * @returns A function that ends it.
 * @throws RerankError `backend-unavailable` where there are no service workers: without HTTPS, but on this machine.
 */
export function serveReranker(handler: RequestHandler): () => void {
  const { serviceWorker } = navigator as { readonly serviceWorker?: ServiceWorkerContainer };
  if (!serviceWorker) {
    throw new RerankError(
      'backend-unavailable',
      'This page has no service workers. Is it served by HTTPS?',
    );
  }
  const onMessage = ({ data, ports: [port] }: MessageEvent): void => {
    if (port && isOffer(data)) serveOn(port, handler);
  };
  serviceWorker.addEventListener('message', onMessage);
  // Else messages wait until the page is loaded.
  serviceWorker.startMessages();
  return () => serviceWorker.removeEventListener('message', onMessage);
}

function serveOn(port: MessagePort, handler: RequestHandler): void {
  const abort = new AbortController();
  const tell = (message: FromPage): void => port.postMessage(message);
  port.onmessage = ({ data }: MessageEvent<ToPage>) => {
    if (data.type === 'abort') abort.abort();
    else void answerSafely(data, handler, abort.signal).then(tell);
  };
  tell({ type: 'ready' });
}

type PageRequest = ToPage & { readonly type: 'request' };

async function answerSafely(
  request: PageRequest,
  handler: RequestHandler,
  signal: AbortSignal,
): Promise<FromPage> {
  try {
    return await readWhole(await answer(request, handler, signal));
  } catch (error) {
    return readWhole(answerError(chooseApi(new URL(request.url).pathname) ?? 'tei', error));
  }
}

function answer(
  { url, method, contentType, body }: PageRequest,
  handler: RequestHandler,
  signal: AbortSignal,
): Promise<Response> {
  const headers = contentType === null ? {} : { 'content-type': contentType };
  return handler(new Request(url, { method, headers, signal, ...(body && { body }) }));
}

async function readWhole(response: Response): Promise<FromPage> {
  return {
    type: 'response',
    status: response.status,
    headers: [...response.headers],
    body: await response.text(),
  };
}
