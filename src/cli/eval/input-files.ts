import { createReadStream } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { readParsed, type CollectionFiles } from '../../evaluate/collection.ts';
import type { Line } from '../../evaluate/lines.ts';
import { RerankError, describeError } from '../../shared/errors.ts';

/** The disk. */
export const NODE_FILES: CollectionFiles = {
  list: (folder) => readdir(folder).catch(() => []),
  readText: (file) =>
    readFile(file, 'utf8').catch((error: unknown) => {
      throw unreadable(file, error);
    }),
  readLines,
  adviseChoice: (kind) => `name one with --${kind}`,
};

/**
 * Reads a text file and parses it.
 *
 * @throws RerankError `invalid-input` naming the file, where it cannot be read or parsed.
 */
export function parseFile<TValue>(file: string, parse: (text: string) => TValue): Promise<TValue> {
  return readParsed(NODE_FILES, file, parse);
}

async function* readLines(file: string): AsyncGenerator<Line> {
  const stream = createReadStream(file, 'utf8');
  // A stream's error would not reach a reader of its lines.
  const failure = new Promise<never>((_resolve, reject) => stream.once('error', reject));
  failure.catch(() => undefined);
  const opened = new Promise<void>((resolve) => stream.once('ready', () => resolve()));
  try {
    await Promise.race([opened, failure]);
    let number = 0;
    for await (const content of createInterface({ input: stream, crlfDelay: Infinity })) {
      number += 1;
      if (content.trim() !== '') yield { number, content };
    }
  } catch (error) {
    throw error instanceof RerankError ? error : unreadable(file, error);
  } finally {
    stream.destroy();
  }
}

function unreadable(file: string, error: unknown): RerankError {
  const missing = error instanceof Error && Reflect.get(error, 'code') === 'ENOENT';
  return new RerankError(
    'invalid-input',
    missing ? `There is no file ${file}.` : `${file} cannot be read: ${describeError(error)}.`,
    { file },
  );
}
