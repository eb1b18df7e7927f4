import { readClockMs } from '../shared/clock.ts';
import { abortedError } from '../shared/errors.ts';
import { MAX_DOCUMENT_CHARACTERS } from '../shared/defaults.ts';
import { nextTask } from '../shared/next-task.ts';
import type {
  PassageOptions,
  ScoredBatch,
  ScoreOptions,
  ScoreSummary,
  Scorer,
} from '../shared/protocol.ts';
import type { ModelInfo } from '../shared/types.ts';
import { choosePassages, countWords, type IndexedPassage } from './pipeline/choose-passages.ts';
import { estimateTokens, splitPassages } from './pipeline/split-passages.ts';
import { TextCache } from './text-cache.ts';

/** Long texts whose passages are kept: between this many and twice as many, or fewer where they are very long. */
const KEPT_TEXTS = 100;

/** The most of a job's time that splitting may take. Texts that come later are read from their beginning. */
const SPLIT_SHARE = 0.25;

/** How long splitting goes on before an abort may be seen. */
const SPLIT_SLICE_MS = 10;

/** Queries of no more tokens leave the more room to passages. */
const SHORT_QUERY_TOKENS = 24;

/** A model's tokens around query and document; none has more. */
const SPECIAL_TOKENS = 4;

/** A text that the engine reads for a document. */
interface PassageText {
  /** The document's position in the job. */
  readonly document: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A text with its passages. */
interface SplitText {
  /** What is read before each passage. */
  readonly head: string;
  readonly passages: readonly IndexedPassage[];
}

const NOTHING: SplitText = { head: '', passages: [] };

/**
 * Reads long documents by their best passages: each passage is a text of its own to the engine, which caches it and plans it into a budget as
 * any other, and a document's score is the greatest of its passages' (MaxP, Dai and Callan 2019).
 */
export class PassageScorer implements Scorer {
  readonly #engine: Scorer;
  readonly #passages = new TextCache<SplitText>(KEPT_TEXTS);

  constructor(engine: Scorer) {
    this.#engine = engine;
  }

  get model(): ModelInfo {
    return this.#engine.model;
  }

  async score(
    query: string,
    texts: readonly string[],
    options: ScoreOptions,
  ): Promise<ScoreSummary> {
    const { passages, onScores } = options;
    if (!passages) return this.#engine.score(query, texts, options);
    const startMs = performance.now();
    const tokens = Math.min(passages.tokens, countRoom(query, this.model.maxTokens));
    const reading = await this.#choose(query, texts, { ...passages, tokens }, options);
    const splitMs = performance.now() - startMs;
    const best = new BestPassages(texts.length, reading, splitMs);
    const summary = await this.#engine.score(
      query,
      reading.map(({ text }) => text),
      { ...options, onScores: (batch) => onScores(best.add(batch)) },
    );
    return best.summarize(summary);
  }

  warmup(): Promise<void> {
    return this.#engine.warmup();
  }

  async dispose(): Promise<void> {
    this.#passages.clear();
    await this.#engine.dispose();
  }

  /** What to read: the most promising passage of each document, then the second of each, and so on. */
  async #choose(
    query: string,
    texts: readonly string[],
    options: PassageOptions,
    { signal, deadlineMs = Number.POSITIVE_INFINITY }: ScoreOptions,
  ): Promise<PassageText[]> {
    const startMs = readClockMs();
    const endMs = startMs + SPLIT_SHARE * (deadlineMs - startMs);
    let sliceEndMs = startMs + SPLIT_SLICE_MS;
    const split: SplitText[] = [];
    for (const [index, text] of texts.entries()) {
      const nowMs = readClockMs();
      if (nowMs >= sliceEndMs) {
        await nextTask();
        if (signal?.aborted) throw abortedError(signal);
        sliceEndMs = readClockMs() + SPLIT_SLICE_MS;
      }
      const headLength = options.headLengths[index] ?? 0;
      split.push(
        nowMs > endMs ? wholeText(text, headLength) : this.#split(text, headLength, options),
      );
    }
    const chosen = choosePassages(
      query,
      split.map(({ passages }) => passages),
      options.most,
    );
    const most = chosen.reduce((length, { length: own }) => Math.max(length, own), 0);
    return Array.from({ length: most }, (_, place) =>
      texts.flatMap((text, document): PassageText[] => {
        const { head, passages } = split[document] ?? NOTHING;
        const passage = passages[chosen[document]?.[place] ?? -1];
        if (!passage) return [];
        const { start, end } = passage;
        // A text that is one passage is read as it is, so that its score serves every mode.
        return [
          {
            document,
            start,
            end,
            text:
              passages.length === 1
                ? text.slice(0, MAX_DOCUMENT_CHARACTERS)
                : head + text.slice(start, end),
          },
        ];
      }),
    ).flat();
  }

  /** The passages behind a text's head, which is read before each of them. */
  #split(text: string, headLength: number, { tokens }: PassageOptions): SplitText {
    const key = `${headLength} ${tokens} ${text}`;
    const known = this.#passages.get(key);
    if (known) return known;
    const head = cutHead(text, headLength, tokens);
    const room = tokens - estimateTokens(head);
    const body = text.slice(headLength);
    const passages = splitPassages(body, room).map(({ start, end }) => ({
      start: headLength + start,
      end: headLength + end,
      words: countWords(body.slice(start, end)),
    }));
    const split = { head, passages };
    this.#passages.add(key, split);
    return split;
  }
}

