/** The page side of the benchmark: both engines on the same candidates, in one page. */
import { AutoModelForSequenceClassification, AutoTokenizer, env } from '@huggingface/transformers';
import { createReranker } from 'rerank-results';

export interface Workload {
  readonly model: string;
  readonly query: string;
  readonly documents: readonly string[];
  readonly maxTokens: number;
}

/** One engine's medians over the rounds. */
export interface Measurement {
  readonly engine: string;
  readonly threads: number;
  /** From nothing to the first score, in milliseconds. */
  readonly loadMs: number;
  readonly runMs: number;
  readonly pairs: number;
}

declare global {
  interface Window {
    measureOurs: (workload: Workload, rounds: number) => Promise<Measurement>;
    measureTransformers: (workload: Workload, rounds: number) => Promise<Measurement>;
  }
}

window.measureOurs = async ({ model, query, documents, maxTokens }, rounds) => {
  const start = performance.now();
  const reranker = await createReranker({ model, device: 'wasm', maxTokens });
  const loadMs = performance.now() - start;
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    // Another query each time: a score that was kept would be no measurement.
    const outcome = await reranker.rerank({ query: `${query} ${round}`, documents });
    times.push(outcome.timing.totalMs);
  }
  const { threads } = reranker.model;
  await reranker.dispose();
  return {
    engine: 'rerank-results',
    threads,
    loadMs,
    runMs: median(times),
    pairs: documents.length,
  };
};

/** As transformers.js documents it: tokenizer with `text_pair`, one padded batch. */
window.measureTransformers = async ({ model: id, query, documents, maxTokens }, rounds) => {
  env.allowLocalModels = true;
  env.allowRemoteModels = false;
  env.localModelPath = '/models/';
  const { wasm } = env.backends.onnx;
  if (!wasm) throw new Error('transformers.js has no WASM backend.');
  wasm.wasmPaths = {
    mjs: new URL('/dist/runtime/ort.asyncify.glue.js', location.href).href,
    wasm: new URL('/dist/runtime/ort.asyncify.wasm', location.href).href,
  };
  // Its own default is half of the cores; the same number of threads makes the comparison fair.
  const threads = crossOriginIsolated ? Math.min(4, navigator.hardwareConcurrency) : 1;
  wasm.numThreads = threads;
  const start = performance.now();
  const tokenizer = await AutoTokenizer.from_pretrained(id);
  const model = await AutoModelForSequenceClassification.from_pretrained(id, {
    dtype: 'q8',
    device: 'wasm',
  });
  const loadMs = performance.now() - start;
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const runStart = performance.now();
    const inputs = tokenizer(Array<string>(documents.length).fill(`${query} ${round}`), {
      text_pair: [...documents],
      padding: true,
      truncation: true,
      max_length: maxTokens,
    }) as object;
    await model(inputs);
    times.push(performance.now() - runStart);
  }
  await model.dispose();
  return {
    engine: 'transformers.js',
    threads,
    loadMs,
    runMs: median(times),
    pairs: documents.length,
  };
};

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
