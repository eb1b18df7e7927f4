import { MAX_DOCUMENT_CHARACTERS } from '../shared/defaults.ts';
import { isNearIdentical, sketchText, type Sketch } from './near-identical.ts';
import {
  checkResults,
  checkTextOptions,
  invalidInput,
  readResultText,
  type AnyResult,
  type ResultTextOptions,
} from './read-results.ts';

/** How alike two texts must be to count as one, by default. `docs/after-reranking.md` has what it was chosen by. */
const DEFAULT_THRESHOLD = 0.85;

/** Options of {@link mergeNearDuplicates}. */
export interface MergeNearDuplicatesOptions<TResult> extends ResultTextOptions<TResult> {
  /**
   * The least Jaccard similarity of two texts that count as near-identical, above 0 to 1: the runs of four words that both have,
   * by those that either has. Default 0.85: one changed word in a text of about 52 words still merges.
   */
  readonly threshold?: number | undefined;
  /**
   * How many results are kept at most: a whole number, 1 or more. Those after them are left out. All by default, and each
   * is compared with all that are kept: some thousands take seconds.
   */
  readonly limit?: number | undefined;
}

/** A result with those that were merged into it. */
export type MergedResult<TResult> = TResult & {
  /** The near-identical results that stood below this one, in their order. Empty for most. */
  readonly duplicates: readonly TResult[];
};

/**
 * Keeps the first of near-identical results, and lists the others on it. What is left keeps its order, `rank` and `originalRank`.
 * Case, spacing and punctuation make no difference; a text without words is like no other. A text's first 65,536
 * characters are compared, whatever the model read of it.
 *
 * @throws RerankError `invalid-input` for a list, threshold, limit or text option of a wrong type or range.
 */
export function mergeNearDuplicates<TResult extends AnyResult>(
  results: readonly TResult[],
  options: MergeNearDuplicatesOptions<TResult> = {},
): MergedResult<TResult>[] {
  const { threshold = DEFAULT_THRESHOLD, limit = Number.POSITIVE_INFINITY } = options;
  checkResults(results);
  checkTextOptions(options);
  if (!(threshold > 0 && threshold <= 1)) {
    throw invalidInput('threshold', 'a number above 0, at most 1', threshold);
  }
  if (!(limit >= 1 && (Number.isInteger(limit) || limit === Number.POSITIVE_INFINITY))) {
    throw invalidInput('limit', 'a whole number of 1 or more', limit);
  }
  const kept: { result: TResult; sketch: Sketch | undefined; duplicates: TResult[] }[] = [];
  for (const result of results) {
    const text = readResultText(result, options).slice(0, MAX_DOCUMENT_CHARACTERS);
    const sketch = sketchText(text);
    const twin = kept.find(
      (each) => sketch && each.sketch && isNearIdentical(each.sketch, sketch, threshold),
    );
    if (twin) twin.duplicates.push(result);
    else if (kept.length === limit) break;
    else kept.push({ result, sketch, duplicates: [] });
  }
  return kept.map(({ result, duplicates }) => ({ ...result, duplicates }));
}
