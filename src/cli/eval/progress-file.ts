import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { RerankError } from '../../shared/errors.ts';
import type { ModelInfo } from '../../shared/types.ts';
import type { Answer, RuntimeFacts } from './subject.ts';

const PROGRESS_FORMAT = 1;

/** What must be the same for answers to belong together: name → value. */
export type ProgressKey = Readonly<Record<string, string | number | null>>;

/** Who gave the answers. */
export interface SubjectFacts {
  readonly model: ModelInfo;
  readonly runtime: RuntimeFacts;
}

/** The progress file's first line. */
interface Header {
  readonly formatVersion: number;
  readonly key: ProgressKey;
  readonly total: number;
  readonly facts: SubjectFacts;
}

/** What a progress file holds. */
export interface Progress {
  readonly key: ProgressKey;
  /** Queries of the whole evaluation. */
  readonly total: number;
  readonly facts: SubjectFacts;
  /** By query id. */
  readonly answers: ReadonlyMap<string, Answer>;
}

/** Takes each answer as it comes. */
export interface ProgressWriter {
  add(queryId: string, answer: Answer): void;
  close(): void;
}

/**
 * Reads a progress file: a header, then an answer a line. A last line that was cut off is left out.
 *
 * @returns undefined where there is no file, or nothing in it can be used.
 * @throws RerankError `invalid-input` naming a line that cannot be read.
 */
export function readProgress(file: string): Progress | undefined {
  if (!existsSync(file)) return undefined;
  // What follows the last line break was cut off while it was written.
  const [first, ...lines] = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  if (first === undefined) return undefined;
  const { formatVersion, key, total, facts } = parseLine(file, 1, first) as Header;
  if (formatVersion !== PROGRESS_FORMAT) {
    throw new RerankError('invalid-input', `${file} was written by another version.`, { file });
  }
  const answers = lines.map((line, index) => {
    const { queryId, ...answer } = parseLine(file, index + 2, line) as Answer & { queryId: string };
    return [queryId, answer] as const;
  });
  return { key, total, facts, answers: new Map(answers) };
}

/** Starts a progress file over, with the answers that are there. Each line is on disk when it was added. */
export function startProgress(
  file: string,
  { key, total, facts, answers }: Progress,
): ProgressWriter {
  mkdirSync(dirname(file), { recursive: true });
  const header: Header = { formatVersion: PROGRESS_FORMAT, key, total, facts };
  const kept = [...answers].map(([queryId, answer]) => ({ queryId, ...answer }));
  // In one step: a stop in between must not lose the answers that were there.
  const unfinished = `${file}.new`;
  writeFileSync(unfinished, [header, ...kept].map((line) => `${JSON.stringify(line)}\n`).join(''));
  renameSync(unfinished, file);
  const descriptor = openSync(file, 'a');
  return {
    add: (queryId, answer) => {
      writeSync(descriptor, `${JSON.stringify({ queryId, ...answer })}\n`);
    },
    close: () => closeSync(descriptor),
  };
}

/**
 * Requires that a file may be written over: it is not there, or its run came to its end.
 *
 * @throws RerankError `invalid-input` saying how many answers would be lost.
 */
export function requireFinished(file: string): void {
  const progress = readProgress(file);
  if (!progress || progress.answers.size >= progress.total) return;
  throw new RerankError(
    'invalid-input',
    `${file} holds ${progress.answers.size} of ${progress.total} queries of a run that was stopped. Go on with --resume, or remove the file to begin anew.`,
    { file },
  );
}

/**
 * Requires that answers were made by the same settings.
 *
 * @throws RerankError `invalid-input` naming each setting that differs, with both values.
 */
export function requireSameKey(file: string, before: ProgressKey, now: ProgressKey): void {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  const differences = names
    .filter((name) => (before[name] ?? null) !== (now[name] ?? null))
    .map((name) => `${name} was ${before[name] ?? 'not set'} and is ${now[name] ?? 'not set'}`);
  if (differences.length === 0) return;
  throw new RerankError(
    'invalid-input',
    `${file} cannot be resumed: ${differences.join('; ')}. Leave --resume out to begin anew.`,
    { file },
  );
}

function parseLine(file: string, number: number, line: string): object {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Said below.
  }
  throw new RerankError('invalid-input', `Line ${number} of ${file} cannot be read.`, { file });
}
