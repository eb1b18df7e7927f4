import {
  createReranker,
  type EngineName,
  type LoadProgress,
  type ModelInfo,
  type Reranker,
  type RerankResult,
} from 'rerank-results';
import type { ManualResult } from '../sources.ts';

/** An engine that read every result. */
export interface Finish {
  readonly engine: EngineName;
  readonly model: ModelInfo;
  /** From the call to its answer. */
  readonly runMs: number;
  /** Best first, by the model's scores alone. */
  readonly results: readonly RerankResult<ManualResult>[];
}

/** What is told of a race while it runs. */
export interface RaceWatch {
  readonly onLoadProgress: (engine: EngineName, progress: LoadProgress) => void;
  /** @param loadMs Files, compilation, known answers and a first run. */
  readonly onLoaded: (engine: EngineName, model: ModelInfo, loadMs: number) => void;
  /** All that could be loaded are; nothing is read yet. */
  readonly onReady: (engines: readonly EngineName[]) => void;
  readonly onStart: (engine: EngineName) => void;
  readonly onPartial: (engine: EngineName, scoredCount: number, runMs: number) => void;
  readonly onFinish: (finish: Finish) => void;
  /** The engine could not be loaded, or failed; the others go on. */
  readonly onFail: (engine: EngineName, error: unknown) => void;
}

export interface Race {
  readonly engines: readonly EngineName[];
  readonly model: string;
  readonly query: string;
  readonly documents: readonly ManualResult[];
  /** Whether all run at the same time; else one after the other. */
  readonly isTogether: boolean;
  readonly signal: AbortSignal;
}

interface Racer {
  readonly engine: EngineName;
  readonly reranker: Reranker;
}

/**
 * Loads each engine, then lets each read the documents. A race leaves no engine behind: kept scores would decide the next.
 *
 * @returns Those that finished, in the order of `engines`.
 * @throws The signal's reason, where that is aborted.
 */
export async function runRace(race: Race, watch: RaceWatch): Promise<Finish[]> {
  const { engines, isTogether } = race;
  const racers: Racer[] = [];
  try {
    for (const engine of engines) {
      const reranker = await unlessItFails(engine, () => load(engine, race, watch), race, watch);
      if (reranker) racers.push({ engine, reranker });
    }
    watch.onReady(racers.map(({ engine }) => engine));
    const run = (racer: Racer) =>
      unlessItFails(racer.engine, () => read(racer, race, watch), race, watch);
    const finishes: (Finish | undefined)[] = [];
    if (isTogether) finishes.push(...(await Promise.all(racers.map(run))));
    else for (const racer of racers) finishes.push(await run(racer));
    return finishes.filter((finish) => finish !== undefined);
  } finally {
    await Promise.allSettled(racers.map(({ reranker }) => reranker.dispose()));
  }
}

async function load(
  engine: EngineName,
  { model, signal }: Race,
  { onLoadProgress, onLoaded }: RaceWatch,
): Promise<Reranker> {
  const startMs = performance.now();
  const reranker = await createReranker({
    model,
    modelBaseUrl: './models/',
    engine,
    // Our kernels run there alone.
    device: 'wasm',
    signal,
    onProgress: (progress) => onLoadProgress(engine, progress),
  });
  try {
    await reranker.warmup();
  } catch (error) {
    await reranker.dispose();
    throw error;
  }
  onLoaded(engine, reranker.model, performance.now() - startMs);
  return reranker;
}

async function read(
  { engine, reranker }: Racer,
  { query, documents, signal }: Race,
  { onStart, onPartial, onFinish }: RaceWatch,
): Promise<Finish> {
  onStart(engine);
  const startMs = performance.now();
  const { model, results } = await reranker.rerank({
    query,
    documents,
    signal,
    onPartial: ({ scoredCount }) => onPartial(engine, scoredCount, performance.now() - startMs),
  });
  const finish = { engine, model, results, runMs: performance.now() - startMs };
  onFinish(finish);
  return finish;
}

/** The work's value; undefined where it failed, which is told. */
async function unlessItFails<TValue>(
  engine: EngineName,
  work: () => Promise<TValue>,
  { signal }: Race,
  { onFail }: RaceWatch,
): Promise<TValue | undefined> {
  signal.throwIfAborted();
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    onFail(engine, error);
    return undefined;
  }
}
