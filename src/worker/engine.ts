import QuickLRU from 'quick-lru';
import { RerankError, abortedError } from '../shared/errors.ts';
import type { ScoredBatch, ScoreOptions, ScoreSummary, Scorer } from '../shared/protocol.ts';
import { SerialQueue } from '../shared/serial-queue.ts';
import type { ModelInfo } from '../shared/types.ts';
import type { Backend, Batch } from './backend/backend.ts';
import type { Manifest } from './model/manifest.ts';
import {
  assemblePair,
  maxDocumentTokens,
  maxQueryTokens,
  type Pair,
} from './pipeline/assemble-pairs.ts';
import { createForeignTextTest, type ForeignTextTest } from './pipeline/detect-language.ts';
import { planBatches } from './pipeline/plan-batches.ts';
import { relevanceLogits } from './pipeline/score.ts';
import type { EncodedText, Encoder } from './pipeline/tokenize.ts';

/** Documents whose text, tokens and scores are kept: between this many and twice as many. */
const CACHED_DOCUMENTS = 1000;

/** Scores kept for each cached document, by query. */
const CACHED_QUERIES = 32;

/** What the engine remembers of a document. */
interface CachedDocument {
  readonly encoded: EncodedText;
  readonly unknownLanguage: boolean;
  readonly logitOfQuery: QuickLRU<string, number>;
}

/** A pair of a run that must go through the model. */
interface UnscoredPair extends Pair {
  /** The texts of the job that are this document: more than one where a text is repeated. */
  readonly indices: number[];
  readonly document: CachedDocument;
}

/** A text of a job with its score. */
interface ScoredText {
  readonly index: number;
  readonly logit: number;
  readonly truncated: boolean;
  readonly unknownLanguage: boolean;
}

/** How long tokenizing goes on before an abort may be seen. */
const TOKENIZE_SLICE_MS = 10;

/** Joins the pipeline to a backend: texts in, logits out. Runs one job at a time. */
export class Engine implements Scorer {
  readonly model: ModelInfo;
  readonly #parts: EngineParts;
  readonly #queue = new SerialQueue();
  readonly #isForeign: ForeignTextTest;
  readonly #documents = new QuickLRU<string, CachedDocument>({ maxSize: CACHED_DOCUMENTS });

  constructor(model: ModelInfo, parts: EngineParts) {
    this.model = model;
    this.#parts = parts;
    this.#isForeign = createForeignTextTest(parts.manifest.languages);
  }

  score(query: string, texts: readonly string[], options: ScoreOptions): Promise<ScoreSummary> {
    return this.#queue.add(() => this.#score(query, texts, options));
  }

  async warmup(): Promise<void> {
    const { referencePairs } = this.#parts.manifest;
    await this.#queue.add(() => scorePairs(referencePairs.slice(0, 1), this.#parts));
  }

  async dispose(): Promise<void> {
    await this.#queue.add(() => this.#parts.backend.dispose());
  }

  async #score(
    query: string,
    texts: readonly string[],
    { signal, onScores }: ScoreOptions,
  ): Promise<ScoreSummary> {
    const { manifest, encoder, backend, maxTokens } = this.#parts;
    const pauseForAbort = async (): Promise<void> => {
      await nextTask();
      if (signal?.aborted) throw abortedError(signal);
    };

    const tokenizeStart = performance.now();
    const encodedQuery = encoder.encode(query, maxQueryTokens(maxTokens));
    const cached: ScoredText[] = [];
    const unscored = new Map<CachedDocument, UnscoredPair>();
    let unknownLanguageDocuments = 0;
    let sliceStart = Number.NEGATIVE_INFINITY;
    for (const [index, text] of texts.entries()) {
      if (performance.now() - sliceStart > TOKENIZE_SLICE_MS) {
        await pauseForAbort();
        sliceStart = performance.now();
      }
      const document = this.#remember(text);
      const pair = assemblePair(encodedQuery, document.encoded, manifest.pair, maxTokens);
      const logit = document.logitOfQuery.get(query);
      const twin = unscored.get(document);
      const { unknownLanguage } = document;
      unknownLanguageDocuments += Number(unknownLanguage);
      if (logit !== undefined) {
        cached.push({ index, logit, truncated: pair.truncated, unknownLanguage });
      } else if (twin) twin.indices.push(index);
      else unscored.set(document, { ...pair, document, indices: [index] });
    }
    const tokenizeMs = performance.now() - tokenizeStart;
    if (cached.length > 0) onScores(toScoredBatch(cached));

    const inferStart = performance.now();
    const pairs = [...unscored.values()];
    const lengths = pairs.map(({ inputIds }) => inputIds.length);
    for (const plan of planBatches(lengths, backend.limits)) {
      await pauseForAbort();
      const batch = plan.positions.flatMap((position) => pairs[position] ?? []);
      const logits = await scoreBatch(batch, plan.length, this.#parts);
      requireFinite(logits, this.model);
      const scored = batch.flatMap(({ document, indices, truncated }, row): ScoredText[] => {
        const logit = logits[row] ?? Number.NaN;
        document.logitOfQuery.set(query, logit);
        const { unknownLanguage } = document;
        return indices.map((index) => ({ index, logit, truncated, unknownLanguage }));
      });
      onScores(toScoredBatch(scored));
    }

    const truncated = pairs.flatMap((pair) => (pair.truncated ? pair.indices : []));
    return {
      usage: {
        pairs: texts.length,
        cachedPairs: texts.length - pairs.length,
        tokens: lengths.reduce((sum, length) => sum + length, 0),
        truncatedDocuments: truncated.length + cached.filter((text) => text.truncated).length,
        unknownLanguageDocuments,
        truncatedQuery: !encodedQuery.complete,
      },
      timing: { tokenizeMs, inferMs: performance.now() - inferStart },
    };
  }

  #remember(text: string): CachedDocument {
    const known = this.#documents.get(text);
    if (known) return known;
    const { manifest, encoder, maxTokens } = this.#parts;
    const document = {
      encoded: encoder.encode(text, maxDocumentTokens(manifest.pair, maxTokens)),
      unknownLanguage: this.#isForeign(text),
      logitOfQuery: new QuickLRU<string, number>({ maxSize: CACHED_QUERIES }),
    };
    this.#documents.set(text, document);
    return document;
  }
}

