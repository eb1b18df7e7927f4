import { readClockMs } from '../shared/clock.ts';
import { RerankError, abortedError, describeError } from '../shared/errors.ts';
import type { ScoreOptions, ScoreSummary, Scorer } from '../shared/protocol.ts';
import type { ModelInfo } from '../shared/types.ts';
import { outsideModel, refuseLongCheck, summarizeWork, wholePassages } from './outside-model.ts';
import { failedService, postJson } from './post-json.ts';
import type { RerankApi, WireScore } from './wire-format.ts';
import { wireFormats } from './wire-formats.ts';

export interface ServiceScorerOptions {
  readonly api: RerankApi;
  /** Absolute. */
  readonly url: string;
  readonly model: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** Documents of one request. */
  readonly maxDocuments: number;
  /** What the service's numbers are. */
  readonly scores: 'probability' | 'logit';
}

/** The logit of a score of 0 or 1, rounded as a double is: beyond it the sigmoid does not change any more. */
const GREATEST_LOGIT = 36;

/** A scorer that asks a service by HTTP, in several requests where there are more documents than it takes in one. */
export class ServiceScorer implements Scorer {
  readonly model: ModelInfo;
  readonly #options: ServiceScorerOptions;
  readonly #disposed = new AbortController();

  constructor(options: ServiceScorerOptions) {
    this.#options = options;
    this.model = outsideModel({
      id: options.model ?? options.api,
      engine: 'service',
      device: 'server',
    });
  }

  async score(
    query: string,
    texts: readonly string[],
    options: ScoreOptions,
  ): Promise<ScoreSummary> {
    refuseLongCheck('a hosted reranker', options);
    const { signal, passages, onScores } = options;
    const startMs = readClockMs();
    let [pairs, tokens] = [0, 0];
    const summarize = (): ScoreSummary =>
      summarizeWork({ pairs, tokens, inferMs: readClockMs() - startMs });
    const report = (indices: readonly number[], logits: readonly number[]): void => {
      pairs += indices.length;
      onScores({
        indices: Uint32Array.from(indices),
        logits: Float32Array.from(logits),
        truncated: new Uint8Array(indices.length),
        unknownLanguage: new Uint8Array(indices.length),
        ...wholePassages(passages, indices, texts),
        soFar: summarize(),
      });
    };
    // Services refuse the whole request for one text without a word in it.
    const [blank, sent] = splitBy([...texts.keys()], (index) => texts[index]?.trim() === '');
    const { maxDocuments } = this.#options;
    for (let start = 0; start < sent.length; start += maxDocuments) {
      const indices = sent.slice(start, start + maxDocuments);
      const documents = indices.map((index) => texts[index] ?? '');
      const answer = await this.#ask(query, documents, signal);
      tokens += answer.totalTokens;
      report(indices, answer.logits);
    }
    if (blank.length > 0)
      report(
        blank,
        blank.map(() => -GREATEST_LOGIT),
      );
    return summarize();
  }

  /** Nothing is there to warm up, and a request would cost. */
  warmup(): Promise<void> {
    return Promise.resolve();
  }

  dispose(): Promise<void> {
    this.#disposed.abort();
    return Promise.resolve();
  }

  async #ask(
    query: string,
    documents: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<{ readonly logits: readonly number[]; readonly totalTokens: number }> {
    const { api, url, model, scores } = this.#options;
    const format = wireFormats[api];
    const disposed = this.#disposed.signal;
    const request = {
      model,
      query,
      documents,
      returnsDocuments: false,
      rawScores: scores === 'logit',
    };
    try {
      const body = await postJson(url, format.buildRequest(request), {
        ...this.#options,
        signal: signal ? AbortSignal.any([signal, disposed]) : disposed,
      });
      const answer = format.parseAnswer(body);
      const ordered = orderScores(answer.scores, documents.length);
      return {
        logits: scores === 'logit' ? ordered : ordered.map(toLogit),
        totalTokens: answer.totalTokens,
      };
    } catch (error) {
      if (disposed.aborted) throw new RerankError('disposed', 'The reranker was disposed.');
      if (signal?.aborted) throw abortedError(signal);
      if (error instanceof RerankError) throw error;
      throw failedService(url, `gave an answer that is none of ${api}: ${describeError(error)}`);
    }
  }
}

/**
 * One score for each document.
 *
 * @throws TypeError where one is missing, twice there, or of no document.
 */
function orderScores(scores: readonly WireScore[], count: number): number[] {
  const ordered = new Array<number>(count).fill(Number.NaN);
  for (const { index, score } of scores) {
    if (index < 0 || index >= count) {
      throw new TypeError(`the index ${index} is of none of the ${count} documents`);
    }
    if (!Number.isNaN(ordered[index])) throw new TypeError(`the index ${index} comes twice`);
    ordered[index] = score;
  }
  const missing = ordered.findIndex((score) => Number.isNaN(score));
  if (missing >= 0) throw new TypeError(`document ${missing} has no score`);
  return ordered;
}

/** ln(p / (1 − p)), the inverse of the sigmoid. */
function toLogit(score: number): number {
  if (score < 0 || score > 1) {
    throw new TypeError(
      `the score ${score} is not from 0 to 1. If the service gives logits, as llama.cpp does, say scores: 'logit'`,
    );
  }
  const logit = Math.log(score / (1 - score));
  return Math.min(GREATEST_LOGIT, Math.max(-GREATEST_LOGIT, logit));
}

function splitBy<TItem>(
  items: readonly TItem[],
  isFirst: (item: TItem) => boolean,
): [TItem[], TItem[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}
