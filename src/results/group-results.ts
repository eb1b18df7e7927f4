import { URL_NAMES, normalizeAddress } from '../shared/page-address.ts';
import { checkFunction, checkResults, invalidInput, type AnyResult } from './read-results.ts';

/** Options of {@link groupResults}. */
export interface GroupResultsOptions<TResult extends AnyResult> {
  /**
   * What a document's group is called; documents with the same name are together. Undefined: a group of its own. Default: the
   * page, which is the document's `url`, `link`, `href` or `permalink` without its hash, `index.html` and the slash at its end;
   * from its first slash where it is on the site itself. A hash that is a route (`#/guide`, `#!guide`) stays.
   */
  readonly by?: ((document: TResult['document']) => string | undefined) | undefined;
  /** How many results a group shows at most: a whole number, 1 or more. The others are its `leftOut`. Default: all. */
  readonly limitPerGroup?: number | undefined;
}

/** Results that belong together. */
export interface ResultGroup<TResult> {
  /** What `by` returned. Absent for a result that is a group of its own. */
  readonly key?: string;
  /** In the order that they had; the first is the group's best. Never empty. */
  readonly results: readonly TResult[];
  /** What `limitPerGroup` cut off, in the order that it had. */
  readonly leftOut: readonly TResult[];
}

/**
 * Puts results of one page together. Groups stand in the order of their best result. Results keep `rank` and `originalRank`.
 *
 * @throws RerankError `invalid-input` for a list or option of a wrong type or range.
 */
export function groupResults<TResult extends AnyResult>(
  results: readonly TResult[],
  { by = findPage, limitPerGroup = Infinity }: GroupResultsOptions<TResult> = {},
): ResultGroup<TResult>[] {
  checkResults(results);
  checkFunction('by', by);
  if (!(limitPerGroup >= 1 && (Number.isInteger(limitPerGroup) || limitPerGroup === Infinity))) {
    throw invalidInput('limitPerGroup', 'a whole number of 1 or more', limitPerGroup);
  }
  const groups: { key?: string; members: TResult[] }[] = [];
  const byKey = new Map<string, TResult[]>();
  for (const result of results) {
    const key: unknown = by(result.document);
    if (typeof key !== 'string') {
      groups.push({ members: [result] });
      continue;
    }
    const group = byKey.get(key);
    if (group) {
      group.push(result);
      continue;
    }
    const members = [result];
    byKey.set(key, members);
    groups.push({ key, members });
  }
  return groups.map(({ members, ...named }) => ({
    ...named,
    results: members.slice(0, limitPerGroup),
    leftOut: members.slice(limitPerGroup),
  }));
}

function findPage(document: unknown): string | undefined {
  if (typeof document !== 'object' || document === null) return undefined;
  const record = document as Record<string, unknown>;
  const url = URL_NAMES.map((name) => record[name]).find(
    (value) => typeof value === 'string' && value !== '',
  );
  return typeof url === 'string' ? normalizeAddress(url, { keepsSection: false }) : undefined;
}
