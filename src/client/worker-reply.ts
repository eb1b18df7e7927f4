import { RerankError, describeError, fromErrorData } from '../shared/errors.ts';
import type { Reply } from '../shared/protocol.ts';
import { workerUrl } from './assets.ts';

/**
 * The value of a worker's reply.
 *
 * @throws RerankError the worker's own; `worker-failed` where the answer is none of the contract.
 */
export async function readReply<TValue>(reply: Promise<Reply<TValue>>): Promise<TValue> {
  let answer: unknown;
  try {
    answer = await reply;
  } catch (error) {
    throw unreadable(describeError(error));
  }
  if (!isReply<TValue>(answer)) throw unreadable(`it is no reply, but of type ${typeof answer}`);
  if (answer.ok) return answer.value;
  throw fromErrorData(answer.error);
}

function isReply<TValue>(answer: unknown): answer is Reply<TValue> {
  if (typeof answer !== 'object' || answer === null) return false;
  const { ok, error } = answer as { readonly ok?: unknown; readonly error?: unknown };
  return ok === true || (ok === false && typeof error === 'object' && error !== null);
}

function unreadable(answer: string): RerankError {
  return new RerankError(
    'worker-failed',
    `The worker gave an answer that cannot be read: ${answer}. Its script must be of the same version of rerank-results as the page's; the package's own is ${workerUrl}.`,
  );
}

/** What a worker's `error` or `messageerror` event says. A script that cannot be loaded says nothing. */
export function describeFailure(event: Event): string {
  if (event.type === 'messageerror') return 'A message of the worker could not be read.';
  const { message = '' } = event as Partial<ErrorEvent>;
  if (message !== '') return `The worker failed: ${message}`;
  const hint = workerUrl.includes('/.vite/deps/')
    ? ' Vite 7 and older need `optimizeDeps: { exclude: ["rerank-results"] }` in their configuration.'
    : " Its URL must answer with JavaScript, and the site's Content-Security-Policy must allow it in worker-src.";
  return `The worker's script could not be loaded or run (the package's own is ${workerUrl}).${hint}`;
}
