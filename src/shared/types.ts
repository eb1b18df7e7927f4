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

/**
 * What runs the model. `kernels`: programs written for split cross-encoders, a few kilobytes of WebAssembly and, where a site asks for
 * this engine and for WebGPU, of WGSL; only models whose manifest lists it. `onnxruntime`: onnxruntime-web, any graph. `transformers`: transformers.js, to compare with.
 */
export type EngineName = 'kernels' | 'onnxruntime' | 'transformers';

/**
 * What gives the scores where no engine of this library does. `service`: a hosted service or a server that speaks its API.
 * `language-model`: the browser's built-in language model.
 */
export type OutsideEngineName = 'service' | 'language-model';

/** What runs, once a backend was accepted. */
export interface ModelInfo {
  /** The model's id: the name of its folder under `modelBaseUrl`. */
  readonly id: string;
  /** The manifest's revision: it changes when any of the model's files changes. */
  readonly revision: string;
  readonly engine: EngineName | OutsideEngineName;
  /** `server` for a service; `browser` for the browser's language model, which runs where the browser decides. */
  readonly device: Device | 'server' | 'browser';
  /** `unknown` where no engine of this library runs the model. */
  readonly dtype: Dtype | 'unknown';
  /**
   * CPU threads in use, 1 or more. `kernels` needs nothing for more than 1; the others need a cross-origin isolated page, and
   * have one in Firefox, where the threads that a worker starts hang now and then.
   * 0 where no engine of this library runs the model.
   */
  readonly threads: number;
  /** The most tokens that one pair may have, special tokens included. 0 where that is not known. */
  readonly maxTokens: number;
  /** Bytes of the files that this device loads, as the host holds them: tokenizer, graph and weights. */
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
  /** The kinds of these reasons, in their order: for counting, because the words may name addresses. Absent where all went well. */
  readonly fallbackCauses?: readonly FallbackCause[];
  /**
   * Where the reranker has tiers: what runs in each of them, from the first on. The other properties are the last tier's,
   * but `calibrated` is true only where every tier has a calibration. Absent where there is one model.
   */
  readonly tiers?: readonly ModelInfo[];
  /** Of a tier: its scores are those of late interaction, −1 to 1. Absent: logits. */
  readonly scoresBySimilarity?: true;
}

/**
 * Why a better device was passed over. `no-webgpu`: the browser has none. `no-adapter`: it has, and offers no GPU. `software-gpu`: the CPU
 * imitates one. `no-fp16`: the GPU cannot compute in the model's dtype. `model-load`: a file that this device needs did not come.
 * `wrong-scores`: a known pair got another score than the original's. `slower`: it was measured. `device-lost`: the GPU went away, at the
 * opening or in use. `failed`: anything else.
 */
export type FallbackCause =
  | 'no-webgpu'
  | 'no-adapter'
  | 'software-gpu'
  | 'no-fp16'
  | 'model-load'
  | 'wrong-scores'
  | 'slower'
  | 'device-lost'
  | 'failed';

/** Work done in one run. */
export interface Usage {
  /**
   * Pairs that got a score: one for each document or passage, or fewer where a budget ended the run. With tiers, one more for each
   * document that a higher tier read.
   */
  readonly pairs: number;
  /** Of these, how many cost nothing: scored before with the same query, or repeated in this run. */
  readonly cachedPairs: number;
  /** Tokens that went through the model, padding excluded, cached pairs excluded. */
  readonly tokens: number;
  /** Documents that were longer than the model can read or the budget allowed, and were cut at their end. */
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
  /**
   * How fast the device is: tokens a second over its last batches, those of earlier runs included. A budget is
   * planned with it. With tiers: of the last tier that ran. Absent where nothing was measured yet, as in a run without
   * documents.
   */
  readonly tokensPerSecond?: number;
}

/** One document of a run with its place in the new order. */
interface PlacedDocument<TDocument> {
  /** Position in the request's `documents`, from 0. */
  readonly index: number;
  /** Place in the reranked order, from 1. */
  readonly rank: number;
  /** Place in the request's order, from 1: `index + 1`. */
  readonly originalRank: number;
  /** The document as it was passed. */
  readonly document: TDocument;
}

