import { readClockMs } from '../shared/clock.ts';
import { RerankError, abortedError, describeError } from '../shared/errors.ts';
import type { ScoreOptions, ScoreSummary, Scorer } from '../shared/protocol.ts';
import { SerialQueue } from '../shared/serial-queue.ts';
import type { ModelInfo } from '../shared/types.ts';
import type { LanguageModelSession } from './language-model-api.ts';
import {
  MOST_QUERY_CHARACTERS,
  buildOrderPrompt,
  buildOrderSchema,
  readOrder,
} from './order-prompt.ts';
import { outsideModel, refuseLongCheck, summarizeWork, wholePassages } from './outside-model.ts';

export interface LanguageModelScorerOptions {
  /** With the system prompt in it; each window gets a copy. It is the scorer's from now on. */
  readonly session: LanguageModelSession;
  readonly windowSize: number;
  readonly windowStep: number;
  readonly maxDocumentCharacters: number;
}

/** A document that is cut to less says nothing. */
const LEAST_DOCUMENT_CHARACTERS = 40;

/** Tokens kept free for each number of the answer, and for what a model puts around a prompt. */
const ANSWER_TOKENS = 6;
const OTHER_TOKENS = 64;

/** Where the browser cannot count tokens: on the safe side for English. */
const CHARACTERS_PER_TOKEN = 3;
const ASSUMED_CONTEXT_TOKENS = 4096;

/** What was done for one window. */
interface WindowEnd {
  /** Positions in the window, best first. */
  readonly order: readonly number[];
  readonly tokens: number;
  /** Characters of each document that the model got at most. */
  readonly characters: number;
}

/**
 * A scorer that has a language model put documents in order, a window at a time from the end of the list to its beginning, each window
 * holding the best of the one before (sliding windows as in RankGPT). Scores are made of the places.
 */
export class LanguageModelScorer implements Scorer {
  readonly model: ModelInfo = outsideModel({
    id: 'language-model',
    engine: 'language-model',
    device: 'browser',
  });
  readonly #options: LanguageModelScorerOptions;
  readonly #queue = new SerialQueue();
  readonly #disposed = new AbortController();

  constructor(options: LanguageModelScorerOptions) {
    this.#options = options;
  }

  score(query: string, texts: readonly string[], options: ScoreOptions): Promise<ScoreSummary> {
    return this.#queue.add(() => this.#score(query, texts, options));
  }

  /** The session is open, and a prompt would cost the reader's battery. */
  warmup(): Promise<void> {
    return Promise.resolve();
  }

  dispose(): Promise<void> {
    this.#disposed.abort();
    this.#options.session.destroy();
    return Promise.resolve();
  }

