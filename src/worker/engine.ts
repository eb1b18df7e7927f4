import QuickLRU from 'quick-lru';
import { readClockMs } from '../shared/clock.ts';
import { RerankError, abortedError } from '../shared/errors.ts';
import { nextTask } from '../shared/next-task.ts';
import type { ScoreOptions, ScoreSummary, Scorer } from '../shared/protocol.ts';
import { SerialQueue } from '../shared/serial-queue.ts';
import type { ModelInfo } from '../shared/types.ts';
import type { Backend } from './backend/backend.ts';
import {
  assemblePair,
  maxDocumentTokens,
  maxQueryTokens,
  type Pair,
} from './pipeline/assemble-pairs.ts';
import { createForeignTextTest, type ForeignTextTest } from './pipeline/detect-language.ts';
import { planBudget, type BudgetPlan } from './pipeline/plan-budget.ts';
import type { EncodedText } from './pipeline/tokenize.ts';
import { runInLanes } from './run-in-lanes.ts';
import { RunTally, type ScoredText } from './run-tally.ts';
import {
  batchPairs,
  countCost,
  countTokens,
  readTokensPerSecond,
  scoreBatch,
  scorePairs,
  type EngineParts,
} from './score-pairs.ts';
import { TextCache } from './text-cache.ts';

/** Documents whose text, tokens and scores are kept: between this many and twice as many, or fewer where they are long. */
const CACHED_DOCUMENTS = 1000;

/** Scores kept for each cached document, by query. */
const CACHED_QUERIES = 32;

/** A document's score for a query. */
interface CachedScore {
  readonly logit: number;
  /** Tokens of the pair that it was made from: a pair that was cut for a budget has fewer than the whole one. */
  readonly tokens: number;
  readonly truncated: boolean;
}

/** What the engine remembers of a document. */
interface CachedDocument {
  readonly encoded: EncodedText;
  readonly unknownLanguage: boolean;
  readonly scoreOfQuery: QuickLRU<string, CachedScore>;
}

/** A document of a job with its pair. */
interface PairOfJob extends Pair {
  /** The texts of the job that are this document: more than one where a text is repeated. */
  readonly indices: number[];
  readonly document: CachedDocument;
}

/** How long tokenizing goes on before an abort may be seen. */
const TOKENIZE_SLICE_MS = 10;

/** The most of a job's time that tokenizing may take. Documents that come later go unread. */
const TOKENIZE_SHARE = 0.5;

/** The part of the remaining time that is planned for. The rest is for what the estimate of the speed misses. */
const PLANNED_SHARE = 0.9;

/** Tokens: while a reader types on, the query grows by one or two. */
const CUT_STEP = 16;

/** Joins the pipeline to a backend: texts in, logits out. Runs one job at a time. */
export class Engine implements Scorer {
  readonly model: ModelInfo;
  readonly #parts: EngineParts;
  readonly #queue = new SerialQueue();
  readonly #isForeign: ForeignTextTest;
  readonly #documents = new TextCache<CachedDocument>(CACHED_DOCUMENTS);

