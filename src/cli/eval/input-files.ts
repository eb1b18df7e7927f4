import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { RerankError, describeError } from '../../shared/errors.ts';

/**
 * Reads a text file and parses it.
 *
 * @throws RerankError `invalid-input` naming the file, where it cannot be read or parsed.
 */
export async function parseFile<TValue>(
  file: string,
  parse: (text: string) => TValue,
): Promise<TValue> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof RerankError)) throw error;
    throw new RerankError(error.code, `${file}: ${error.message}`, { ...error.details, file });
  }
}

/**
 * The lines of a text file that are not blank, one after another: the file is never held whole.
 *
 * @throws RerankError `invalid-input` naming the file, where it cannot be read.
 */
export async function* readLines(
  file: string,
): AsyncGenerator<{ readonly number: number; readonly content: string }> {
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