/** A text's head as it is read before a passage: however long it is, half of the passage is the document's own. */
function cutHead(text: string, headLength: number, tokens: number): string {
  const head = text.slice(0, headLength);
  const [first] = splitPassages(head, tokens / 2);
  return first === undefined || first.end === headLength ? head : `${head.slice(0, first.end)}\n`;
}

/**
 * Tokens of a document that a pair has room for. Of two sizes only, so that a document is not split anew with each letter of a
 * query.
 */
function countRoom(query: string, maxTokens: number): number {
  const queryTokens =
    estimateTokens(query) <= SHORT_QUERY_TOKENS ? SHORT_QUERY_TOKENS : maxTokens / 2;
  return Math.max(1, Math.floor(maxTokens - queryTokens - SPECIAL_TOKENS));
}

function wholeText(text: string, headLength: number): SplitText {
  return {
    head: '',
    passages: [{ start: headLength, end: text.length, words: new Map() }],
  };
}

/** A document's best score so far. */
interface BestScore {
  readonly passage: PassageText;
  readonly logit: number;
  readonly truncated: number;
  readonly unknownLanguage: number;
}

/** Turns scores of passages into scores of documents. */
class BestPassages {
  readonly #reading: readonly PassageText[];
  readonly #splitMs: number;
  readonly #best: (BestScore | undefined)[];
  /** Passages of each document without a score. */
  readonly #unread: number[];

  constructor(count: number, reading: readonly PassageText[], splitMs: number) {
    this.#reading = reading;
    this.#splitMs = splitMs;
    this.#best = new Array<BestScore | undefined>(count).fill(undefined);
    this.#unread = new Array<number>(count).fill(0);
    for (const { document } of reading) this.#unread[document] = (this.#unread[document] ?? 0) + 1;
  }

  /** The documents whose score is another one now. */
  add(batch: ScoredBatch): ScoredBatch {
    const changed = new Set<number>();
    for (const [row, position] of batch.indices.entries()) {
      const passage = this.#reading[position];
      if (!passage) continue;
      const { document } = passage;
      this.#unread[document] = (this.#unread[document] ?? 0) - 1;
      const score = {
        passage,
        logit: batch.logits[row] ?? Number.NaN,
        truncated: batch.truncated[row] ?? 0,
        unknownLanguage: batch.unknownLanguage[row] ?? 0,
      };
      if (!isBetter(score, this.#best[document])) continue;
      this.#best[document] = score;
      changed.add(document);
    }
    const documents = [...changed];
    const scores = documents.flatMap((document) => this.#best[document] ?? []);
    return {
      indices: Uint32Array.from(documents),
      logits: Float32Array.from(scores, ({ logit }) => logit),
      truncated: Uint8Array.from(scores, ({ truncated }) => truncated),
      unknownLanguage: Uint8Array.from(scores, ({ unknownLanguage }) => unknownLanguage),
      passages: Uint32Array.from(scores.flatMap(({ passage: { start, end } }) => [start, end])),
      soFar: this.summarize(batch.soFar),
    };
  }

  /** The engine's summary, in documents where it counts documents. */
  summarize(summary: ScoreSummary): ScoreSummary {
    const { usage, timing } = summary;
    const count = (name: 'truncated' | 'unknownLanguage'): number =>
      this.#best.filter((score) => score?.[name] === 1).length;
    return {
      ...summary,
      usage: {
        ...usage,
        truncatedDocuments: count('truncated'),
        unknownLanguageDocuments: count('unknownLanguage'),
      },
      timing: { ...timing, tokenizeMs: timing.tokenizeMs + this.#splitMs },
      pendingTexts: this.#unread.filter((passages) => passages > 0).length,
    };
  }
}

/** A passage in a language that the model does not read says nothing of a document that has others. */
function isBetter(score: BestScore, best: BestScore | undefined): boolean {
  if (!best) return true;
  if (score.unknownLanguage !== best.unknownLanguage) return score.unknownLanguage === 0;
  return score.logit > best.logit;
}
