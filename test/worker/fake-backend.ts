import { readFile } from 'node:fs/promises';
import type { ScoredBatch } from '../../src/shared/protocol.ts';
import type { Backend, Batch } from '../../src/worker/backend/backend.ts';
import type { Scorer } from '../../src/shared/protocol.ts';
import { parseManifest } from '../../src/worker/model/manifest.ts';
import { createEngine } from '../../src/worker/open-engine.ts';
import { createEncoder } from '../../src/worker/pipeline/tokenize.ts';

const folder = new URL('../models/tiny-bert/', import.meta.url);
const readJson = async (path: string): Promise<object> =>
  JSON.parse(await readFile(new URL(path, folder), 'utf8')) as object;

/** A batch that waits for its answer. */
export interface WaitingBatch {
  readonly batch: Batch;
  answer(): void;
  fail(error: Error): void;
}

/** A backend whose batches of one pair wait until the test answers them. */
export class FakeBackend implements Backend {
  readonly device = 'wasm';
  readonly dtype = 'q8';
  readonly threads = 1;
  readonly limits: Backend['limits'];
  /** Batches in progress, oldest first. */
  readonly waiting: WaitingBatch[] = [];
  started = 0;
  /** Answers each batch by itself, after so many milliseconds. */
  answersAfterMs: number | undefined;

  constructor(lanes: number) {
    this.limits = { maxPairs: 1, maxTokens: Number.POSITIVE_INFINITY, lengthMultiple: 1, lanes };
  }

  run(batch: Batch): Promise<Float32Array> {
    this.started += 1;
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.waiting.splice(this.waiting.indexOf(waiting), 1);
      };
      const waiting: WaitingBatch = {
        batch,
        answer() {
          leave();
          resolve(Float32Array.of(scoreRow(batch)));
        },
        fail(error) {
          leave();
          reject(error);
        },
      };
      this.waiting.push(waiting);
      if (this.answersAfterMs !== undefined) {
        setTimeout(() => waiting.answer(), this.answersAfterMs);
      }
    });
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }
}

/** Some number that depends on every token and its place. */
function scoreRow({ inputIds }: Batch): number {
  return inputIds.reduce((sum, id, position) => (sum + id * (position + 1)) % 997, 0) / 100;
}

/** The engine with the tiny model's manifest and tokenizer over a backend. */
export async function openEngineOver(backend: Backend): Promise<Scorer> {
  const manifest = parseManifest(await readJson('manifest.json'), 'manifest.json', 'tiny-bert');
  const { file, config } = manifest.tokenizer;
  const encoder = createEncoder(await readJson(file), await readJson(config));
  const [choice] = manifest.variants;
  if (!choice) throw new Error('No variant.');
  return createEngine(
    { backend, choice },
    { manifest, encoder, engine: 'onnxruntime', maxTokens: undefined },
  );
}

/** Texts that differ, each of one or two tokens more than `words`. */
export function makeTexts(count: number, words: number): string[] {
  return Array.from({ length: count }, (_, index) => `${index} ${'table '.repeat(words)}`);
}

/** Logits by position, and the order in which they came. */
export function collectScores(): {
  readonly logits: Map<number, number>;
  readonly truncated: Set<number>;
  readonly onScores: (batch: ScoredBatch) => void;
} {
  const logits = new Map<number, number>();
  const truncated = new Set<number>();
  return {
    logits,
    truncated,
    onScores: (batch) => {
      for (const [position, index] of batch.indices.entries()) {
        logits.set(index, batch.logits[position] ?? Number.NaN);
        if (batch.truncated[position] === 1) truncated.add(index);
      }
    },
  };
}
