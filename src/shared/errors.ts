/** What went wrong, in a word that code can switch on. */
export type RerankErrorCode =
  /** An argument is wrong: its name and value stand in `details`. */
  | 'invalid-input'
  /** A model file or the runtime could not be fetched or read. */
  | 'model-load'
  /** A model file differs from what the manifest promises. */
  | 'model-integrity'
  /** No device can run the model; the reason for each stands in the message. */
  | 'backend-unavailable'
  /** The GPU went away, failed in a run or gave no numbers, and no other device may be used. */
  | 'device-lost'
  /** The caller's signal ended the work; `cause` is the signal's reason. */
  | 'aborted'
  /** The reranker was disposed before or during the call. */
  | 'disposed'
  /** The worker could not start, crashed, or stopped answering. The next call starts a new one. */
  | 'worker-failed'
  /** The search that gives the candidates failed. */
  | 'source-failed'
  /** A hosted reranker or the browser's language model failed, or gave an answer that cannot be used. */
  | 'service-failed';

/** Facts that belong to an error, such as a URL, a status or a size. Plain data: it crosses threads. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | undefined>>;

/** An error as plain data, for the way between threads. */
export interface ErrorData {
  readonly code: RerankErrorCode;
  readonly message: string;
  readonly details: ErrorDetails;
}

/** Every error that this library throws on purpose. `name` is `AbortError` for the code `aborted`. */
export class RerankError extends Error {
  readonly code: RerankErrorCode;
  readonly details: ErrorDetails;

  constructor(
    code: RerankErrorCode,
    message: string,
    details: ErrorDetails = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = code === 'aborted' ? 'AbortError' : 'RerankError';
    this.code = code;
    this.details = details;
  }
}

/** The abort of `signal` as an error of ours. */
export function abortedError(signal?: AbortSignal): RerankError {
  const options = signal ? { cause: signal.reason as unknown } : undefined;
  return new RerankError('aborted', 'The run was aborted.', {}, options);
}

/** Any thrown value as plain data; what is not a RerankError gets `code`. */
export function toErrorData(error: unknown, code: RerankErrorCode): ErrorData {
  if (error instanceof RerankError) {
    return { code: error.code, message: error.message, details: error.details };
  }
  return { code, message: describeError(error), details: {} };
}

/** The error that `data` was made from. */
export function fromErrorData(data: ErrorData): RerankError {
  return new RerankError(data.code, data.message, data.details);
}

/** Any thrown value in one line. */
export function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
