import { RerankError, describeError, type RerankErrorCode } from '../../shared/errors.ts';
import type { RerankApi, WireFailure } from '../../rerankers/wire-format.ts';
import { statusOf, wireFormats } from '../../rerankers/wire-formats.ts';

/** A request that gets no scores. */
export class Refusal extends Error {
  readonly failure: WireFailure;

  constructor(failure: WireFailure, message: string) {
    super(message);
    this.failure = failure;
  }
}

/** What the client of a request is told about an error of ours. */
const FAILURES: Readonly<Partial<Record<RerankErrorCode, WireFailure>>> = {
  'invalid-input': 'invalid',
  aborted: 'aborted',
  disposed: 'unavailable',
  'model-load': 'unavailable',
  'backend-unavailable': 'unavailable',
};

/** What it is told in place of an error's message, which may name files and hosts that are not the client's to know. */
const OWN_WORDS: Readonly<Partial<Record<WireFailure, string>>> = {
  aborted: 'The request was aborted.',
  unavailable: 'The reranker is not available.',
};

/** Any thrown value as an answer, in the service's own form. Messages are passed on of refusals and of `invalid-input` alone. */
export function answerError(api: RerankApi, error: unknown): Response {
  const failure =
    error instanceof Refusal
      ? error.failure
      : (error instanceof RerankError && FAILURES[error.code]) || 'failed';
  const isClients = error instanceof Refusal || failure === 'invalid';
  const message = isClients ? describeError(error) : (OWN_WORDS[failure] ?? 'The reranker failed.');
  const format = wireFormats[api];
  return Response.json(format.buildError(failure, message), {
    status: statusOf(format, failure),
    headers: failure === 'method' ? { allow: 'POST' } : {},
  });
}

/** The answer for a path of no service: under each of their names for a message. */
export function answerUnknownPath(path: string): Response {
  const message = `There is nothing at ${path}. The paths end in /v2/rerank, /v1/rerank, /voyage/v1/rerank or /rerank.`;
  return Response.json({ message, detail: message, error: message }, { status: 404 });
}
