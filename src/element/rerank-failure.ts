import { RerankError, describeError } from '../shared/errors.ts';

/** Whether something that had to be fetched did not come. */
export function isOfLoading({ code }: RerankError): boolean {
  return code === 'model-load' || code === 'worker-failed';
}

/** Whatever was thrown, as an error of ours. */
export function toRerankError(
  error: unknown,
  code: 'source-failed' | 'worker-failed' = 'worker-failed',
): RerankError {
  if (error instanceof RerankError) return error;
  return new RerankError(code, describeError(error), {}, { cause: error });
}
