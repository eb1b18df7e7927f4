import { RerankError } from '../shared/errors.ts';
import type { RankedResult, RerankOutcome } from '../shared/types.ts';

/**
 * A reranker's answer, which may be a site's own one, with the candidates in the place of what it read.
 *
 * @throws RerankError `service-failed` where the answer is no order of the candidates: not a list, or with a result that is none
 * of them, one of them twice, or without the score that it claims.
 */
export function readOutcome<TCandidate>(
  outcome: RerankOutcome<unknown>,
  candidates: readonly TCandidate[],
): RerankOutcome<TCandidate> {
  checkResults((outcome as Partial<typeof outcome> | undefined)?.results, candidates.length);
  // The same twice: a complete outcome and a stopped one have results of two types.
  return outcome.complete
    ? { ...outcome, results: withCandidates(outcome.results, candidates) }
    : { ...outcome, results: withCandidates(outcome.results, candidates) };
}

/** The same for results on the way; undefined where they are no order of the candidates, which is told when the run ends. */
export function readPartial<TCandidate>(
  results: readonly RankedResult<unknown>[],
  candidates: readonly TCandidate[],
): RankedResult<TCandidate>[] | undefined {
  try {
    checkResults(results, candidates.length);
  } catch {
    return undefined;
  }
  return withCandidates(results, candidates);
}

function checkResults(results: unknown, count: number): void {
  if (!Array.isArray(results)) {
    throw new RerankError('service-failed', 'The reranker’s answer has no list of results.');
  }
  const seen = new Set<number>();
  for (const [position, result] of (results as unknown[]).entries()) {
    const fault = findFault(result, count, seen);
    if (fault !== undefined) {
      const message = `Result ${position} of the reranker’s answer ${fault}.`;
      throw new RerankError('service-failed', message, { position });
    }
  }
}

/** Results with the candidates in the place of what the reranker read. */
function withCandidates<TResult extends { readonly index: number }, TCandidate>(
  results: readonly TResult[],
  candidates: readonly TCandidate[],
): (TResult & { readonly document: TCandidate })[] {
  return results.map((result) => ({
    ...result,
    document: candidates[result.index] as TCandidate,
  }));
}

function findFault(result: unknown, count: number, seen: Set<number>): string | undefined {
  const { index, scored, relevanceScore, passage } = (result ?? {}) as Partial<
    RankedResult<unknown> & { relevanceScore: unknown; passage: { text?: unknown } | null }
  >;
  if (index === undefined || !Number.isInteger(index) || index < 0 || index >= count) {
    return `has the index ${JSON.stringify(index)}, of ${count} documents`;
  }
  if (seen.has(index)) return `is document ${index} once more`;
  seen.add(index);
  if (scored === true && !Number.isFinite(relevanceScore)) return 'has no relevanceScore';
  if (passage != null && typeof passage.text !== 'string') return 'has a passage without text';
  return undefined;
}
