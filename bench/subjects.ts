import type { Page } from 'playwright';
import { loadNodeRuntime, openNodeReranker } from '../src/cli/node-engine.ts';
import type { AbortRecord, RunRecord, SubjectOptions, Workload } from './page/page-api.ts';
import type { SubjectFacts } from './results.ts';

/** A loaded model that can be measured. */
export interface OpenedSubject {
  readonly facts: SubjectFacts;
  run(workload: Workload): Promise<RunRecord>;
  close(): Promise<void>;
}

/** One that can be aborted. */
export interface AbortableSubject extends OpenedSubject {
  abortRun(workload: Workload, afterMs: number, next: Workload): Promise<AbortRecord>;
}

/** Loads a model in a page of the benchmark. */
export async function openInPage(
  page: Page,
  options: Omit<SubjectOptions, 'device'> & Partial<Pick<SubjectOptions, 'device'>>,
): Promise<AbortableSubject> {
  const { subject, model, threads } = options;
  const isolated = await page.evaluate(() => crossOriginIsolated);
  const handle = await page.evaluate((wanted) => window.bench.open(wanted), {
    device: 'wasm' as const,
    ...options,
  });
  return {
    facts: { subject, model, threads, isolated },
    run: (workload) =>
      page.evaluate(([id, work]) => window.bench.run(id, work), [handle, workload] as const),
    abortRun: (workload, afterMs, next) =>
      page.evaluate(([id, work, ms, following]) => window.bench.abortRun(id, work, ms, following), [
        handle,
        workload,
        afterMs,
        next,
      ] as const),
    close: () => page.evaluate((id) => window.bench.close(id), handle),
  };
}

/**
 * Loads the model's int8 graph into native onnxruntime, in this process. It reads one pair at a time, which pads nothing.
 */
export async function openNative(options: {
  readonly model: string;
  readonly threads: number;
  readonly maxTokens: number;
}): Promise<OpenedSubject> {
  const { model, threads, maxTokens } = options;
  const runtime = await loadNodeRuntime('onnxruntime-node');
  const folder = `public/models/${model}`;
  const reranker = await openNodeReranker({ folder, threads, maxTokens, runtime });
  return {
    facts: { subject: 'native', model, threads, isolated: false },
    async run({ query, documents }) {
      const startMs = performance.now();
      const { usage } = await reranker.rerank({ query, documents });
      const runMs = performance.now() - startMs;
      const { pairs, cachedPairs, tokens } = usage;
      return { runMs, firstTenMs: runMs, pairs, cachedPairs, tokens, paddedTokens: tokens };
    },
    close: () => reranker.dispose(),
  };
}
