import { readClockMs } from '../shared/clock.ts';
import { MAX_QUERY_CHARACTERS } from '../shared/defaults.ts';
import { abortedError } from '../shared/errors.ts';
import type { ScoredBatch, Scorer, ScoreSummary } from '../shared/protocol.ts';
import { rankDocuments, rankScoredSoFar } from '../shared/rank.ts';
import type {
  CompleteOutcome,
  ModelInfo,
  RerankOutcome,
  RerankPartial,
  RerankRequest,
  Reranker,
} from '../shared/types.ts';
import { createScores, keepScores } from './gather-scores.ts';
import { NewestValue } from './newest-value.ts';
import { createChoice } from './choose-results.ts';
import { readBlend, readBudgetMs, readLongDocuments, readTexts } from './read-request.ts';
import { withinBudget } from './within-budget.ts';

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

  rerank<TDocument extends string | object>(
    request: RerankRequest<TDocument> & { readonly budgetMs?: undefined },
  ): Promise<CompleteOutcome<TDocument>>;
  rerank<TDocument extends string | object>(
    request: RerankRequest<TDocument>,
  ): Promise<RerankOutcome<TDocument>>;
  async rerank<TDocument extends string | object>(
    request: RerankRequest<TDocument>,
  ): Promise<RerankOutcome<TDocument>> {
    return (await this.#run(request)).outcome;
  }

  async #run<TDocument extends string | object>(
    request: RerankRequest<TDocument>,
  ): Promise<{ readonly outcome: RerankOutcome<TDocument>; readonly scoredCount: number }> {
    const startMs = readClockMs();
    const texts = readTexts(request);
    const longDocuments = readLongDocuments(request, texts);
    const budgetMs = readBudgetMs(request);
    const { documents, signal, onPartial } = request;
    const query = request.query.slice(0, MAX_QUERY_CHARACTERS);
    const choose = createChoice(request, texts);
    if (signal?.aborted) throw abortedError(signal);
    if (texts.length === 0) {
      const nothing = { ...emptySummary, complete: true, results: [], model: this.model } as const;
      return { outcome: nothing, scoredCount: 0 };
    }

    const blend = readBlend(request);
    const scores = createScores(texts.length, {
      model: this.model,
      blend,
      hasPassages: longDocuments.passages !== undefined,
    });
    let scoredCount = 0;
    let isOver = false;
    let soFar: ScoreSummary = emptySummary;
    const isComplete = ({ pendingTexts = 0 }: ScoreSummary): boolean =>
      scoredCount === texts.length && pendingTexts === 0;
    const onScores = (batch: ScoredBatch): void => {
      if (isOver) return;
      ({ soFar } = batch);
      scoredCount += keepScores(scores, batch);
      if (isComplete(soFar) || !onPartial) return;
      const partial = rankScoredSoFar(documents, scores);
      try {
        onPartial({ ...partial, results: choose(partial.results, scores) });
      } catch (error) {
        // The caller's mistake is the page's to report; the run goes on.
        reportError(error);
      }
    };
    const deadlineMs = budgetMs === undefined ? undefined : startMs + budgetMs;
    const leftMs = deadlineMs === undefined ? undefined : deadlineMs - readClockMs();
    const summary = await withinBudget(leftMs, signal, (ended) =>
      this.#scorer.score(
        query,
        texts.map(({ text }) => text),
        {
          ...longDocuments,
          signal: ended,
          deadlineMs,
          blend,
          topN: request.topN,
          onScores,
        },
      ),
    );
    isOver = true;
    const end = summary ?? soFar;
    const { usage, timing } = end;
    const facts = {
      usage,
      timing: { ...timing, totalMs: readClockMs() - startMs },
      model: this.model,
    };
    if (isComplete(end)) {
      const results = choose(rankDocuments(documents, scores), scores);
      return { outcome: { ...facts, complete: true, results }, scoredCount };
    }
    const results = choose(rankScoredSoFar(documents, scores).results, scores);
    return { outcome: { ...facts, complete: false, stoppedBy: 'budget', results }, scoredCount };
  }

  async *stream<TDocument extends string | object>(
    request: Omit<RerankRequest<TDocument>, 'onPartial'>,
  ): AsyncGenerator<RerankPartial<TDocument>, void, undefined> {
    // Ends the run when the caller leaves the loop early.
    const left = new AbortController();
    const signal = request.signal ? AbortSignal.any([request.signal, left.signal]) : left.signal;
    const partials = new NewestValue<RerankPartial<TDocument>>();
    const run = this.#run({ ...request, signal, onPartial: (partial) => partials.set(partial) });
    // Its failure is thrown by the await below; here it only ends the partials.
    run.then(
      () => partials.end(),
      () => partials.end(),
    );
    try {
      yield* partials;
      const { outcome, scoredCount } = await run;
      const { results } = outcome;
      yield { results, scoredCount, totalCount: request.documents.length };
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

const emptySummary = {
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
