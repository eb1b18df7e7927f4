import { RerankError, describeError } from '../../shared/errors.ts';
import { STALL_SECONDS, StallWatch } from './stall-watch.ts';

export interface DownloadOptions {
  readonly url: string;
  readonly cache: RequestCache;
  /** How many bytes are expected; one more is read at most. Absent: nobody knows, and a megabyte is read at most. */
  readonly bytes?: number;
  /** What to do where the server has no such file: a sentence or two. */
  readonly advice: string;
  /** The browser itself compares the bytes with this, in the form of Subresource Integrity. They then come all at once. */
  readonly integrity?: string | undefined;
  /** Called with each part as it comes, and with how many bytes there are. The next part waits for it. */
  readonly onPart?: (part: Uint8Array<ArrayBuffer>, count: number) => Promise<void>;
}

const MOST_UNKNOWN_BYTES = 1_000_000;

/** Reads files over the network, those of one folder. */
export class Downloads {
  readonly #watch = new StallWatch();
  /** Of a network that stalled nothing more is asked: the model in another form would stall as well. */
  #stall: RerankError | undefined;

  /**
   * A file's bytes.
   *
   * @throws RerankError `model-load` that says how far it came; `model-integrity` where the browser refuses the bytes.
   */
  read(options: DownloadOptions): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#stall) return Promise.reject(this.#stall);
    // What comes all at once says nothing while it comes.
    if (options.integrity !== undefined) return this.#read(options);
    return this.#watch.guard((signal) => this.#read(options, signal));
  }

  async #read(
    { url, cache, bytes: expected, advice, integrity, onPart }: DownloadOptions,
    signal?: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    // One buffer of the promised size; a longer body is cut off, and its size is then found wrong.
    const bytes = new Uint8Array((expected ?? MOST_UNKNOWN_BYTES) + 1);
    let length = 0;
    let response: Response | undefined;
    try {
      response = await fetch(url, {
        cache,
        ...(signal && { signal }),
        ...(integrity !== undefined && { integrity }),
      });
      const reader = response.ok ? response.body?.getReader() : undefined;
      for (;;) {
        this.#watch.noteBytes();
        const part = await reader?.read();
        if (part?.value === undefined) break;
        bytes.set(part.value.subarray(0, bytes.length - length), length);
        length = Math.min(length + part.value.length, bytes.length);
        await onPart?.(part.value, length);
        if (length === bytes.length) await reader?.cancel();
      }
    } catch (error) {
      const facts = { url, loadedBytes: length, totalBytes: expected };
      const progress = `after ${length}${expected === undefined ? '' : ` of ${expected}`} bytes`;
      if (signal?.aborted) {
        const message = `${url} gave nothing for ${STALL_SECONDS} seconds ${progress}. Look at the network; the next attempt starts anew.`;
        this.#stall ??= new RerankError('model-load', message, facts);
        throw this.#stall;
      }
      const reason = describeError(error);
      if (response) {
        const message = `${url} broke off ${progress}: ${reason}. The next attempt starts anew.`;
        throw new RerankError('model-load', message, facts);
      }
      if (integrity !== undefined && (await isThere(url)))
        throw refusedByBrowser(url, integrity, advice);
      throw new RerankError(
        'model-load',
        `${url} could not be fetched: ${reason}. Look at the network, and whether this page may read from there and from where it redirects to (connect-src, CORS).`,
        facts,
      );
    }
    if (response.ok) return bytes.subarray(0, length);
    const { status } = response;
    throw new RerankError('model-load', `${url} answered with HTTP status ${status}. ${advice}`, {
      url,
      status,
    });
  }
}

/** Whether a file that the browser did not give for its bytes can be fetched at all. */
async function isThere(url: string): Promise<boolean> {
  const response = await fetch(url, { method: 'HEAD' }).catch(() => undefined);
  return response?.ok === true;
}

function refusedByBrowser(url: string, integrity: string, advice: string): RerankError {
  return new RerankError(
    'model-integrity',
    `${url} is not the file that was promised: the browser compared it with ${integrity}. ${advice}`,
    { url, expected: integrity },
  );
}
