import { RerankError } from '../shared/errors.ts';
import type { ScoredBatch, ScoreOptions, ScoreSummary } from '../shared/protocol.ts';
import type { ModelInfo } from '../shared/types.ts';

/** What can be said of a model that no engine of this library runs. */
export function outsideModel(known: Pick<ModelInfo, 'id' | 'engine' | 'device'>): ModelInfo {
  return {
    ...known,
    revision: 'unknown',
    dtype: 'unknown',
    threads: 0,
    maxTokens: 0,
    totalBytes: 0,
    calibrated: false,
  };
}

/** The work of a run that was done outside. */
export function summarizeWork(work: {
  readonly pairs: number;
  /** 0 where nobody counted. */
  readonly tokens: number;
  readonly inferMs: number;
  readonly truncatedDocuments?: number;
  readonly truncatedQuery?: boolean;
}): ScoreSummary {
  const { pairs, tokens, inferMs, truncatedDocuments = 0, truncatedQuery = false } = work;
  return {
    usage: {
      pairs,
      cachedPairs: 0,
      tokens,
      truncatedDocuments,
      unknownLanguageDocuments: 0,
      truncatedQuery,
    },
    timing: { tokenizeMs: 0, inferMs },
  };
}

/**
 * Refuses `longDocuments: 'error'`.
 *
 * @param who What cannot tell how much it reads, as the subject of a sentence.
 * @throws RerankError `invalid-input`.
 */
export function refuseLongCheck(who: string, { refusesLong }: ScoreOptions): void {
  if (refusesLong !== true) return;
  throw new RerankError(
    'invalid-input',
    `longDocuments: 'error' needs a local model (createReranker): ${who} cannot tell how much of a text its model reads. Choose another mode.`,
    { argument: 'longDocuments' },
  );
}

/** Of a run by passages: each text is one, but for its head, since nobody outside says which part of it counted. */
export function wholePassages(
  passages: ScoreOptions['passages'],
  indices: readonly number[],
  texts: readonly string[],
): Pick<ScoredBatch, 'passages'> {
  if (!passages) return {};
  const ends = indices.flatMap((index) => [
    passages.headLengths[index] ?? 0,
    texts[index]?.length ?? 0,
  ]);
  return { passages: Uint32Array.from(ends) };
}
