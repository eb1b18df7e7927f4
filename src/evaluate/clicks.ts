import { invalidLine, splitLines } from './lines.ts';
import type { Qrels } from './metrics.ts';

/** One click on a result, as a site logs it. */
export interface Click {
  readonly query: string;
  /** The chosen result's id. */
  readonly id: string;
  /** Its place in the list that the reader saw, from 1. */
  readonly rank: number;
  /** The ids of that list, first to last; at least as far as the choice. */
  readonly shown: readonly string[];
  /** The same for clicks on the same list; a click without it is taken as a list of its own. */
  readonly run?: string;
}

/** What clicks say. */
export interface ClickJudgments {
  /** Grades 1 and 0 by query text, as the log has it first. */
  readonly qrels: Qrels;
  /** Lists with at least one click. */
  readonly impressions: number;
  /** Clicks whose id is not at their rank of what was shown: left out. */
  readonly inconsistent: number;
  /** Results that were looked at, but too seldom, or as often chosen as passed over: left out. */
  readonly undecided: number;
}

/** Looks at a result that make a judgment, where nothing else is said. */
export const DEFAULT_MIN_IMPRESSIONS = 2;

/**
 * Reads a click log: one JSON object a line with `query`, `id` (or `url`), `rank`, `shown`, and maybe `run`.
 * Other properties, such as `originalRank` and `time`, are not read.
 *
 * @throws RerankError `invalid-input` naming the line.
 */
export function parseClicks(text: string): Click[] {
  return splitLines(text).map(({ number, content }) => {
    let value: unknown;
    try {
      value = JSON.parse(content);
    } catch {
      value = undefined;
    }
    const record = (typeof value === 'object' && value !== null ? value : {}) as Record<
      string,
      unknown
    >;
    const { query, id = record.url, rank, shown, run } = record;
    const isClick =
      typeof query === 'string' &&
      typeof id === 'string' &&
      Number.isInteger(rank) &&
      Array.isArray(shown) &&
      shown.every((each) => typeof each === 'string') &&
      (run === undefined || typeof run === 'string');
    if (!isClick) {
      throw invalidLine(
        'click log',
        number,
        'must be a JSON object with query, id or url, rank, and shown, a list of ids',
      );
    }
    return { query, id, rank: rank as number, shown, ...(run !== undefined && { run }) };
  });
}

/**
 * Judgments from clicks. Readers look from the top down, so a click tells something about the results
 * above it too: those were looked at and passed over. What stands below the last click tells nothing, and
 * is not judged; that is what corrects most of the advantage of high places.
 *
 * Over all lists of a query, a result that was chosen more often than passed over gets grade 1, one that was
 * passed over more often gets 0. Queries are the same where they differ in case and white space only.
 *
 * Source: "Click > Skip Above", Joachims, "Optimizing search engines using clickthrough data", KDD 2002;
 * examined by eye tracking in Joachims et al., SIGIR 2005. Its preferences hold within one list; the
 * majority over lists, which makes grades of them, is ours.
 *
 * @param minImpressions Lists in which a result must have been chosen or passed over: a whole number of 1
 * or more. Default 2.
 */
export function judgeByClicks(
  clicks: readonly Click[],
  minImpressions: number = DEFAULT_MIN_IMPRESSIONS,
): ClickJudgments {
  const consistent = clicks.filter(({ id, rank, shown }) => shown[rank - 1] === id);
  const impressions = new Map<string, Click[]>();
  for (const [index, click] of consistent.entries()) {
    const key = JSON.stringify([normalizeQuery(click.query), click.run ?? index]);
    impressions.set(key, [...(impressions.get(key) ?? []), click]);
  }

  const looks = new Map<string, Map<string, { chosen: number; passed: number }>>();
  for (const list of impressions.values()) {
    const chosen = new Set(list.map(({ id }) => id));
    const deepest = list.reduce((a, b) => (b.rank > a.rank ? b : a));
    const query = normalizeQuery(deepest.query);
    const ofQuery = looks.get(query) ?? new Map<string, { chosen: number; passed: number }>();
    looks.set(query, ofQuery);
    for (const id of new Set([...chosen, ...deepest.shown.slice(0, deepest.rank)])) {
      const look = ofQuery.get(id) ?? { chosen: 0, passed: 0 };
      if (chosen.has(id)) look.chosen += 1;
      else look.passed += 1;
      ofQuery.set(id, look);
    }
  }

  const texts = new Map(
    consistent.toReversed().map(({ query }) => [normalizeQuery(query), query.trim()]),
  );
  let undecided = 0;
  const qrels = new Map<string, Map<string, number>>();
  for (const [query, ofQuery] of looks) {
    const grades = new Map<string, number>();
    for (const [id, { chosen, passed }] of ofQuery) {
      if (chosen + passed < minImpressions || chosen === passed) undecided += 1;
      else grades.set(id, chosen > passed ? 1 : 0);
    }
    if (grades.size > 0) qrels.set(texts.get(query) ?? query, grades);
  }
  return {
    qrels,
    impressions: impressions.size,
    inconsistent: clicks.length - consistent.length,
    undecided,
  };
}

/** What makes two queries of a log the same. */
export function normalizeQuery(query: string): string {
  return query.trim().replace(/\s+/g, ' ').toLowerCase();
}
