import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { FileFacts } from '../../worker/model/manifest.ts';
import { PassingFault, describeFault, retry } from './hub-request.ts';
import type { OfferedFile } from './source.ts';

export interface DownloadOptions {
  readonly target: string;
  /** What must come. */
  readonly expected: OfferedFile;
  /** One GET of the file with these headers. */
  readonly request: (
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ) => Promise<Response>;
  readonly onBytes: (bytes: number) => void;
  /** How long to wait before each new try, in milliseconds. */
  readonly delaysMs: readonly number[];
  /** A connection that brings nothing for so long is given up, in milliseconds. */
  readonly idleTimeoutMs: number;
}

/**
 * Downloads a file to `target`, by way of `target.part`, from which a later call goes on. The target
 * appears only when its size and SHA-256 are right, or git's SHA-1 of it as a blob where no SHA-256 is stated.
 *
 * @throws Error where neither is stated, the server refuses, or what came is not what was expected; PassingFault where the
 * connection broke more often than there are delays.
 */
export async function downloadFile(options: DownloadOptions): Promise<FileFacts> {
  const { target, expected } = options;
  if (expected.sha256 === undefined && expected.gitSha1 === undefined) {
    throw new Error(
      `The hub states neither SHA-256 nor blob for ${basename(target)}: nobody could tell whether it is the right file.`,
    );
  }
  if ((await sizeOf(target)) === expected.bytes) {
    const sha256 = await digestFile(target);
    if ((await findMismatch(target, sha256, expected)) === undefined) {
      options.onBytes(expected.bytes);
      return { bytes: expected.bytes, sha256 };
    }
  }
  const part = `${target}.part`;
  const resumed = (await sizeOf(part)) > 0;
  let sha256 = await retry(options.delaysMs, (advance) => fetchRest(part, options, advance));
  let mismatch = await findMismatch(part, sha256, expected);
  if (mismatch !== undefined && resumed) {
    // What lay there from an earlier call may be the fault: once more, from the beginning.
    await discard(part);
    sha256 = await retry(options.delaysMs, (advance) => fetchRest(part, options, advance));
    mismatch = await findMismatch(part, sha256, expected);
  }
  if (mismatch !== undefined) {
    await discard(part);
    throw new Error(
      `${basename(target)} is not the file that the hub names: ${mismatch}. It was deleted.`,
    );
  }
  await rename(part, target);
  await rm(`${part}.etag`, { force: true });
  return { bytes: expected.bytes, sha256 };
}

/** SHA-256 of a file, 64 hexadecimal digits. */
export async function digestFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await feedFile(hash, path);
  return hash.digest('hex');
}

/** How a file of the right size differs from what the hub states, or undefined. */
async function findMismatch(
  path: string,
  sha256: string,
  expected: OfferedFile,
): Promise<string | undefined> {
  if (expected.sha256 !== undefined) {
    return sha256 === expected.sha256
      ? undefined
      : `its SHA-256 is ${sha256}, not ${expected.sha256}`;
  }
  const hash = createHash('sha1').update(`blob ${expected.bytes}\0`);
  await feedFile(hash, path);
  const sha1 = hash.digest('hex');
  return sha1 === expected.gitSha1
    ? undefined
    : `its blob is ${sha1}, not ${expected.gitSha1 ?? ''}`;
}

/** Appends what is missing of the part file and gives the SHA-256 of the whole. */
async function fetchRest(
  part: string,
  options: DownloadOptions,
  advance: (reachedBytes: number) => void,
): Promise<string> {
  const { request, expected, onBytes, target, idleTimeoutMs } = options;
  let offset = await sizeOf(part);
  if (offset > expected.bytes) {
    await discard(part);
    offset = 0;
  }
  const hash = createHash('sha256');
  if (offset > 0) await feedFile(hash, part);
  if (offset === expected.bytes) return hash.digest('hex');

  const abort = new AbortController();
  const watch = setTimeout(() => abort.abort(), idleTimeoutMs);
  try {
    const response = await request(await rangeHeaders(part, offset), abort.signal);
    const { status, headers } = response;
    const continues = status === 206 && startsAt(headers, offset, expected.bytes);
    if (offset > 0 && !continues) {
      // The server ignored the range or has another file now: begin again.
      await discard(part);
      if (status !== 200) {
        await response.body?.cancel();
        throw new PassingFault(
          `${basename(target)}: the server could not go on where it broke off`,
        );
      }
      return await receive(response, createHash('sha256'), 0);
    }
    if (status !== 200 && !continues) {
      await response.body?.cancel();
      throw new Error(`${basename(target)} cannot be downloaded: HTTP status ${status}.`);
    }
    return await receive(response, hash, offset);
  } finally {
    clearTimeout(watch);
  }

  async function receive(response: Response, digest: Hash, from: number): Promise<string> {
    const length = Number(response.headers.get('content-length') ?? expected.bytes - from);
    if (from + length !== expected.bytes) {
      await response.body?.cancel();
      throw new Error(
        `${basename(target)} has ${from + length} bytes on the server, not ${expected.bytes}, as the hub states.`,
      );
    }
    await writeFile(`${part}.etag`, response.headers.get('etag') ?? '');
    const file = await open(part, from > 0 ? 'a' : 'w');
    let received = from;
    try {
      for await (const chunk of response.body ?? []) {
        watch.refresh();
        received += chunk.length;
        if (received > expected.bytes) break;
        digest.update(chunk);
        await file.writeFile(chunk);
        advance(received);
        onBytes(received);
      }
    } catch (error) {
      throw new PassingFault(
        `${basename(target)} broke off after ${received} of ${expected.bytes} bytes: ${describeFault(error)}`,
        { cause: error },
      );
    } finally {
      await file.close();
    }
    if (received < expected.bytes) {
      throw new PassingFault(
        `${basename(target)} ended after ${received} of ${expected.bytes} bytes`,
      );
    }
    if (received > expected.bytes) {
      await discard(part);
      throw new Error(
        `${basename(target)} is longer than ${expected.bytes} bytes, as the hub states.`,
      );
    }
    return digest.digest('hex');
  }
}

/** With `If-Range` a server that has another file by now sends all of it. A weak ETag proves nothing. */
async function rangeHeaders(part: string, offset: number): Promise<Record<string, string>> {
  if (offset === 0) return {};
  const etag = await readFile(`${part}.etag`, 'utf8').catch(() => '');
  return {
    range: `bytes=${offset}-`,
    ...(etag.startsWith('"') && { 'if-range': etag }),
  };
}

function startsAt(headers: Headers, offset: number, total: number): boolean {
  const match = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
  return Number(match?.[1]) === offset && (match?.[2] === '*' || Number(match?.[2]) === total);
}

async function discard(part: string): Promise<void> {
  await Promise.all([rm(part, { force: true }), rm(`${part}.etag`, { force: true })]);
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

async function feedFile(hash: Hash, path: string): Promise<void> {
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
}
