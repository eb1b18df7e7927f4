/// <reference lib="esnext.disposable" preserve="true" />
import type { Blend } from './blend.ts';
import type { Calibration } from './calibration.ts';

/** Where the model runs: the GPU through WebGPU, or the CPU through WebAssembly. */
export type Device = 'webgpu' | 'wasm';

/**
 * How weights are stored. `fp32` and `fp16` are floating point; `q8` and `q4` are integers of 8 and 4
 * bits with scales.
 */
export type Dtype = 'fp32' | 'fp16' | 'q8' | 'q4';

/** Which library runs the model's graph: ours over onnxruntime-web, or transformers.js. */
export type EngineName = 'onnxruntime' | 'transformers';

/** What runs, once a backend was accepted. */
export interface ModelInfo {
  /** The model's id: the name of its folder under `modelBaseUrl`. */
  readonly id: string;
  /** The manifest's revision: it changes when any of the model's files changes. */
  readonly revision: string;
  readonly engine: EngineName;
  readonly device: Device;
  readonly dtype: Dtype;
  /** WASM threads in use, 1 or more. More than 1 needs a cross-origin isolated page. */
  readonly threads: number;
  /** The most tokens that one pair may have, special tokens included. */
  readonly maxTokens: number;
  /** Bytes of the files that this device loads: tokenizer, graph and weights. */
  readonly totalBytes: number;
  /**
   * Whether `relevanceScore` is a probability: the model's folder holds a calibration, made by
   * `npx rerank-results calibrate`.
   */
  readonly calibrated: boolean;
  /** The curve from logit to probability. Absent where `calibrated` is false. */
  readonly calibration?: Calibration;
  /**
   * Why a better device was passed over, and whether a GPU was lost, joined by `; `. Absent where all
   * went well.
   */
  readonly fallbackReason?: string;
}

/** Work done in one run. */
export interface Usage {
  /** Pairs whose score this run needed: one for each document. */
  readonly pairs: number;
  /** Of these, how many cost nothing: scored before with the same query, or repeated in this run. */
  readonly cachedPairs: number;
  /** Tokens that went through the model, padding excluded, cached pairs excluded. */
  readonly tokens: number;
  /** Documents that were longer than the model can read, and were cut at their end. */
  readonly truncatedDocuments: number;
  /** Documents that kept their place, because they are in a language that the model does not read. */
  readonly unknownLanguageDocuments: number;
  /** Whether the query was longer than half of the model's limit, and was cut at its end. */
  readonly truncatedQuery: boolean;
}

/** Time spent in one run, in milliseconds. */
export interface Timing {
  readonly tokenizeMs: number;
  readonly inferMs: number;
  /** From the call to its end, queueing behind other runs included. */
  readonly totalMs: number;
}

/** One document of a run with its place in the new order. */
export interface RerankResult<TDocument> {
  /** Position in the request's `documents`, from 0. */
  readonly index: number;
  /** Place in the reranked order, from 1. */
  readonly rank: number;
  /** Place in the request's order, from 1: `index + 1`. */
  readonly originalRank: number;
  /**
   * 0 to 1. With a calibration (`model.calibrated`): the probability that the document is relevant,
   * as the judgments that it was fitted on call relevant; it compares across queries. Without: sigmoid of
   * the logit for a model with one label, for several labels the softmax probability of the positive one;
   * then it orders the documents of one query, is no probability, and does not compare across queries.
   * Either way it never contradicts the logits' order. The results' order may differ: by the request's `blend`, and
   * where `unknownLanguage` keeps a document at its place.
   */
  readonly relevanceScore: number;
  /**
   * The model's logit. For several labels, the positive label's log-odds
   * `l₊ − log Σ exp(l₋)`, so that without a calibration `relevanceScore` is always `sigmoid(logit)`.
   */
  readonly logit: number;
  /** Softmax of the logits over the documents of this run; sums to 1 over all of them, before `topN`. */
  readonly share: number;
  /** The document as it was passed. */
  readonly document: TDocument;
  /** Whether the model read only the beginning of the document. */
  readonly truncated: boolean;
  /**
   * Whether the document is surely in a language that the model does not read (its manifest's `languages`). Then
   * its score means nothing, and it keeps the place that it had.
   */
  readonly unknownLanguage: boolean;
}

/** A document in an order that is still being made: unscored ones have no score yet. */
export type PartialResult<TDocument> =
  | (RerankResult<TDocument> & { readonly scored: true })
  | (Pick<RerankResult<TDocument>, 'index' | 'rank' | 'originalRank' | 'document'> & {
      readonly scored: false;
    });

/**
 * The order so far: scored documents best first, then the others in the request's order; at most
 * `topN` of them.
 */
export interface RerankPartial<TDocument> {
  readonly results: readonly PartialResult<TDocument>[];
  readonly scoredCount: number;
  readonly totalCount: number;
}

/** What one run returns. */
export interface RerankOutcome<TDocument> {
  /** Best first, by logit or by the request's `blend`; equals keep the request's order. At most `topN`. */
  readonly results: readonly RerankResult<TDocument>[];
  readonly usage: Usage;
  readonly timing: Timing;
  readonly model: ModelInfo;
}

/** One query and the documents to order. */
export interface RerankRequest<TDocument> {
  readonly query: string;
  /** Texts, or objects whose `fields` are the text. Any number; an empty list gives an empty outcome. */
  readonly documents: readonly TDocument[];
  /** How many results to return: a whole number, 1 or more. All by default. All are scored in any case. */
  readonly topN?: number;
  /**
   * For object documents: which properties the model reads, in this order, joined by a line break.
   * Numbers are read as text; other values are left out. Default `['title', 'text']`.
   */
  readonly fields?: readonly string[];
  /**
   * Mixes the first stage's opinion into the order; scores stay the model's own. Default: none, since only the
   * caller knows whether `documents` stand in an order that means something. The element has a default.
   */
  readonly blend?: Blend;
  /** The first stage's score of each document, greater is better. Only for `blend: { prior: 'score' }`. */
  readonly priorScores?: readonly number[];
  /** Ends the run between two batches; the promise rejects with the code `aborted`. */
  readonly signal?: AbortSignal;
  /** Called with the order so far, after each batch that adds scores but the last. */
  readonly onPartial?: (partial: RerankPartial<TDocument>) => void;
}

/** Progress of a model's files, in bytes over all of them. */
export interface LoadProgress {
  readonly loadedBytes: number;
  readonly totalBytes: number;
  /** The file that the newest bytes belong to, relative to the model's folder. */
  readonly file: string;
  /** Whether that file came from the browser's cache. */
  readonly fromCache: boolean;
}

/** Orders documents by relevance to a query. */
export interface Reranker {
  readonly model: ModelInfo;
  /** Scores every document and returns them best first. */
  rerank<TDocument extends string | object>(
    request: RerankRequest<TDocument>,
  ): Promise<RerankOutcome<TDocument>>;
  /** The same run as a sequence of orders; the last one has every document scored. */
  stream<TDocument extends string | object>(
    request: Omit<RerankRequest<TDocument>, 'onPartial'>,
  ): AsyncGenerator<RerankPartial<TDocument>, void, undefined>;
  /** Runs the model once, so that the first query does not pay for compilation. */
  warmup(): Promise<void>;
  /** Ends the worker and frees its memory. Runs in progress reject with the code `disposed`. */
  dispose(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