  async #score(
    query: string,
    texts: readonly string[],
    options: ScoreOptions,
  ): Promise<ScoreSummary> {
    refuseLongCheck("the browser's language model", options);
    const { signal, passages, onScores } = options;
    const startMs = readClockMs();
    const disposed = this.#disposed.signal;
    const ended = signal ? AbortSignal.any([signal, disposed]) : disposed;
    const order = [...texts.keys()];
    const readCharacters = texts.map(() => Number.POSITIVE_INFINITY);
    let tokens = 0;
    try {
      for (const [start, end] of texts.length > 1 ? this.#planWindows(texts.length) : []) {
        ended.throwIfAborted();
        const inWindow = order.slice(start, end);
        const window = await this.#orderWindow(
          query,
          inWindow.map((index) => texts[index] ?? ''),
          ended,
        );
        tokens += window.tokens;
        for (const index of inWindow) {
          readCharacters[index] = Math.min(readCharacters[index] ?? 0, window.characters);
        }
        order.splice(start, end - start, ...window.order.map((place) => inWindow[place] ?? 0));
      }
    } catch (error) {
      if (disposed.aborted) throw new RerankError('disposed', 'The reranker was disposed.');
      if (signal?.aborted) throw abortedError(signal);
      if (error instanceof RerankError) throw error;
      throw failedModel(`failed: ${describeError(error)}`);
    }
    const truncated = Uint8Array.from(order, (index) =>
      Number((texts[index]?.length ?? 0) > (readCharacters[index] ?? 0)),
    );
    const summary = summarizeWork({
      pairs: texts.length,
      tokens,
      inferMs: readClockMs() - startMs,
      truncatedDocuments: truncated.reduce((count, flag) => count + flag, 0),
      truncatedQuery: query.length > MOST_QUERY_CHARACTERS,
    });
    onScores({
      indices: Uint32Array.from(order),
      logits: Float32Array.from(order, (_, place) => toLogit(place, order.length)),
      truncated,
      unknownLanguage: new Uint8Array(order.length),
      ...wholePassages(passages, order, texts),
      soFar: summary,
    });
    return summary;
  }

  /** Where each window begins and before which place it ends; the last of the list comes first. */
  #planWindows(count: number): (readonly [number, number])[] {
    const { windowSize, windowStep } = this.#options;
    const windows: (readonly [number, number])[] = [];
    // The last one, at the top, is as long as the others.
    for (let end = count; ; end = Math.max(windowSize, end - windowStep)) {
      const start = Math.max(0, end - windowSize);
      windows.push([start, end]);
      if (start === 0) return windows;
    }
  }

  async #orderWindow(
    query: string,
    texts: readonly string[],
    signal: AbortSignal,
  ): Promise<WindowEnd> {
    const responseConstraint = buildOrderSchema(texts.length);
    // In a session of its own, since a session remembers all that was said in it.
    const session = await this.#options.session.clone({ signal });
    try {
      const room = measureRoom(session) - OTHER_TOKENS - ANSWER_TOKENS * texts.length;
      let characters = this.#options.maxDocumentCharacters;
      for (;;) {
        const prompt = buildOrderPrompt(
          query,
          texts.map((text) => text.slice(0, characters)),
        );
        const tokens = await measurePrompt(session, prompt, { responseConstraint, signal });
        const answer =
          tokens > room
            ? undefined
            : await promptWithin(session, prompt, { responseConstraint, signal });
        if (answer !== undefined) {
          const order = readOrder(answer, texts.length);
          if (order) return { order, tokens, characters };
          throw failedModel('gave no order of the documents');
        }
        if (characters <= LEAST_DOCUMENT_CHARACTERS) {
          throw failedModel(
            `has too little room for ${texts.length} documents: its context has ${room} tokens free. Try a smaller windowSize`,
          );
        }
        const share = Math.min(0.8, (room / tokens) * 0.95);
        characters = Math.max(LEAST_DOCUMENT_CHARACTERS, Math.floor(characters * share));
      }
    } finally {
      session.destroy();
    }
  }
}

function failedModel(what: string): RerankError {
  return new RerankError('service-failed', `The browser's language model ${what}.`);
}

/** The logit of a place from 0: its sigmoid falls in even steps, from almost 1 to almost 0. */
function toLogit(place: number, count: number): number {
  return Math.log((count - place - 0.5) / (place + 0.5));
}

/** Tokens that a prompt may have. */
function measureRoom(session: LanguageModelSession): number {
  const size = session.contextWindow ?? session.inputQuota ?? ASSUMED_CONTEXT_TOKENS;
  return size - (session.contextUsage ?? session.inputUsage ?? 0);
}

async function measurePrompt(
  session: LanguageModelSession,
  prompt: string,
  options: Parameters<LanguageModelSession['prompt']>[1],
): Promise<number> {
  if (session.measureContextUsage) return session.measureContextUsage(prompt, options);
  if (session.measureInputUsage) return session.measureInputUsage(prompt, options);
  return Math.ceil(prompt.length / CHARACTERS_PER_TOKEN);
}

/** The answer; undefined where the prompt turns out to be too long. */
async function promptWithin(
  session: LanguageModelSession,
  prompt: string,
  options: Parameters<LanguageModelSession['prompt']>[1],
): Promise<string | undefined> {
  try {
    return await session.prompt(prompt, options);
  } catch (error) {
    if (error instanceof Error && error.name === 'QuotaExceededError') return undefined;
    throw error;
  }
}
