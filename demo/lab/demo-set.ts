import { spreadEvenly, type EvalQuery } from 'rerank-results/evaluate';
import demoQueries from '../queries.json';
import type { ManualSource } from '../sources.ts';
import type { LabSet, SetSize } from './lab-set.ts';

/** How many judged queries the built-in set has. */
export const DEMO_QUERIES = demoQueries.length;

/**
 * The built-in set: the demo's judged queries, with what its search finds now.
 *
 * @throws What the search throws; the signal's reason.
 */
export async function readDemoSet(
  source: ManualSource,
  { queries: count, candidates: limit }: SetSize,
  signal: AbortSignal,
): Promise<LabSet> {
  const search = await source.open();
  const queries: EvalQuery[] = [];
  const searchMs: number[] = [];
  const judged = demoQueries.map((query, index) => ({ ...query, id: `q${index + 1}` }));
  const picked = spreadEvenly(judged, count);
  for (const { id, label, query, expect } of picked) {
    signal.throwIfAborted();
    const startMs = performance.now();
    const { results } = await search(query, { limit, signal });
    const tookMs = performance.now() - startMs;
    const found = results.flatMap(({ id: documentId, title, text }) =>
      documentId === undefined ? [] : { id: documentId, title, text },
    );
    if (found.length === 0) continue;
    searchMs.push(tookMs);
    queries.push({
      queryId: id,
      text: query,
      fields: { label },
      judgments: new Map(expect.map((documentId) => [documentId, 1])),
      ranking: found.map(({ id: documentId }) => documentId),
      candidates: found.map(({ id: documentId, title, text }, index) => ({
        id: documentId,
        // Its place alone: the search's own scores are not those of every source.
        score: found.length - index,
        document: { title, text },
      })),
    });
  }
  return {
    name: 'PostgreSQL manual',
    firstStage: source.caption,
    queries,
    judgedQueries: judged.length,
    unfoundQueries: picked.length - queries.length,
    searchMs,
  };
}
