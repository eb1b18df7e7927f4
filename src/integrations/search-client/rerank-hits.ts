import { withinBudget } from '../../client/within-budget.ts';
import type { Blend } from '../../shared/blend.ts';
import { RerankError } from '../../shared/errors.ts';
import type { Reranker } from '../../shared/types.ts';
import { readAlgoliaHit } from '../../sources/algolia.ts';
import { readTitleAndText } from '../../sources/candidate.ts';
import { describeNames, listTexts, readPath } from '../../sources/read-path.ts';

/** One hit as the engine gave it. */
export type Hit = Readonly<Record<string, unknown>>;

/** Where a hit stands now, and where it stood; put on each reranked hit as `_rerank`. */
export interface HitPlace {
  /** Place in the reranked order of the whole query, from 1. */
  readonly rank: number;
  /** Place in the engine's order of the whole query, from 1. */
  readonly originalRank: number;
  /** The reranker's, 0 to 1. Absent where it did not read the hit. */
  readonly relevanceScore?: number;
}

/** How hits become texts, and how long that may take. */
export interface HitReranking {
  readonly toText: (hit: Hit) => string;
  readonly blend: Blend;
  readonly budgetMs: number;
  readonly timeoutMs: number;
}

/**
 * The places of all hits, best first.
 *
 * @throws RerankError `invalid-input` where no hit has a text, `aborted` with the signal, `worker-failed` where the reranker did
 * not answer within `timeoutMs`; and what the reranker throws.
 */
export async function rerankHits(
  { query, hits }: { readonly query: string; readonly hits: readonly Hit[] },
  reranker: Reranker,
  { toText, blend, budgetMs, timeoutMs }: HitReranking,
  signal: AbortSignal,
): Promise<HitPlace[]> {
  const documents = hits.map(toText);
  if (hits.length > 0 && documents.every((text) => text === '')) {
    throw new RerankError(
      'invalid-input',
      `None of the ${hits.length} hits has a text. Name its attributes in "fields". The first hit has: ${describeNames(hits[0])}.`,
      { argument: 'fields' },
    );
  }
  const outcome = await withinBudget(timeoutMs, signal, (either) =>
    reranker.rerank({ query, documents, blend, budgetMs, signal: either }),
  );
  if (!outcome) {
    throw new RerankError('worker-failed', `The reranker did not answer within ${timeoutMs} ms.`);
  }
  const scoreOf = new Map(
    outcome.results.map((result) => [
      result.index,
      result.scored ? result.relevanceScore : undefined,
    ]),
  );
  // A reranker of the site's own may leave some out: they keep their order, after the others.
  const order = [...new Set([...scoreOf.keys(), ...hits.keys()])];
  return order.map((index, position) => {
    const relevanceScore = scoreOf.get(index);
    return {
      rank: position + 1,
      originalRank: index + 1,
      ...(relevanceScore !== undefined && { relevanceScore }),
    };
  });
}

/** What the model reads of a hit: the texts at `paths`, else title and text as DocSearch or the usual names have them. */
export function readHitText(hit: Hit, paths: readonly string[] | undefined): string {
  const texts = paths
    ? paths.map((path) => listTexts(readPath(hit, path)).join(' '))
    : readTitleAndText(readAlgoliaHit(hit));
  return texts.filter((text) => text !== '').join('\n');
}
