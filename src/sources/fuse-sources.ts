import { RerankError, abortedError, describeError } from '../shared/errors.ts';
import { toCandidates, type Candidate } from './candidate.ts';
import type { SearchFunction } from './endpoint.ts';
import { mergeResults, type MergeKey, type SourceResults } from './merge-results.ts';
import { untilAborted } from '../shared/until-aborted.ts';

/** Settings of {@link fuseSources}. */
export interface FuseOptions {
  /**
   * `rrf`: reciprocal rank fusion, the sum of `weight / (k + rank)` over the sources (Cormack, Clarke and Büttcher,
   * SIGIR 2009). It needs no scores and suits sources whose scores mean different things. `blend`: the weighted mean
   * of the scores, each source's scaled to 0…1 within the query; it keeps how far apart results are. A source
   * without scores is scaled by rank. What a source did not find counts 0. Default: `rrf`.
   */
  readonly method?: 'rrf' | 'blend';
  /** For `rrf`: the greater, the less the first places stand out. A number from 0. Default: 60. */
  readonly k?: number;
  /** How much a source counts, by its name, a number from 0. 0: it is not asked. Default: 1 each. */
  readonly weights?: Readonly<Record<string, number>>;
  /** How long a source may take, in milliseconds; a slower one is left out. Default: 3000. */
  readonly timeoutMs?: number;
  /**
   * What makes two results one. `url`: the same address, for sources with ids of their own; a page is one result then,
   * even if a source found several passages of it. `id`: the same id, for several indexes of the same records. Where a
   * result lacks the one, the other counts. Default: `url`.
   */
  readonly mergeBy?: MergeKey;
  /**
   * Hears of each source that was left out while others answered or failed too, in the order of their names. An error that it throws
   * is the page's to report, and costs no results.
   */
  readonly onSourceError?: (failure: SourceFailure) => void;
}

/** Why a source was left out. */
export interface SourceFailure {
  readonly source: string;
  /** With the code `source-failed`, or what the source's own RerankError has. */
  readonly error: RerankError;
}

const DEFAULT_K = 60;
const DEFAULT_TIMEOUT_MS = 3000;

/**
 * Asks several sources at once and makes one list: each result once, the best first, with the fused `score` and `ranks`,
 * its place in each source that found it, from 1. Its other fields are those of the first source that has them, in the
 * order in which the sources are named. That order also decides ties, never which source was faster.
 *
 * @param sources Searches by name: `{ keyword: searchEndpoint('/search?q={query}'), vector: searchVectors }`.
 * @returns A search that throws RerankError `source-failed` when every source failed.
 * @throws RerankError `invalid-input` for a setting out of its range.
 */
export function fuseSources(
  sources: Readonly<Record<string, SearchFunction>>,
  options: FuseOptions = {},
): SearchFunction {
  const { method = 'rrf', k = DEFAULT_K, weights = {}, mergeBy = 'url', onSourceError } = options;
  const { timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const names = Object.keys(sources);
  checkSettings({ k, timeoutMs }, names, weights);
  const asked = Object.entries(sources).flatMap(([name, search]) => {
    const weight = Object.hasOwn(weights, name) ? (weights[name] ?? 1) : 1;
    return weight > 0 ? [{ name, search, weight }] : [];
  });
  return async (query, { limit, signal }) => {
    const failures: SourceFailure[] = [];
    const answers = await Promise.all(
      asked.map(async ({ name, search, weight }): Promise<SourceResults[]> => {
        try {
          const candidates = await askSource(search, query, limit, timeoutMs, signal);
          return [{ name, weight, candidates }];
        } catch (error) {
          if (signal.aborted) throw abortedError(signal);
          failures.push({ source: name, error: toSourceError(error) });
          return [];
        }
      }),
    );
    failures.sort((a, b) => names.indexOf(a.source) - names.indexOf(b.source));
    // In its own turn: an error that it throws must not cost the results.
    for (const failure of failures) queueMicrotask(() => onSourceError?.(failure));
    if (failures.length === asked.length) throw everySourceFailed(failures);
    return mergeResults(answers.flat(), mergeBy, method === 'rrf' ? k : undefined).slice(0, limit);
  };
}

async function askSource(
  search: SearchFunction,
  query: string,
  limit: number,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<readonly Candidate[]> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const either = AbortSignal.any([signal, timeout]);
  try {
    const results = await untilAborted(search(query, { limit, signal: either }), either);
    return toCandidates(results).slice(0, limit);
  } catch (error) {
    if (!timeout.aborted || signal.aborted) throw error;
    throw new RerankError('source-failed', `It did not answer within ${timeoutMs} ms.`, {
      timeoutMs,
    });
  }
}

function toSourceError(error: unknown): RerankError {
  if (error instanceof RerankError) return error;
  return new RerankError('source-failed', describeError(error), {}, { cause: error });
}

function everySourceFailed(failures: readonly SourceFailure[]): RerankError {
  const reasons = failures.map(
    ({ source, error }) => `${source}: ${error.message.replace(/\.$/, '')}`,
  );
  return new RerankError('source-failed', `Every source failed. ${reasons.join('; ')}.`);
}

function checkSettings(
  numbers: Readonly<Record<string, number>>,
  names: readonly string[],
  weights: Readonly<Record<string, number>>,
): void {
  const refuse = (what: string): never => {
    throw new RerankError('invalid-input', `fuseSources: ${what}.`);
  };
  const weighed = Object.entries(weights).map(
    ([name, value]) => [`weights.${name}`, value] as const,
  );
  for (const [name, value] of [...Object.entries(numbers), ...weighed]) {
    if (!(value >= 0 && value < Infinity)) refuse(`${name} must be a number from 0, not ${value}`);
  }
  const unknown = Object.keys(weights).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    refuse(`weights names "${unknown}", which is none of the sources ${names.join(', ')}`);
  }
  if (names.every((name) => weights[name] === 0)) refuse('no source has a weight above 0');
}