/** The part of a document that a score is of. */
export interface Passage {
  /** For object documents the property that it is a part of: the last of `fields` that has a text. Absent for texts. */
  readonly field?: string;
  /** Where it begins in that text, in characters (UTF-16 code units) from 0. */
  readonly start: number;
  /** The character before which it ends. */
  readonly end: number;
  readonly text: string;
}

/**
 * How a document is read that is longer than the model can read. `truncate`: its beginning. `best-passage`: it is split into passages of
 * whole sentences, and its score is the greatest of theirs. `error`: the run fails with `invalid-input`.
 */
export type LongDocuments = 'truncate' | 'best-passage' | 'error';

/** A document that the model read. */
export interface RerankResult<TDocument> extends PlacedDocument<TDocument> {
  readonly scored: true;
  /**
   * 0 to 1. With a calibration (`model.calibrated`): the probability that the document is relevant,
   * as the judgments that it was fitted on call relevant; it compares across queries. Without: sigmoid of
   * the logit for a model with one label, for several labels the softmax probability of the positive one;
   * then it orders the documents of one query, is no probability, and does not compare across queries.
   * Either way it never contradicts the logits' order. The results' order may differ: by the request's `blend`, and
   * where `unknownLanguage` keeps a document at its place. With tiers it is that of the model of `tier`, and does not
   * compare with the scores of another tier, unless every tier has a calibration. 0 where `similarityOnly`.
   */
  readonly relevanceScore: number;
  /**
   * The model's logit; where `similarityOnly`, −1 to 1, how alike query and document are. For several labels, the positive label's log-odds
   * `l₊ − log Σ exp(l₋)`, so that without a calibration `relevanceScore` is always `sigmoid(logit)`.
   */
  readonly logit: number;
  /**
   * Softmax of the logits over the scored documents of this run; sums to 1 over all of them, before `topN`. With tiers:
   * over the documents of the highest tier so far, since logits of two models do not mix, and 0 for the others.
   */
  readonly share: number;
  /**
   * Where the reranker has tiers: the tier whose score this is, from 1. Late interaction counts as a tier before its model's.
   * Absent where there is one model without it.
   */
  readonly tier?: number;
  /** The document was left out by late interaction: the model read it with its lower layers only. Else absent. */
  readonly similarityOnly?: true;
  /** With `longDocuments: 'best-passage'`: the passage that the score is of; the whole text where that is short. Else absent. */
  readonly passage?: Passage;
  /** Whether the model read only the beginning of the document, or of its passage. */
  readonly truncated: boolean;
  /**
   * Whether the document is surely in a language that the model does not read (its manifest's `languages`). Then
   * its score means nothing, and it keeps the place that it had.
   */
  readonly unknownLanguage: boolean;
}

/** A document that the model did not read, or not yet. */
export interface UnscoredResult<TDocument> extends PlacedDocument<TDocument> {
  readonly scored: false;
}

/** A document in an order that is still being made, or was ended early. */
export type RankedResult<TDocument> = RerankResult<TDocument> | UnscoredResult<TDocument>;

/**
 * The order so far: scored documents best first, then the others in the request's order; at most
 * `topN` of them.
 */
export interface RerankPartial<TDocument> {
  readonly results: readonly RankedResult<TDocument>[];
  readonly scoredCount: number;
  readonly totalCount: number;
}

/** What every run returns. */
interface RunFacts {
  readonly usage: Usage;
  readonly timing: Timing;
  readonly model: ModelInfo;
}

/**
 * What a run returns that scored every document, and with tiers has read all that survived in the next one. A run without
 * a budget returns nothing else.
 */
export interface CompleteOutcome<TDocument> extends RunFacts {
  readonly complete: true;
  /**
   * Best first, by logit or by the request's `blend`; equals keep the request's order. With tiers, the documents of a
   * higher tier come before the others. At most `topN`.
   */
  readonly results: readonly RerankResult<TDocument>[];
}

/** Why a run ended before every document was scored. `budget`: the request's `budgetMs` was over. */
export type StopReason = 'budget';

/** What a run returns that ended before every document was scored, or before the last tier had read its own. */
export interface StoppedOutcome<TDocument> extends RunFacts {
  readonly complete: false;
  readonly stoppedBy: StopReason;
  /** Scored documents best first, then the others in the request's order. At most `topN`. */
  readonly results: readonly RankedResult<TDocument>[];
}

