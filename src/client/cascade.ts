import { readClockMs } from '../shared/clock.ts';
import { RerankError, abortedError } from '../shared/errors.ts';
import type {
  ScoredBatch,
  ScoreKind,
  ScoreOptions,
  ScoreSummary,
  Scorer,
} from '../shared/protocol.ts';
import { listBestFirst, type Scores } from '../shared/rank.ts';
import type { ModelInfo } from '../shared/types.ts';
import { createScores, keepScores } from './gather-scores.ts';
import { isTopSure } from './top-is-sure.ts';

/** One scorer of a cascade. */
export interface CascadeTier {
  readonly scorer: Scorer;
  /** How many of the best of this tier the next one reads: a whole number, 1 or more. Of no meaning in the last tier. */
  readonly keep: number;
  /** What it scores by. Default `logit`. */
  readonly kind?: ScoreKind;
}

export interface CascadeOptions {
  /**
   * The last tier stops when no unread document can be expected among the request's `topN`: see `isTopSure`. Above 0.
   * It never stops early where absent.
   */
  readonly stopSpreads?: number | undefined;
}

/** One tier at work. */
interface TierRun {
  /** From 1. */
  readonly tier: number;
  readonly kind: ScoreKind;
  readonly query: string;
  readonly texts: readonly string[];
  /** Positions in `texts` that this tier reads, the best so far first. */
  readonly indices: readonly number[];
  /** All tiers' scores, which this one adds its own to. */
  readonly scores: Scores;
  /** What the tiers before reported. */
  readonly earlier: readonly ScoreSummary[];
  readonly options: ScoreOptions;
}

/** What a tier left behind. */
interface TierEnd {
  readonly summary: ScoreSummary;
  /** Texts that it should have read, and did not in the time. */
  readonly unreadCount: number;
}

/**
 * Scorers in tiers, the cheapest first: each scores what the one before it put on top. It gives a score for every text, of
 * the highest tier that read it.
 *
 * A document in a language that a tier's model does not read keeps its place, so no higher tier reads it.
 */
export class CascadeScorer implements Scorer {
  readonly #tiers: readonly CascadeTier[];
  readonly #stopSpreads: number | undefined;

  /** @param tiers One or more. */
  constructor(tiers: readonly CascadeTier[], { stopSpreads }: CascadeOptions = {}) {
    this.#tiers = tiers;
    this.#stopSpreads = stopSpreads;
  }

