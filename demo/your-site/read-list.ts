import type { Checked } from './checked.ts';

/** Results that are read of a pasted list. More would keep a reader waiting who only wants to see. */
export const MOST_RESULTS = 100;

/** Where answers of search APIs hold their list, for those who paste a whole answer. */
const LIST_NAMES = ['results', 'hits', 'items', 'documents', 'data'];

/** The beginning of a JSON list or object; a line may begin with a bracket as well. */
const JSON_START = /^(?:\{|\[\s*["{[\]\d])/;

/**
 * Reads pasted results: a JSON list of objects or texts, an object that holds such a list under a usual name, or lines of text,
 * each of which becomes a title.
 *
 * @returns The first {@link MOST_RESULTS} of them.
 */
export function readList(pasted: string): Checked<readonly object[]> {
  const text = pasted.trim();
  if (text === '') {
    return {
      problem:
        'There is nothing to rerank. Paste the results of a search, or put the example back.',
    };
  }
  const read = JSON_START.test(text) ? readJson(text) : { value: text.split('\n') };
  if ('problem' in read) return read;
  const entries = read.value
    .filter((entry) => typeof entry !== 'string' || entry.trim() !== '')
    .slice(0, MOST_RESULTS);
  const wrong = entries.findIndex((entry) => typeof entry !== 'string' && !isRecord(entry));
  if (wrong >= 0) {
    return {
      problem: `Result ${wrong + 1} is ${nameKind(entries[wrong])}. Each must be an object or a text.`,
    };
  }
  if (entries.length < 2) {
    return {
      problem: `The list has ${countResults(entries.length)}. An order needs at least two.`,
    };
  }
  return {
    value: entries.map((entry) =>
      typeof entry === 'string' ? { title: entry.trim() } : (entry as object),
    ),
  };
}

function readJson(text: string): Checked<readonly unknown[]> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { problem: `This begins like JSON, but cannot be read as such: ${reason}.` };
  }
  const lists = isRecord(value)
    ? LIST_NAMES.map((name) => (value as Record<string, unknown>)[name])
    : [value];
  const list = lists.find((each) => Array.isArray(each)) as readonly unknown[] | undefined;
  if (list) return { value: list };
  return {
    problem: `This is JSON without a list. Paste a list, or an object with one named ${LIST_NAMES.join(', ')}.`,
  };
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameKind(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

function countResults(count: number): string {
  return count === 1 ? 'one result' : 'no result';
}