  /** Where documents' states are kept, a document is cut alike for queries of like length. */
  get #cutStep(): number {
    return this.#parts.backend.costOf ? CUT_STEP : 1;
  }

  constructor(model: ModelInfo, parts: EngineParts) {
    this.model = model;
    this.#parts = parts;
    this.#isForeign = createForeignTextTest(parts.manifest.languages);
  }

  score(query: string, texts: readonly string[], options: ScoreOptions): Promise<ScoreSummary> {
    return this.#queue.add(() => this.#score(query, texts, options));
  }

  async warmup(): Promise<void> {
    const { manifest, backend } = this.#parts;
    const { lanes } = backend.limits;
    const pairs = manifest.referencePairs.slice(0, 1);
    const pairsOfLanes = Array.from({ length: lanes }, () => pairs);
    await this.#queue.add(() =>
      runInLanes(pairsOfLanes, lanes, async (ofLane) => {
        await scorePairs(ofLane, this.#parts);
      }),
    );
  }

  async dispose(): Promise<void> {
    await this.#queue.add(() => this.#parts.backend.dispose());
  }

  /** A GPU that has no numbers for a known pair any more has come to lie; else a text is to blame. */
  async #explainNoNumber(): Promise<RerankError> {
    const { id, device, dtype } = this.model;
    const known = await scorePairs(this.#parts.manifest.referencePairs.slice(0, 1), this.#parts);
    const isLying = device === 'webgpu' && !known.every((logit) => Number.isFinite(logit));
    return new RerankError(
      isLying ? 'device-lost' : 'backend-unavailable',
      `${id} gave a score that is not a number on ${device} ${dtype}.`,
      { device, dtype },
    );
  }

  async #score(
    query: string,
    texts: readonly string[],
    { kind = 'logit', signal, deadlineMs, refusesLong = false, onScores }: ScoreOptions,
  ): Promise<ScoreSummary> {
    const { encoder, backend, maxTokens } = this.#parts;
    const pauseForAbort = async (): Promise<void> => {
      await nextTask();
      if (signal?.aborted) throw abortedError(signal);
    };

    const tokenizeStart = performance.now();
    const encodedQuery = encoder.encode(query, maxQueryTokens(maxTokens));
    const pairs = await this.#assemblePairs(encodedQuery, texts, pauseForAbort, deadlineMs);
    if (refusesLong) requireWhole(pairs, texts, maxTokens);
    const key = `${kind} ${query}`;
    const { known, unread, firstCount } = this.#choosePairs(key, encodedQuery, pairs, deadlineMs);
    const tally = new RunTally({
      truncatedQuery: !encodedQuery.complete,
      tokenizeMs: performance.now() - tokenizeStart,
      readSpeed: () => readTokensPerSecond(backend),
    });
    if (known.length > 0) onScores(tally.add(known, { pairs: 0, tokens: 0 }));

    const batches = batchPairs(unread, backend, firstCount);
    const startable = takeInTime(batches, backend, deadlineMs, known.length > 0);
    await runInLanes(startable, backend.limits.lanes, async ({ batch, length }) => {
      await pauseForAbort();
      const logits = await scoreBatch(batch, length, this.#parts, kind);
      if (!logits.every((logit) => Number.isFinite(logit))) throw await this.#explainNoNumber();
      const scored = batch.flatMap((pair, row) => keepScore(key, pair, logits[row]));
      onScores(tally.add(scored, { pairs: batch.length, tokens: countTokens(batch) }));
    });
    return tally.summarize();
  }

  /** The job's documents, each once, with their pairs in full. */
  async #assemblePairs(
    query: EncodedText,
    texts: readonly string[],
    pauseForAbort: () => Promise<void>,
    deadlineMs = Number.POSITIVE_INFINITY,
  ): Promise<PairOfJob[]> {
    const { manifest, maxTokens } = this.#parts;
    const pairs = new Map<CachedDocument, PairOfJob>();
    const startMs = readClockMs();
    const endMs = startMs + TOKENIZE_SHARE * (deadlineMs - startMs);
    let sliceEndMs = startMs;
    for (const [index, text] of texts.entries()) {
      const nowMs = readClockMs();
      if (nowMs >= sliceEndMs) {
        await pauseForAbort();
        if (nowMs > endMs && pairs.size > 0) break;
        sliceEndMs = readClockMs() + TOKENIZE_SLICE_MS;
      }
      const document = this.#remember(text);
      const twin = pairs.get(document);
      if (twin) twin.indices.push(index);
      else {
        const pair = assemblePair(query, document.encoded, manifest.pair, maxTokens, this.#cutStep);
        pairs.set(document, { ...pair, document, indices: [index] });
      }
    }
    return [...pairs.values()];
  }

  /**
   * Parts the documents whose score is known from those to read. Where time is short, a score from a cut pair will do, and
   * pairs are cut.
   */
  #choosePairs(
    /** The kind of score and the query: what a document's score is kept under. */
    key: string,
    encodedQuery: EncodedText,
    pairs: readonly PairOfJob[],
    deadlineMs: number | undefined,
  ): {
    readonly known: readonly ScoredText[];
    readonly unread: readonly PairOfJob[];
    /** How many of these, from the top, are expected to be read in time. */
    readonly firstCount: number;
  } {
    const { backend, manifest } = this.#parts;
    const scoreOf = ({ document }: PairOfJob): CachedScore | undefined =>
      document.scoreOfQuery.get(key);
    const plan = (unread: readonly PairOfJob[]): BudgetPlan => {
      const speed = readTokensPerSecond(backend);
      if (deadlineMs === undefined || speed === undefined) return NO_LIMIT;
      const seconds = (PLANNED_SHARE * (deadlineMs - readClockMs())) / 1000;
      const lengths = unread.map((pair) => countCost([pair], backend));
      return planBudget(lengths, seconds * speed, unread[0]?.documentStart ?? 0);
    };

    let unread = pairs.filter((pair) => (scoreOf(pair)?.tokens ?? 0) < pair.inputIds.length);
    let { count, maxTokens } = plan(unread);
    if (maxTokens !== Number.POSITIVE_INFINITY) {
      unread = unread.filter((pair) => !scoreOf(pair));
      ({ count, maxTokens } = plan(unread));
    }
    const toRead = new Set(unread);
    return {
      known: pairs.flatMap((pair) => {
        const score = toRead.has(pair) ? undefined : scoreOf(pair);
        return score ? toScoredTexts(pair, score) : [];
      }),
      unread: unread.map((pair) => {
        if (pair.inputIds.length <= maxTokens || isKept(pair, backend)) return pair;
        const { document, indices } = pair;
        const cut = assemblePair(
          encodedQuery,
          document.encoded,
          manifest.pair,
          maxTokens,
          this.#cutStep,
        );
        return { ...cut, document, indices };
      }),
      firstCount: count,
    };
  }

  #remember(text: string): CachedDocument {
    const known = this.#documents.get(text);
    if (known) return known;
    const { manifest, encoder, maxTokens } = this.#parts;
    const document = {
      encoded: encoder.encode(text, maxDocumentTokens(manifest.pair, maxTokens)),
      unknownLanguage: this.#isForeign(text),
      scoreOfQuery: new QuickLRU<string, CachedScore>({ maxSize: CACHED_QUERIES }),
    };
    this.#documents.add(text, document);
    return document;
  }
}

