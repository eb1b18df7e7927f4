import type { StoredFile } from './manifest.ts';

/** One slice becomes 17 MB at most (deflate makes up to 1032 bytes of one), and no more is read where that is too much. */
const SLICE_BYTES = 16_384;

/** Decompresses a file as its bytes come, into one buffer of the size that it must have. */
export class Decompression {
  readonly #writer: WritableStreamDefaultWriter<BufferSource>;
  readonly #contents: Promise<Uint8Array<ArrayBuffer>>;
  /** Settles when all that came so far is decompressed. */
  #written = Promise.resolve();

  /**
   * @param bytes Size of the decompressed file.
   */
  constructor(encoding: StoredFile['encoding'], bytes: number) {
    const { readable, writable } = new DecompressionStream(encoding);
    this.#writer = writable.getWriter();
    this.#contents = readExactly(readable, bytes);
    // Whoever asks for the contents is told; nobody may ask.
    this.#contents.catch(() => undefined);
    this.#writer.closed.catch(() => undefined);
  }

  /** Takes the next bytes in. Resolves when they are decompressed, also where they are wrong: `end` says so. */
  write(part: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#written = this.#written.then(() => this.#writeSlices(part));
    return this.#written;
  }

  async #writeSlices(part: Uint8Array<ArrayBuffer>): Promise<void> {
    try {
      for (let start = 0; start < part.length; start += SLICE_BYTES) {
        await this.#writer.write(part.subarray(start, start + SLICE_BYTES));
      }
    } catch {
      // The stream stays broken, and `end` throws.
    }
  }

  /**
   * The decompressed file.
   *
   * @throws Error that says what is wrong with the bytes, or that they become more or less than they should.
   */
  async end(): Promise<Uint8Array<ArrayBuffer>> {
    await this.#written;
    await this.#writer.close().catch(() => undefined);
    return this.#contents;
  }
}

async function readExactly(
  stream: ReadableStream<Uint8Array>,
  bytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const contents = new Uint8Array(bytes);
  let length = 0;
  const reader = stream.getReader();
  for (;;) {
    const { value } = await reader.read();
    if (value === undefined) break;
    if (length + value.length > bytes) {
      const error = new Error(`it decompresses to more than ${bytes} bytes`);
      await reader.cancel(error);
      throw error;
    }
    contents.set(value, length);
    length += value.length;
  }
  if (length < bytes) throw new Error(`it decompresses to ${length} bytes, not ${bytes}`);
  return contents;
}
