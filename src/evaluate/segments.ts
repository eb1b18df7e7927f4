/** Query lengths that are reported together, by their least number of words. */
const LENGTHS = [
  { least: 10, name: '10 words and more' },
  { least: 6, name: '6 to 9 words' },
  { least: 3, name: '3 to 5 words' },
  { least: 0, name: '1 or 2 words' },
] as const;

/** What a record without a value is reported under. */
const NO_VALUE = '(none)';

/** The segment of a query by its number of words, split at white space. */
export function nameLengthSegment(query: string): string {
  const words = query.split(/\s+/).filter((word) => word !== '').length;
  return LENGTHS.find(({ least }) => words >= least)?.name ?? NO_VALUE;
}

/**
 * The segment of a query by a field of its record; `a.b` is field `b` of the object `a`.
 *
 * @returns Texts, numbers and booleans as they are, other values as JSON, and `(none)` for no value.
 */
export function nameFieldSegment(record: object, field: string): string {
  let value: unknown = record;
  for (const name of field.split('.')) {
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, name)
        ? Reflect.get(value, name)
        : undefined;
  }
  if (value === undefined || value === null || value === '') return NO_VALUE;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Things by their segment: the largest segment first, equal ones by name. */
export function groupBySegment<TThing>(
  things: readonly TThing[],
  name: (thing: TThing) => string,
): Map<string, TThing[]> {
  const groups = new Map<string, TThing[]>();
  for (const thing of things) {
    const segment = name(thing);
    const group = groups.get(segment) ?? [];
    group.push(thing);
    groups.set(segment, group);
  }
  return new Map(
    [...groups].sort(([nameA, a], [nameB, b]) => b.length - a.length || (nameA < nameB ? -1 : 1)),
  );
}