/** What turns texts into logits. */
export interface EngineParts {
  readonly manifest: Manifest;
  readonly encoder: Encoder;
  readonly backend: Backend;
  readonly maxTokens: number;
}

/**
 * Relevance logits of pairs, past every cache and queue: for known answers and warm-up. Pairs share
 * batches, padding included, as a run's pairs do.
 */
export async function scorePairs(
  pairs: readonly { readonly query: string; readonly document: string }[],
  parts: EngineParts,
): Promise<number[]> {
  const { manifest, encoder, backend, maxTokens } = parts;
  const assembled = pairs.map(({ query, document }) =>
    assemblePair(
      encoder.encode(query, maxQueryTokens(maxTokens)),
      encoder.encode(document, maxDocumentTokens(manifest.pair, maxTokens)),
      manifest.pair,
      maxTokens,
    ),
  );
  const logits = new Array<number>(pairs.length).fill(Number.NaN);
  const lengths = assembled.map(({ inputIds }) => inputIds.length);
  for (const { positions, length } of planBatches(lengths, backend.limits)) {
    const batch = positions.flatMap((position) => assembled[position] ?? []);
    for (const [row, logit] of (await scoreBatch(batch, length, parts)).entries()) {
      logits[positions[row] ?? 0] = logit;
    }
  }
  return logits;
}

/** Relevance logits of the pairs of one batch, padded to `length`. */
async function scoreBatch(
  pairs: readonly Pair[],
  length: number,
  { manifest, backend }: EngineParts,
): Promise<Float32Array> {
  const raw = await backend.run(toBatch(pairs, length, manifest.pair.padTokenId));
  return relevanceLogits(raw, manifest.head);
}

function toBatch(pairs: readonly Pair[], length: number, padTokenId: number): Batch {
  const size = pairs.length * length;
  const batch = {
    rows: pairs.length,
    length,
    inputIds: new Int32Array(size).fill(padTokenId),
    attentionMask: new Uint8Array(size),
    tokenTypeIds: new Uint8Array(size),
  };
  for (const [row, { inputIds, documentStart }] of pairs.entries()) {
    const start = row * length;
    const end = start + inputIds.length;
    batch.inputIds.set(inputIds, start);
    batch.attentionMask.fill(1, start, end);
    batch.tokenTypeIds.fill(1, start + documentStart, end);
  }
  return batch;
}

function toScoredBatch(scored: readonly ScoredText[]): ScoredBatch {
  return {
    indices: Uint32Array.from(scored, ({ index }) => index),
    logits: Float32Array.from(scored, ({ logit }) => logit),
    truncated: Uint8Array.from(scored, ({ truncated }) => Number(truncated)),
    unknownLanguage: Uint8Array.from(scored, ({ unknownLanguage }) => Number(unknownLanguage)),
  };
}

function requireFinite(logits: Float32Array, { id, device, dtype }: ModelInfo): void {
  if (logits.every((logit) => Number.isFinite(logit))) return;
  throw new RerankError(
    'backend-unavailable',
    `${id} gave a score that is not a number on ${device} ${dtype}.`,
    { device, dtype },
  );
}

/** Resolves in a task of its own, without the delay that nested timers get. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
