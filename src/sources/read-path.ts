/** How deep a message about wrong fields looks into a result, and how many names it tells. */
const TOLD_DEPTH = 3;
const TOLD_NAMES = 20;

/**
 * The value at `path`: names joined by dots, such as `_source.title` or `authors.0.name`. A name may hold dots itself. Only
 * own properties are read, so that `__proto__` or `constructor` lead nowhere but to what the data holds under that name.
 *
 * @returns Undefined where the path ends early.
 */
export function readPath(value: unknown, path: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Object.hasOwn(value, path)) return (value as Record<string, unknown>)[path];
  // The longest name that is there first: some engines answer with names like "title.keyword".
  for (let end = path.lastIndexOf('.'); end > 0; end = path.lastIndexOf('.', end - 1)) {
    const name = path.slice(0, end);
    if (!Object.hasOwn(value, name)) continue;
    const found = readPath((value as Record<string, unknown>)[name], path.slice(end + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The object with names at `path`; undefined where there is none. */
export function readRecord(value: unknown, path: string): Record<string, unknown> | undefined {
  const found = readPath(value, path);
  return isRecord(found) ? found : undefined;
}

/** The texts in a value: of a text itself, a number, or a list of these; anything else has none. */
export function listTexts(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (typeof value === 'number') return [String(value)];
  return Array.isArray(value)
    ? value.flatMap((each) => (Array.isArray(each) ? [] : listTexts(each)))
    : [];
}

/** Names of what a record holds, with those inside its objects, for a message: `_id, _source.title`. */
export function describeNames(record: unknown): string {
  const names = listNames(record, TOLD_DEPTH);
  if (names.length === 0) return 'nothing';
  const rest = names.length - TOLD_NAMES;
  return names.slice(0, TOLD_NAMES).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

function listNames(record: unknown, depth: number): string[] {
  if (!isRecord(record)) return [];
  return Object.entries(record).flatMap(([name, value]) => {
    const inner = depth > 1 ? listNames(value, depth - 1) : [];
    return inner.length > 0 ? inner.map((each) => `${name}.${each}`) : [name];
  });
}

/** Whether a value is an object with names, and no list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
