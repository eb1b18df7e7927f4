import { abortedError } from '../shared/errors.ts';
import type { ScoredBatch, Scorer } from '../shared/protocol.ts';
import { rankDocuments, rankScoredSoFar, type Scores } from '../shared/rank.ts';
import type {
  ModelInfo,
  RerankOutcome,
  RerankPartial,
  RerankRequest,
  Reranker,
} from '../shared/types.ts';
import { NewestValue } from './newest-value.ts';
import { readBlend, readTexts } from './read-request.ts';

/** A reranker over anything that scores texts: a worker, or the engine in this thread. */
export function createRerankerOver(scorer: Scorer): Reranker {
  return new ScorerReranker(scorer);
}

class ScorerReranker implements Reranker {
  readonly #scorer: Scorer;

  constructor(scorer: Scorer) {
    this.#scorer = scorer;
  }

  get model(): ModelInfo {
    return this.#scorer.model;
  }

  async rerank<TDocument extends string | object>(
    request: RerankRequest<TDocument>,
  ): Promise<RerankOutcome<TDocument>> {
    const start = performance.now();
    const texts = readTexts(request);
    const { query, documents, topN = documents.length, signal, onPartial } = request;
    if (signal?.aborted) throw abortedError(signal);
    if (texts.length === 0) return { ...emptyOutcome, results: [], model: this.model };

    const scores = {
      logits: new Float64Array(texts.length).fill(Number.NaN),
      truncated: new Uint8Array(texts.length),
      unknownLanguage: new Uint8Array(texts.length),
      blend: readBlend(request),
      calibration: this.model.calibration,
    };
    let scoredCount = 0;
    const onScores = (batch: ScoredBatch): void => {
      scoredCount += keepScores(scores, batch);
      if (scoredCount === texts.length || !onPartial) return;
      const partial = rankScoredSoFar(documents, scores);
      try {
        onPartial({ ...partial, results: partial.results.slice(0, topN) });
      } catch (error) {
        // The caller's mistake is the page's to report; the run goes on.
        reportError(error);
      }
    };
    const { usage, timing } = await this.#scorer.score(query, texts, { signal, onScores });
    return {
      results: rankDocuments(documents, scores).slice(0, topN),
      usage,
      timing: { ...timing, totalMs: performance.now() - start },
      model: this.model,
    };
  }

  async *stream<TDocument extends string | object>(
    request: Omit<RerankRequest<TDocument>, 'onPartial'>,
  ): AsyncGenerator<RerankPartial<TDocument>, void, undefined> {
    // Ends the run when the caller leaves the loop early.
    const left = new AbortController();
    const signal = request.signal ? AbortSignal.any([request.signal, left.signal]) : left.signal;
    const partials = new NewestValue<RerankPartial<TDocument>>();
    const run = this.rerank({ ...request, signal, onPartial: (partial) => partials.set(partial) });
    // Its failure is thrown by the await below; here it only ends the partials.
    run.then(
      () => partials.end(),
      () => partials.end(),
    );
    try {
      yield* partials;
      const { results } = await run;
      const totalCount = request.documents.length;
      const scored = results.map((result) => ({ ...result, scored: true as const }));
      yield { results: scored, scoredCount: totalCount, totalCount };
    } finally {
      left.abort();
    }
  }

  warmup(): Promise<void> {
    return this.#scorer.warmup();
  }

  dispose(): Promise<void> {
    return this.#scorer.dispose();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }
}

const emptyOutcome = {
  usage: {
    pairs: 0,
    cachedPairs: 0,
    tokens: 0,
    truncatedDocuments: 0,
    unknownLanguageDocuments: 0,
    truncatedQuery: false,
  },
  timing: { tokenizeMs: 0, inferMs: 0, totalMs: 0 },
};

/** Keeps a batch's scores and returns how many of them are new. */
function keepScores({ logits, truncated, unknownLanguage }: Scores, batch: ScoredBatch): number {
  let added = 0;
  for (const [position, index] of batch.indices.entries()) {
    if (Number.isNaN(logits[index])) added += 1;
    logits[index] = batch.logits[position] ?? Number.NaN;
    truncated[index] = batch.truncated[position] ?? 0;
    unknownLanguage[index] = batch.unknownLanguage[position] ?? 0;
  }
  return added;
}
