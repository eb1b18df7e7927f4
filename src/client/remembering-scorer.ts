import QuickLRU from 'quick-lru';
import type { ScoredBatch, ScoreOptions, ScoreSummary, Scorer } from '../shared/protocol.ts';
import type { ModelInfo } from '../shared/types.ts';

/**
 * Whole runs that are remembered: between this many and twice as many, and as many of a single text. Their texts are the page's own, so this
 * is little.
 */
const REMEMBERED_RUNS = 8;

interface RememberedRun {
  readonly texts: readonly string[];
  readonly batches: readonly ScoredBatch[];
  readonly summary: ScoreSummary;
}

/**
 * A scorer that answers the same question again at once, without asking its worker: a reader who takes a letter back gets the
 * former order in the same task. The worker remembers single scores; this spares the way there.
 */
export class RememberingScorer implements Scorer {
  readonly #scorer: Scorer;
  readonly #runs = new QuickLRU<string, RememberedRun>({ maxSize: REMEMBERED_RUNS });
  /** Apart, so that asking about one document many times does not push out the reader's lists. */
  readonly #runsOfOne = new QuickLRU<string, RememberedRun>({ maxSize: REMEMBERED_RUNS });

  constructor(scorer: Scorer) {
    this.#scorer = scorer;
  }

  get model(): ModelInfo {
    return this.#scorer.model;
  }

  async score(
    query: string,
    texts: readonly string[],
    options: ScoreOptions,
  ): Promise<ScoreSummary> {
    const { kind, blend, topN, passages, refusesLong, onScores } = options;
    // All that a score, or the choice of what is scored, may depend on.
    const key = JSON.stringify([
      query,
      kind,
      blend,
      topN,
      passages,
      refusesLong,
      this.model.revision,
    ]);
    const runs = texts.length === 1 ? this.#runsOfOne : this.#runs;
    const known = runs.get(key);
    if (known && isSameList(known.texts, texts)) {
      for (const batch of known.batches) onScores({ ...batch, soFar: known.summary });
      return known.summary;
    }
    const batches: ScoredBatch[] = [];
    const summary = await this.#scorer.score(query, texts, {
      ...options,
      onScores: (batch) => {
        batches.push(batch);
        onScores(batch);
      },
    });
    if (isWhole(summary, texts.length) && options.deadlineMs === undefined) {
      const remembered = { batches: joinByTier(batches), summary: asRemembered(summary) };
      runs.set(key, { texts: [...texts], ...remembered });
    }
    return summary;
  }

  warmup(): Promise<void> {
    return this.#scorer.warmup();
  }

  async dispose(): Promise<void> {
    this.#runs.clear();
    this.#runsOfOne.clear();
    await this.#scorer.dispose();
  }
}

/** One batch a tier: a run that is there already needs no orders in between. */
function joinByTier(batches: readonly ScoredBatch[]): ScoredBatch[] {
  const tiers = [...new Set(batches.map(({ tier }) => tier))];
  return tiers.flatMap((tier) => {
    const own = batches.filter((batch) => batch.tier === tier);
    const last = own.at(-1);
    if (!last) return [];
    return {
      ...last,
      indices: Uint32Array.from(own.flatMap(({ indices }) => [...indices])),
      logits: Float32Array.from(own.flatMap(({ logits }) => [...logits])),
      truncated: Uint8Array.from(own.flatMap(({ truncated }) => [...truncated])),
      unknownLanguage: Uint8Array.from(own.flatMap(({ unknownLanguage }) => [...unknownLanguage])),
      ...(last.passages && {
        passages: Uint32Array.from(own.flatMap(({ passages = [] }) => [...passages])),
      }),
    };
  });
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}

function isWhole({ usage, pendingTexts = 0 }: ScoreSummary, count: number): boolean {
  return pendingTexts === 0 && usage.pairs >= count;
}

/** The same work, none of which had to be done. */
function asRemembered({ usage, timing, ...rest }: ScoreSummary): ScoreSummary {
  return {
    ...rest,
    usage: { ...usage, cachedPairs: usage.pairs, tokens: 0 },
    timing: { ...timing, tokenizeMs: 0, inferMs: 0 },
  };
}
