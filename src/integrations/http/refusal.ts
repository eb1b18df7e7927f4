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

/** Any thrown value as an answer, in the service's own form. */
export function answerError(api: RerankApi, error: unknown): Response {
  const failure =
    error instanceof Refusal
      ? error.failure
      : (error instanceof RerankError && FAILURES[error.code]) || 'failed';
  const format = wireFormats[api];
  return Response.json(format.buildError(failure, describeError(error)), {
    status: statusOf(format, failure),
    headers: failure === 'method' ? { allow: 'POST' } : {},
  });
}

/** The answer for a path of no service: under each of their names for a message. */
export function answerUnknownPath(path: string): Response {
  const message = `There is nothing at ${path}. The paths end in /v2/rerank, /v1/rerank, /voyage/v1/rerank or /rerank.`;
  return Response.json({ message, detail: message, error: message }, { status: 404 });
}
