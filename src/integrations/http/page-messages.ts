/**
 * What a service worker and a page say to each other. The worker offers a request to each page, with a port; a page with a reranker says that it is ready, and the
 * first of them gets the request, and answers it, over its port.
 */
export const OFFER = 'rerank-results/offer';

export type ToPage =
  | {
      readonly type: 'request';
      readonly url: string;
      readonly method: string;
      readonly contentType: string | null;
      /** Absent for methods without one. */
      readonly body?: ArrayBuffer;
    }
  | { readonly type: 'abort' };

export type FromPage =
  | { readonly type: 'ready' }
  | {
      readonly type: 'response';
      readonly status: number;
      readonly headers: [string, string][];
      readonly body: string;
    };

/** Whether a message to a page is an offer. A page may get others, of the site's own. */
export function isOffer(message: unknown): boolean {
  return (
    typeof message === 'object' &&
    message !== null &&
    (message as { readonly type?: unknown }).type === OFFER
  );
}
