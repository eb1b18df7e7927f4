import { setImmediate } from 'node:timers/promises';
import type { ScoreOptions, ScoreSummary, Scorer } from '../../src/shared/protocol.ts';
import type { ModelInfo } from '../../src/shared/types.ts';

/** A scorer that knows each text's logit, gives one a batch, and tells what it was asked. */
export interface FakeScorer extends Scorer {
  /** The texts of each call, in the order in which they were asked for. */
  readonly asked: string[][];
  /** All texts that got a score, in order. */
  readonly read: string[];
  readonly ended: { warmups: number; disposals: number };
}

export interface FakeScorerOptions {
  readonly logits: Readonly<Record<string, number>>;
  readonly model?: Partial<ModelInfo>;
  readonly foreign?: readonly string[];
  readonly truncated?: readonly string[];
  /** Called before each text. It may wait, throw, or say that the time is over. */
  readonly beforeText?: (
    text: string,
    options: ScoreOptions,
  ) => Promise<'stop' | undefined> | undefined;
}

export function createFakeScorer({
  logits,
  model = {},
  foreign = [],
  truncated = [],
  beforeText = () => undefined,
}: FakeScorerOptions): FakeScorer {
  const asked: string[][] = [];
  const read: string[] = [];
  const ended = { warmups: 0, disposals: 0 };
  const isIn = (list: readonly string[], text: string): Uint8Array =>
    Uint8Array.of(Number(list.includes(text)));
  return {
    asked,
    read,
    ended,
    model: { ...fakeModel, ...model },
    async score(_query, texts, options) {
      asked.push([...texts]);
      let pairs = 0;
      for (const [index, text] of texts.entries()) {
        if ((await beforeText(text, options)) === 'stop') break;
        await setImmediate();
        options.signal?.throwIfAborted();
        pairs += 1;
        read.push(text);
        options.onScores({
          indices: Uint32Array.of(index),
          logits: Float32Array.of(logits[text] ?? 0),
          truncated: isIn(truncated, text),
          unknownLanguage: isIn(foreign, text),
          soFar: summarize(pairs),
        });
      }
      return summarize(pairs);
    },
    warmup() {
      ended.warmups += 1;
      return Promise.resolve();
    },
    dispose() {
      ended.disposals += 1;
      return Promise.resolve();
    },
  };
}

/** What runs in a fake. */
export const fakeModel: ModelInfo = {
  id: 'fake',
  revision: '0',
  engine: 'onnxruntime',
  device: 'wasm',
  dtype: 'q8',
  threads: 1,
  maxTokens: 512,
  totalBytes: 0,
  calibrated: false,
};

const summarize = (pairs: number): ScoreSummary => ({
  usage: {
    pairs,
    cachedPairs: 0,
    tokens: 10 * pairs,
    truncatedDocuments: 0,
    unknownLanguageDocuments: 0,
    truncatedQuery: false,
  },
  timing: { tokenizeMs: 1, inferMs: 2 * pairs },
});
