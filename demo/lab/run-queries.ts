import { createReranker, type LoadProgress, type ModelInfo, type Reranker } from 'rerank-results';
import type { CandidateScores, EvalQuery } from 'rerank-results/evaluate';

/** Milliseconds of one query's reranking. */
export interface StepTimes {
  readonly tokenizeMs: number;
  readonly inferMs: number;
  /** From the call to its answer. */
  readonly totalMs: number;
}

/** What a reranker answered for one query. */
export interface QueryAnswer extends CandidateScores {
  /** Positions of the candidates in the order that came back: by the model alone, or by the blend that was asked for. */
  readonly order: readonly number[];
  /** Texts that a model read, all models together. */
  readonly pairs: number;
  readonly truncatedDocuments: number;
  readonly times: StepTimes;
}

/** What runs: one model, or several in tiers. */
export interface Subject {
  readonly model?: string;
  readonly tiers?: string;
  readonly device: 'auto' | 'webgpu' | 'wasm';
  /** Needed where a score depends on the order so far, as with tiers; else orders are made from the logits afterwards. */
  readonly priorWeight?: number;
}

/** Who follows a run. */
export interface RunWatch {
  readonly onLoadProgress: (progress: LoadProgress) => void;
  readonly onReady: (model: ModelInfo) => void;
  /** How many of the query's candidates have a score. */
  readonly onPartial: (scoredCount: number) => void;
  readonly onAnswer: (query: EvalQuery, answer: QueryAnswer) => void;
}

/**
 * Loads what is to be measured, warms it up, and lets it read one query's results after another. It is gone afterwards: kept scores
 * would make the next run faster than it is.
 *
 * @throws RerankError as the reranker does; `aborted` by the signal.
 */
export async function runQueries(
  subject: Subject,
  queries: readonly EvalQuery[],
  signal: AbortSignal,
  watch: RunWatch,
): Promise<void> {
  const { model, tiers, device } = subject;
  const reranker = await createReranker({
    ...(tiers === undefined ? { model } : { tiers }),
    modelBaseUrl: './models/',
    device,
    signal,
    onProgress: watch.onLoadProgress,
  });
  // The warm-up takes no signal: a stop ends the worker.
  const stop = (): void => void reranker.dispose();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await reranker.warmup();
    signal.throwIfAborted();
    watch.onReady(reranker.model);
    for (const query of queries) {
      const answer = await rerankQuery(reranker, query, subject, signal, watch);
      watch.onAnswer(query, answer);
    }
  } finally {
    signal.removeEventListener('abort', stop);
    await reranker.dispose();
  }
}

async function rerankQuery(
  reranker: Reranker,
  { text, candidates }: EvalQuery,
  { priorWeight }: Subject,
  signal: AbortSignal,
  { onPartial }: RunWatch,
): Promise<QueryAnswer> {
  const { results, usage, timing } = await reranker.rerank({
    query: text,
    documents: candidates.map(({ document }) => document),
    ...(priorWeight !== undefined && { blend: { prior: 'rank', weight: priorWeight } }),
    signal,
    onPartial: ({ scoredCount }) => onPartial(scoredCount),
  });
  const logits = new Array<number>(results.length).fill(0);
  for (const { index, logit } of results) logits[index] = logit;
  const { tokenizeMs, inferMs, totalMs } = timing;
  return {
    logits,
    unknownLanguage: results.filter((each) => each.unknownLanguage).map(({ index }) => index),
    order: results.map(({ index }) => index),
    pairs: usage.pairs,
    truncatedDocuments: usage.truncatedDocuments,
    times: { tokenizeMs, inferMs, totalMs },
  };
}