  /** A model that lost its GPU is described anew, so this is put together at each call. */
  get model(): ModelInfo {
    const tiers = this.#tiers.map(({ scorer, kind }) =>
      kind === 'similarity'
        ? { ...withoutCalibration(scorer.model), scoresBySimilarity: true as const }
        : scorer.model,
    );
    const last = tiers.at(-1);
    if (!last) throw new RerankError('invalid-input', 'A cascade needs at least one tier.');
    const read = tiers.filter(({ scoresBySimilarity }) => !scoresBySimilarity);
    if (read.every(({ calibrated }) => calibrated)) return { ...last, tiers };
    return { ...withoutCalibration(last), tiers };
  }

  async score(
    query: string,
    texts: readonly string[],
    options: ScoreOptions,
  ): Promise<ScoreSummary> {
    const { signal, deadlineMs = Number.POSITIVE_INFINITY, blend } = options;
    const scores = createScores(texts.length, { model: this.model, blend });
    const summaries: ScoreSummary[] = [];
    let survivors = [...texts.keys()];
    for (const [position, { scorer, keep, kind = 'logit' }] of this.#tiers.entries()) {
      if (signal?.aborted) throw abortedError(signal);
      // A worker that was replaced may run another engine than before: then all go on.
      if (kind === 'similarity' && scorer.model.engine !== 'kernels') continue;
      const tier = position + 1;
      // For what a higher tier scores late, nobody waits.
      const isLate = tier > 1 && readClockMs() >= deadlineMs;
      if (survivors.length === 0 || isLate) break;
      const run = {
        tier,
        kind,
        query,
        texts,
        indices: survivors,
        scores,
        earlier: summaries,
        options,
      };
      const { summary, unreadCount } = await this.#runTier(scorer, run);
      summaries.push(summary);
      // The time was not enough for this tier, so there is none for the next.
      if (unreadCount > 0) return merge(summaries, scores, unreadCount);
      survivors = this.#isLast(tier) ? [] : listBestOfTier(run).slice(0, keep);
    }
    return merge(summaries, scores, survivors.length);
  }

  async warmup(): Promise<void> {
    await Promise.all(this.#listScorers().map((scorer) => scorer.warmup()));
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#listScorers().map((scorer) => scorer.dispose()));
  }

  /** Each once: two tiers may share one. */
  #listScorers(): Scorer[] {
    return [...new Set(this.#tiers.map(({ scorer }) => scorer))];
  }

  #isLast(tier: number): boolean {
    return tier === this.#tiers.length;
  }

  async #runTier(scorer: Scorer, run: TierRun): Promise<TierEnd> {
    const { tier, kind, query, texts, indices, scores, earlier, options } = run;
    const isSure = this.#createStopTest(run);
    const stop = new AbortController();
    let soFar: ScoreSummary | undefined;
    const onScores = (batch: ScoredBatch): void => {
      if (stop.signal.aborted) return;
      const own = { ...batch, tier, indices: batch.indices.map((row) => indices[row] ?? 0) };
      keepScores(scores, own);
      ({ soFar } = batch);
      const stopsNow = isSure() && countUnread(run, batch.soFar) > 0;
      const pendingTexts = stopsNow ? 0 : this.#countPending(run, batch.soFar);
      options.onScores({ ...own, soFar: merge([...earlier, batch.soFar], scores, pendingTexts) });
      if (stopsNow) stop.abort();
    };
    const { signal, deadlineMs } = options;
    const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
    const ownTexts = indices.map((index) => texts[index] ?? '');
    try {
      const summary = await scorer.score(query, ownTexts, {
        kind,
        signal: either,
        deadlineMs,
        passages: options.passages && {
          ...options.passages,
          headLengths: indices.map((index) => options.passages?.headLengths[index] ?? 0),
        },
        refusesLong: options.refusesLong,
        onScores,
      });
      const unreadCount = stop.signal.aborted ? 0 : countUnread(run, summary);
      return { summary, unreadCount };
    } catch (error) {
      if (!stop.signal.aborted || signal?.aborted || !soFar) throw error;
      return { summary: soFar, unreadCount: 0 };
    }
  }

  /** Texts that this tier or the next one has yet to read, as far as is known while this one works. */
  #countPending(run: TierRun, soFar: ScoreSummary): number {
    const keep = this.#tiers[run.tier - 1]?.keep ?? 0;
    return this.#isLast(run.tier) ? countUnread(run, soFar) : Math.min(keep, countMovable(run));
  }

  /** Whether the last tier may leave the rest unread; asked after each of its batches. */
  #createStopTest({ tier, indices, scores, options }: TierRun): () => boolean {
    const { blend, topN, passages } = options;
    const spreads = this.#stopSpreads;
    // A passage that comes later may be a document's best.
    const mayStop = tier > 1 && this.#isLast(tier) && !passages;
    if (!mayStop || spreads === undefined || topN === undefined) return () => false;
    const readLogit = (index: number): number => scores.logits[index] ?? Number.NaN;
    // One in a language that this tier's model does not read keeps its place, whatever its score.
    const readOwn = (index: number): number =>
      scores.tiers?.ofDocument[index] === tier && scores.unknownLanguage[index] !== 1
        ? readLogit(index)
        : Number.NaN;
    const earlierLogits = indices.map(readLogit);
    const blendOfTier = blend && {
      weight: blend.weight,
      priors: indices.map((index) => blend.priors[index] ?? 0),
    };
    return () => {
      const logits = indices.map(readOwn);
      return isTopSure({ earlierLogits, logits, blend: blendOfTier, topN, spreads });
    };
  }
}

/** A calibration is of logits, and of one model's. */
function withoutCalibration({ calibration: _ofLogits, ...model }: ModelInfo): ModelInfo {
  return { ...model, calibrated: false };
}

/** What this tier has scored, best first. */
function listBestOfTier({ tier, scores }: TierRun): number[] {
  return listBestFirst(scores).filter((index) => scores.tiers?.ofDocument[index] === tier);
}

/** How many of these there are, without the time that sorting them takes. */
function countMovable({ tier, indices, scores }: TierRun): number {
  return indices.filter(
    (index) => scores.tiers?.ofDocument[index] === tier && scores.unknownLanguage[index] !== 1,
  ).length;
}

/** Texts that this tier has not read, or not all chosen passages of. */
function countUnread(
  { tier, indices, scores }: TierRun,
  { pendingTexts = 0 }: ScoreSummary,
): number {
  const unscored = indices.filter((index) => scores.tiers?.ofDocument[index] !== tier).length;
  return Math.max(unscored, pendingTexts);
}

/** The work of several tiers as one. */
function merge(
  summaries: readonly ScoreSummary[],
  { truncated, unknownLanguage }: Scores,
  pendingTexts: number,
): ScoreSummary {
  const sum = (read: (summary: ScoreSummary) => number): number =>
    summaries.reduce((total, summary) => total + read(summary), 0);
  const count = (flags: Uint8Array): number => flags.reduce((total, flag) => total + flag, 0);
  const tokensPerSecond = summaries.at(-1)?.timing.tokensPerSecond;
  return {
    usage: {
      pairs: sum(({ usage }) => usage.pairs),
      cachedPairs: sum(({ usage }) => usage.cachedPairs),
      tokens: sum(({ usage }) => usage.tokens),
      truncatedDocuments: count(truncated),
      unknownLanguageDocuments: count(unknownLanguage),
      truncatedQuery: summaries.some(({ usage }) => usage.truncatedQuery),
    },
    timing: {
      tokenizeMs: sum(({ timing }) => timing.tokenizeMs),
      inferMs: sum(({ timing }) => timing.inferMs),
      ...(tokensPerSecond !== undefined && { tokensPerSecond }),
    },
    pendingTexts,
  };
}
