import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { constants, createDeflateRaw, createInflateRaw, inflateRaw } from 'node:zlib';
import { RerankError, describeError } from '../shared/errors.ts';
import { toHostedFile, type FileFacts, type StoredFile } from '../worker/model/manifest.ts';

/** No server knows this ending and takes it for a Content-Encoding, which browsers would undo. */
const ENDING = '.deflate';

/** A smaller share is not worth a file that other programs cannot read. */
const LEAST_SAVED_SHARE = 0.05;

/**
 * A file of a model folder, decompressed where the folder holds it so.
 *
 * @param facts What the manifest says of it. Absent: the folder holds the file itself.
 * @throws RerankError `model-load` where it cannot be read, `model-integrity` where it cannot be decompressed to
 * the manifest's size.
 */
export async function readModelFile(
  folder: string,
  path: string,
  facts?: FileFacts,
): Promise<Uint8Array> {
  const hosted = join(folder, facts ? toHostedFile(path, facts).path : path);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(hosted);
  } catch (error) {
    throw new RerankError('model-load', `${hosted} cannot be read: ${describeError(error)}.`, {
      path: hosted,
    });
  }
  if (!facts?.stored) return bytes;
  let contents: Uint8Array | undefined;
  try {
    contents = await promisify(inflateRaw)(bytes, { maxOutputLength: facts.bytes });
  } catch {
    // What follows says it.
  }
  if (contents?.length === facts.bytes) return contents;
  throw new RerankError(
    'model-integrity',
    `${hosted} does not decompress to the ${facts.bytes} bytes that the manifest states.`,
    { path: hosted },
  );
}

/** The same as a stream. */
export function streamModelFile(folder: string, path: string, facts?: FileFacts): Readable {
  const hosted = createReadStream(join(folder, facts ? toHostedFile(path, facts).path : path));
  if (!facts?.stored) return hosted;
  const inflate = createInflateRaw();
  // Its reader sees the error of either.
  hosted.on('error', (error) => inflate.destroy(error));
  return hosted.pipe(inflate);
}

/**
 * Compresses a file of a model folder, as `models/stored_file.py` does, and deletes the file itself, where that saves
 * enough.
 *
 * @returns What the manifest says of the compressed file, or undefined where the file stays as it is.
 */
export async function storeModelFile(
  folder: string,
  path: string,
): Promise<StoredFile | undefined> {
  const stored = `${path}${ENDING}`;
  const hash = createHash('sha256');
  let contentBytes = 0;
  let bytes = 0;
  await pipeline(
    createReadStream(join(folder, path)),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        contentBytes += chunk.length;
        yield chunk;
      }
    },
    // Quantized weights repeat nothing, so looking for it costs bytes and time.
    createDeflateRaw({ level: 9, memLevel: 9, strategy: constants.Z_HUFFMAN_ONLY }),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        hash.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(join(folder, stored)),
  );
  const isWorthIt = bytes <= (1 - LEAST_SAVED_SHARE) * contentBytes;
  await rm(join(folder, isWorthIt ? path : stored));
  if (!isWorthIt) return undefined;
  return { path: stored, encoding: 'deflate-raw', bytes, sha256: hash.digest('hex') };
}
