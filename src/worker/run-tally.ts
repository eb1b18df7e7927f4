import type { ScoredBatch, ScoreSummary } from '../shared/protocol.ts';

/** A text of a job with its score. */
export interface ScoredText {
  readonly index: number;
  readonly logit: number;
  readonly truncated: boolean;
  readonly unknownLanguage: boolean;
}

/** Counts the work of one job while it goes on. Made when all is tokenized. */
export class RunTally {
  readonly #truncatedQuery: boolean;
  readonly #tokenizeMs: number;
  /** Tokens a second of the device, at this time. */
  readonly #readSpeed: () => number | undefined;
  readonly #inferStart = performance.now();
  #pairs = 0;
  #pairsRun = 0;
  #tokens = 0;
  #truncatedDocuments = 0;
  #unknownLanguageDocuments = 0;

  constructor(facts: {
    readonly truncatedQuery: boolean;
    readonly tokenizeMs: number;
    readonly readSpeed: () => number | undefined;
  }) {
    this.#truncatedQuery = facts.truncatedQuery;
    this.#tokenizeMs = facts.tokenizeMs;
    this.#readSpeed = facts.readSpeed;
  }

  /**
   * Counts texts that have a score now.
   *
   * @param run The pairs and tokens that went through the model for them.
   * @returns The message with their scores.
   */
  add(
    scored: readonly ScoredText[],
    run: { readonly pairs: number; readonly tokens: number },
  ): ScoredBatch {
    this.#pairs += scored.length;
    this.#pairsRun += run.pairs;
    this.#tokens += run.tokens;
    this.#truncatedDocuments += scored.filter(({ truncated }) => truncated).length;
    this.#unknownLanguageDocuments += scored.filter((text) => text.unknownLanguage).length;
    return {
      indices: Uint32Array.from(scored, ({ index }) => index),
      logits: Float32Array.from(scored, ({ logit }) => logit),
      truncated: Uint8Array.from(scored, ({ truncated }) => Number(truncated)),
      unknownLanguage: Uint8Array.from(scored, (text) => Number(text.unknownLanguage)),
      soFar: this.summarize(),
    };
  }

  summarize(): ScoreSummary {
    const tokensPerSecond = this.#readSpeed();
    return {
      usage: {
        pairs: this.#pairs,
        cachedPairs: this.#pairs - this.#pairsRun,
        tokens: this.#tokens,
        truncatedDocuments: this.#truncatedDocuments,
        unknownLanguageDocuments: this.#unknownLanguageDocuments,
        truncatedQuery: this.#truncatedQuery,
      },
      timing: {
        tokenizeMs: this.#tokenizeMs,
        inferMs: performance.now() - this.#inferStart,
        ...(tokensPerSecond !== undefined && { tokensPerSecond }),
      },
    };
  }
}
