import { loadNodeRuntime, openNodeReranker } from '../node-engine.ts';
import { openChromiumSubject } from './chromium/chromium-subject.ts';
import { locateModel, type EvalOptions, type EvalSetting } from './eval-options.ts';
import { toAnswer, type Subject } from './subject.ts';

/**
 * Opens what a setting describes, warmed up.
 *
 * @throws RerankError where the model or the device cannot be used.
 */
export async function openSubject(
  setting: EvalSetting,
  options: Pick<EvalOptions, 'browser' | 'browserArguments'>,
): Promise<Subject> {
  return setting.runtime === 'chromium'
    ? openChromiumSubject(setting, options)
    : openNodeSubject(setting);
}

async function openNodeSubject(setting: EvalSetting): Promise<Subject> {
  const runtime = await loadNodeRuntime();
  const reranker = await openNodeReranker({
    folder: locateModel(setting),
    dtype: setting.dtype,
    maxTokens: setting.maxTokens,
    threads: setting.threads,
    runtime,
  });
  await reranker.warmup();
  const { name, version, fallbackReason } = runtime;
  return {
    model: reranker.model,
    runtime: {
      name: 'node',
      library: `${name} ${version}`,
      ...(fallbackReason !== undefined && { fallbackReason }),
    },
    async rerank(request, signal) {
      const start = performance.now();
      const outcome = await reranker.rerank({ ...request, signal });
      return toAnswer(outcome, performance.now() - start);
    },
    dispose: () => reranker.dispose(),
  };
}
