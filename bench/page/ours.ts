import { createReranker, type Reranker } from 'rerank-results';
import type { OpenSubject } from './main.ts';
import type { AbortRecord, RunRecord, SubjectOptions, Workload } from './page-api.ts';

/** This package, with its own kernels or with onnxruntime-web. */
export async function openOurs(options: SubjectOptions): Promise<OpenSubject> {
  const { subject, model, threads, maxTokens, device, tiers } = options;
  const engine = subject === 'kernels' ? 'kernels' : 'onnxruntime';
  const reranker = await createReranker({
    ...(tiers === undefined ? { model, maxTokens } : { tiers }),
    device,
    engine,
    // The package's own worker, which is told that the machine has so many cores.
    worker: `/cores/${threads}/worker.js`,
  });
  const { model: loaded } = reranker;
  // What runs is what the results will say.
  if (loaded.engine !== engine || loaded.device !== device || loaded.threads !== threads) {
    throw new Error(
      `Asked for ${engine} on ${device} with ${threads} threads, got ${JSON.stringify(loaded)}.`,
    );
  }
  return {
    run: (workload) => run(reranker, workload),
    abortRun: (workload, afterMs, next) => abortRun(reranker, workload, afterMs, next),
    close: () => reranker.dispose(),
  };
}

async function run(reranker: Reranker, { query, documents }: Workload): Promise<RunRecord> {
  const startMs = performance.now();
  let firstTenMs: number | undefined;
  const { usage, results } = await reranker.rerank({
    query,
    documents,
    onPartial({ scoredCount }) {
      if (scoredCount >= 10) firstTenMs ??= performance.now() - startMs;
    },
  });
  const runMs = performance.now() - startMs;
  const { pairs, cachedPairs, tokens } = usage;
  // On WASM a batch is one pair, which nothing pads.
  const paddedTokens = tokens;
  const order = results.map(({ index }) => index);
  return {
    runMs,
    firstTenMs: firstTenMs ?? runMs,
    pairs,
    cachedPairs,
    tokens,
    paddedTokens,
    order,
  };
}

async function abortRun(
  reranker: Reranker,
  { query, documents }: Workload,
  afterMs: number,
  next: Workload,
): Promise<AbortRecord> {
  const controller = new AbortController();
  let wasAborted = false;
  const aborted = reranker.rerank({ query, documents, signal: controller.signal }).then(
    () => undefined,
    () => (wasAborted = true),
  );
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  const startMs = performance.now();
  controller.abort();
  await reranker.rerank(next);
  const delayMs = performance.now() - startMs;
  await aborted;
  return { wasAborted, delayMs };
}