/** What one run returns. */
export type RerankOutcome<TDocument> = CompleteOutcome<TDocument> | StoppedOutcome<TDocument>;

/** One query and the documents to order. */
export interface RerankRequest<TDocument> {
  readonly query: string;
  /** Texts, or objects whose `fields` are the text. Any number; an empty list gives an empty outcome. */
  readonly documents: readonly TDocument[];
  /**
   * How many results to return: a whole number, 1 or more. All by default. It does not change what is scored, but where
   * the reranker has `stopSpreads`.
   */
  readonly topN?: number | undefined;
  /**
   * Leaves out results whose `relevanceScore` is less: a number from 0 to 1. Those that the model has not judged stay (unscored,
   * `similarityOnly`, `unknownLanguage`). Without a calibration a score is no probability, and a limit that suits one query or
   * model does not suit another. Applied before `topN`. Default: none.
   */
  readonly minScore?: number | undefined;
  /** How documents are read that are longer than the model reads. Default `truncate`. */
  readonly longDocuments?: LongDocuments | undefined;
  /**
   * With `best-passage`: how many passages of a document are read at most, a whole number of 1 or more. Of more, those with the query's
   * words are taken. Cost grows with it. Default 2.
   */
  readonly maxPassages?: number | undefined;
  /**
   * With `best-passage`: about how many tokens a passage has, with the text of the fields before the last one, which is read before each: a whole number of
   * 32 or more. Not more than the model reads. Default 192.
   */
  readonly passageTokens?: number | undefined;
  /**
   * For object documents: which properties the model reads, in this order, joined by a line break.
   * Numbers are read as text; other values are left out. Default `['title', 'text']`.
   */
  readonly fields?: readonly string[] | undefined;
  /**
   * Mixes the first stage's opinion into the order; scores stay the model's own. Default: none, since only the
   * caller knows whether `documents` stand in an order that means something. The element has a default.
   */
  readonly blend?: Blend | undefined;
  /** The first stage's score of each document, greater is better. Only for `blend: { prior: 'score' }`. */
  readonly priorScores?: readonly number[] | undefined;
  /**
   * Milliseconds from the call to its answer, waiting behind other runs included; a positive number. When they are
   * over, the run resolves with the best order so far, and the outcome says `complete: false`. What cannot be read in
   * the time is chosen beforehand, by the measured speed of the device: documents are cut, though not below 96 tokens
   * a pair, so that more of them can be read; then the last ones of the request go unread. Default: no limit.
   */
  readonly budgetMs?: number | undefined;
  /** Ends the run between two batches; the promise rejects with the code `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /** Called with the order so far, after each batch that adds scores but the last. */
  readonly onPartial?: ((partial: RerankPartial<TDocument>) => void) | undefined;
}

/** What loading a model costs, in bytes of the model's files as the host holds them. */
export interface DownloadSize {
  /** Bytes of all files that the device loads. The runtime, and what a host's own compression saves, do not count. */
  readonly totalBytes: number;
  /** Of these, the bytes that the browser has not kept from an earlier visit. 0 where nothing is to be loaded. */
  readonly missingBytes: number;
}

/** Progress of a model's files, in bytes over all of them, as the host holds them. */
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
    request: RerankRequest<TDocument> & { readonly budgetMs?: undefined },
  ): Promise<CompleteOutcome<TDocument>>;
  /** Scores what the budget allows. Unscored documents stand after the others, in the request's order. */
  rerank<TDocument extends string | object>(
    request: RerankRequest<TDocument>,
  ): Promise<RerankOutcome<TDocument>>;
  /** The same run as a sequence of orders; the last one has every document scored that the budget allowed. */
  stream<TDocument extends string | object>(
    request: Omit<RerankRequest<TDocument>, 'onPartial'>,
  ): AsyncGenerator<RerankPartial<TDocument>, void, undefined>;
  /** Runs the model once, so that the first query does not pay for compilation. */
  warmup(): Promise<void>;
  /** Ends the worker and frees its memory. Runs in progress reject with the code `disposed`. */
  dispose(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
