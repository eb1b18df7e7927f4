import type { EncodedText } from './tokenize.ts';

/** Special tokens around a pair, and the token that fills a batch. From the model's manifest. */
export interface PairTemplate {
  /** Before the query: `[CLS]`. */
  readonly start: readonly number[];
  /** Between query and document: `[SEP]`, or `</s></s>` for RoBERTa. */
  readonly between: readonly number[];
  /** After the document: `[SEP]`. */
  readonly end: readonly number[];
  readonly padTokenId: number;
}

/** One pair as the model reads it. */
export interface Pair {
  readonly inputIds: Int32Array;
  /** Where the document begins: token type 0 before it, 1 from it on. */
  readonly documentStart: number;
  /** Whether the end of the document was cut off. */
  readonly truncated: boolean;
}

/** The most tokens that a query may have: half of the pair, so that a document always has room. */
export function maxQueryTokens(maxTokens: number): number {
  return Math.floor(maxTokens / 2);
}

/** The most tokens of a document that any pair can hold. */
export function maxDocumentTokens(template: PairTemplate, maxTokens: number): number {
  return maxTokens - template.start.length - template.between.length - template.end.length;
}

/** How many of a document's ids fit; see `assemblePair`. */
function countRoom(most: number, documentLength: number, cutStep: number): number {
  if (documentLength <= most || most < cutStep) return most;
  return most - (most % cutStep);
}

/**
 * `start query between document end`, at most `maxTokens` long. Only the document is cut; `query` has
 * at most `maxQueryTokens` ids.
 *
 * @param cutStep A document that must be cut is cut to a multiple of so many ids.
 */
export function assemblePair(
  query: EncodedText,
  document: EncodedText,
  template: PairTemplate,
  maxTokens: number,
  cutStep = 1,
): Pair {
  const { start, between, end } = template;
  const documentStart = start.length + query.ids.length + between.length;
  const room = countRoom(maxTokens - documentStart - end.length, document.ids.length, cutStep);
  const documentIds = document.ids.subarray(0, room);

  const inputIds = new Int32Array(documentStart + documentIds.length + end.length);
  inputIds.set(start);
  inputIds.set(query.ids, start.length);
  inputIds.set(between, start.length + query.ids.length);
  inputIds.set(documentIds, documentStart);
  inputIds.set(end, documentStart + documentIds.length);

  const truncated = !document.complete || documentIds.length < document.ids.length;
  return { inputIds, documentStart, truncated };
}
