import type { Blend } from '../../shared/blend.ts';
import type {
  CompleteOutcome,
  ModelInfo,
  RerankRequest,
  RerankResult,
} from '../../shared/types.ts';
import type { EvalCandidate, EvalQuery } from '../../evaluate/collection.ts';
import type { EvalSetting } from './eval-options.ts';

/** The document that is sent, as `readDocument` of a site would give it. */
export type EvalDocument = EvalCandidate['document'];

/** What a query asks: every candidate is scored, however long that takes. */
export type EvalRequest = RerankRequest<EvalDocument> & { readonly budgetMs?: undefined };

/** A reranker that is measured, wherever it runs. */
export interface Subject {
  readonly model: ModelInfo;
  readonly runtime: RuntimeFacts;
  rerank(request: EvalRequest, signal: AbortSignal): Promise<Answer>;
  dispose(): Promise<void>;
}

/** What runs the model. */
export interface RuntimeFacts {
  readonly name: 'node' | 'chromium';
  /** Library or browser, with its version, such as `onnxruntime-node 1.30.0`. */
  readonly library: string;
  /** Why it is not the faster one. Absent where it is. */
  readonly fallbackReason?: string;
}

/** What came back for one query: plain data, which is kept in the progress file. */
export interface Answer {
  /** One for each candidate, in the first stage's order. */
  readonly logits: readonly number[];
  /** Positions of candidates in a language that the model does not read: they keep their place. */
  readonly unknownLanguage: readonly number[];
  /** Where the reranker has tiers: the tier that each candidate's logit is of, from 1. */
  readonly tiers?: readonly number[];
  readonly truncatedDocuments: number;
  /** Candidates whose score was there already: the same text came before for the same query. */
  readonly cachedPairs: number;
  /** From the call of the reranker to its answer. */
  readonly durationMs: number;
}

/**
 * The request for one query: the only place where an evaluation makes one.
 *
 * @param blend For a reranker that chooses by the order so far what to read. Absent: it is worked out from the logits, for any weight.
 */
export function buildRequest(
  { text }: EvalQuery,
  candidates: readonly EvalCandidate[],
  { longDocuments, maxPassages }: Pick<EvalSetting, 'longDocuments' | 'maxPassages'>,
  blend?: Blend,
): EvalRequest {
  const documents = candidates.map(({ document }) => document);
  const request = { query: text, documents, longDocuments, maxPassages };
  if (!blend) return request;
  return { ...request, blend, priorScores: candidates.map(({ score }) => score) };
}

/** What is kept of a result. */
export type AnswerResult = Pick<
  RerankResult<unknown>,
  'index' | 'logit' | 'unknownLanguage' | 'tier'
>;

/** An outcome as an answer. */
export function toAnswer(
  {
    results,
    usage,
  }: Pick<CompleteOutcome<unknown>, 'usage'> & {
    readonly results: readonly AnswerResult[];
  },
  durationMs: number,
): Answer {
  const logits = new Array<number>(results.length).fill(0);
  const tiers = new Array<number>(results.length).fill(1);
  for (const { index, logit, tier = 1 } of results) {
    logits[index] = logit;
    tiers[index] = tier;
  }
  return {
    logits,
    ...(results.some(({ tier }) => tier !== undefined) && { tiers }),
    unknownLanguage: results.flatMap(({ index, unknownLanguage }) =>
      unknownLanguage ? index : [],
    ),
    truncatedDocuments: usage.truncatedDocuments,
    cachedPairs: usage.cachedPairs,
    durationMs,
  };
}