/** Whether the backend has states of the pair's document: if it were cut, it would be read anew. */
function isKept({ inputIds }: Pair, { costOf }: Backend): boolean {
  return costOf !== undefined && costOf(inputIds) < 1;
}

const NO_LIMIT: BudgetPlan = {
  count: Number.POSITIVE_INFINITY,
  maxTokens: Number.POSITIVE_INFINITY,
};

/** Batches as long as they are expected to end in time; one in any case where nothing has a score yet. */
function* takeInTime<TPlan extends { readonly batch: readonly Pair[] }>(
  plans: readonly TPlan[],
  backend: Backend,
  deadlineMs = Number.POSITIVE_INFINITY,
  hasScores = false,
): Generator<TPlan, void, undefined> {
  let isFirst = !hasScores;
  for (const plan of plans) {
    const speed = readTokensPerSecond(backend) ?? Number.POSITIVE_INFINITY;
    const seconds = (countCost(plan.batch, backend) * backend.limits.lanes) / speed;
    const endMs = readClockMs() + 1000 * seconds;
    if (!isFirst && endMs > deadlineMs) return;
    isFirst = false;
    yield plan;
  }
}

function keepScore(key: string, pair: PairOfJob, logit = Number.NaN): readonly ScoredText[] {
  const { document, inputIds, truncated } = pair;
  const score = { logit, tokens: inputIds.length, truncated };
  document.scoreOfQuery.set(key, score);
  return toScoredTexts(pair, score);
}

function toScoredTexts(
  { indices, document: { unknownLanguage } }: PairOfJob,
  { logit, truncated }: CachedScore,
): readonly ScoredText[] {
  return indices.map((index) => ({ index, logit, truncated, unknownLanguage }));
}

/** Refuses a job with a document that would have to be cut. */
function requireWhole(
  pairs: readonly PairOfJob[],
  texts: readonly string[],
  maxTokens: number,
): void {
  const long = pairs.find(({ truncated }) => truncated);
  if (!long) return;
  const beginning = texts[long.indices[0] ?? 0]?.slice(0, 60) ?? '';
  throw new RerankError(
    'invalid-input',
    `The document "${beginning}…" and the query have more than the ${maxTokens} tokens that the model reads. Shorten it, or choose another longDocuments than "error".`,
    { argument: 'documents', maxTokens },
  );
}
