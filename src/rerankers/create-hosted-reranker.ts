import { invalidOption } from '../client/invalid-option.ts';
import { RememberingScorer } from '../client/remembering-scorer.ts';
import { createRerankerOver } from '../client/reranker.ts';
import type { Reranker } from '../shared/types.ts';
import { requireCount } from './check-options.ts';
import { findLocation, refuseExposedKey } from './refuse-exposed-key.ts';
import { ServiceScorer } from './service-scorer.ts';
import type { RerankApi } from './wire-format.ts';
import { wireFormats } from './wire-formats.ts';

export interface HostedRerankerOptions {
  /**
   * The format of its requests and answers: Cohere's v2 API, Jina's, Voyage's, or that of Text Embeddings Inference. vLLM,
   * Infinity, LocalAI and llama.cpp speak Jina's.
   */
  readonly api: RerankApi;
  /**
   * Where requests go, path included, relative to the page. On a site: a path of the site's own server, which adds the key and
   * passes the request on. A key that stands in a page is everybody's.
   */
  readonly url: string;
  /** The service's name for the model. Default: none is sent, for a server that has one, or a proxy that says which. */
  readonly model?: string | undefined;
  /**
   * Sent with each request. In a page, `authorization`, `api-key`, `x-api-key`, `x-goog-api-key` and `ocp-apim-subscription-key` are refused,
   * unless `url` is of the page's own origin or of this machine.
   */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Milliseconds that one request may take: a positive number. Default 10,000. A request's `budgetMs` may end it earlier. */
  readonly timeoutMs?: number | undefined;
  /** The most bytes of an answer that are read: a whole number of 1 or more. Default 2,000,000. */
  readonly maxBytes?: number | undefined;
  /**
   * Documents of one request; for more there are several requests, one after another, and `onPartial` is called between them. A whole
   * number of 1 or more. Default 1000, and 32 for `tei`, which takes no more unless it was started with `--max-client-batch-size`.
   */
  readonly maxDocuments?: number | undefined;
  /**
   * What the service's scores are. `probability`: 0 to 1; a result's `logit` is then worked out, ln(p / (1 − p)). `logit`: any number, as llama.cpp
   * gives. Default `probability`, and `logit` for `tei`, which is asked for them.
   */
  readonly scores?: 'probability' | 'logit' | undefined;
}

/**
 * A reranker that asks a hosted service, or a server of your own that speaks the API of one.
 *
 * **The query and the documents' texts leave the page**, for whoever answers at `url`: tell your readers. Everything else in this library keeps
 * them in the browser. Nothing is sent before the first run.
 *
 * A run fails with `service-failed` where the service cannot be reached, takes too long, refuses, or gives scores that do not fit
 * the documents; `details.status` is its HTTP status.
 *
 * @throws RerankError `invalid-input` where an option is wrong.
 */
export function createHostedReranker(options: HostedRerankerOptions): Reranker {
  const { api, model, timeoutMs = 10_000, maxBytes = 2_000_000 } = options;
  if (!Object.hasOwn(wireFormats, api)) {
    throw invalidOption('api', api, `one of ${Object.keys(wireFormats).join(', ')}`);
  }
  const { maxDocuments = wireFormats[api].maxDocuments } = options;
  const { scores = api === 'tei' ? 'logit' : 'probability' } = options;
  if (!['probability', 'logit'].includes(scores)) {
    throw invalidOption('scores', scores, '"probability" or "logit"');
  }
  if (!(Number.isFinite(timeoutMs) && timeoutMs > 0)) {
    throw invalidOption('timeoutMs', timeoutMs, 'a positive number of milliseconds');
  }
  requireCount('maxBytes', maxBytes);
  requireCount('maxDocuments', maxDocuments);
  const url = readUrl(options.url);
  const headers = readHeaders(options.headers ?? {});
  refuseExposedKey(url, headers);
  return createRerankerOver(
    new RememberingScorer(
      new ServiceScorer({
        api,
        url: url.href,
        model,
        headers,
        timeoutMs,
        maxBytes,
        maxDocuments,
        scores,
      }),
    ),
  );
}

function readUrl(given: string): URL {
  const base = typeof document === 'undefined' ? findLocation()?.href : document.baseURI;
  try {
    const url = new URL(given, base);
    if (/^https?:$/.test(url.protocol) && url.username === '' && url.password === '') return url;
  } catch {
    // Said below.
  }
  throw invalidOption(
    'url',
    given,
    base === undefined ? 'an absolute URL without a password' : 'a URL without a password',
  );
}

/** Names in small letters. */
function readHeaders(given: Readonly<Record<string, string>>): Record<string, string> {
  try {
    return Object.fromEntries(new Headers(given));
  } catch {
    throw invalidOption('headers', Object.keys(given), 'an object of HTTP headers');
  }
}
