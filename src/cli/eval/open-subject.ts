import { join } from 'node:path';
import { CascadeScorer } from '../../client/cascade.ts';
import { createRerankerOver } from '../../client/reranker.ts';
import { createHostedReranker } from '../../rerankers/index.ts';
import type { Reranker } from '../../shared/types.ts';
import {
  loadNodeRuntime,
  openNodeEngine,
  openNodeReranker,
  type NodeRuntime,
} from '../node-engine.ts';
import { openChromiumSubject } from './chromium/chromium-subject.ts';
import { locateModel, type EvalOptions, type EvalSetting } from './eval-options.ts';
import type { RerankerChoice } from './reranker-choice.ts';
import { toAnswer, type RuntimeFacts, type Subject } from './subject.ts';

/** Milliseconds that a service may take for a query: nobody waits for it at a page. */
const SERVICE_TIMEOUT_MS = 60_000;

/**
 * Opens what a setting describes, warmed up.
 *
 * @throws RerankError where the model or the device cannot be used.
 */
export async function openSubject(
  setting: EvalSetting,
  options: Pick<EvalOptions, 'browser' | 'browserArguments'>,
): Promise<Subject> {
  const { reranker, runtime } = setting;
  if (reranker.kind === 'service') return openServiceSubject(reranker);
  return runtime === 'chromium' ? openChromiumSubject(setting, options) : openNodeSubject(setting);
}

async function openNodeSubject(setting: EvalSetting): Promise<Subject> {
  const runtime = await loadNodeRuntime();
  const reranker = await openInNode(setting, runtime);
  await reranker.warmup();
  const { name, version, fallbackReason } = runtime;
  return toSubject(reranker, {
    name: 'node',
    library: `${name} ${version}`,
    ...(fallbackReason !== undefined && { fallbackReason }),
  });
}

async function openInNode(setting: EvalSetting, runtime: NodeRuntime): Promise<Reranker> {
  const { reranker, models, dtype, maxTokens, threads } = setting;
  if (reranker.kind !== 'tiers') {
    const folder = locateModel(setting);
    return openNodeReranker({ folder, dtype, maxTokens, threads, runtime });
  }
  const tiers = await Promise.all(
    reranker.tiers.map(async (tier) => ({
      keep: tier.keep,
      scorer: await openNodeEngine({
        folder: join(models, tier.model),
        dtype,
        maxTokens: tier.maxTokens ?? maxTokens,
        threads,
        runtime,
      }),
    })),
  );
  return createRerankerOver(new CascadeScorer(tiers));
}

/** The key comes from the environment: a flag would stand in the shell's history and in the list of processes. */
function openServiceSubject(service: RerankerChoice & { readonly kind: 'service' }): Subject {
  const { api, url, model, scores } = service;
  const key = process.env.RERANK_API_KEY;
  const reranker = createHostedReranker({
    api,
    url,
    model,
    scores,
    timeoutMs: SERVICE_TIMEOUT_MS,
    ...(key && { headers: { authorization: `Bearer ${key}` } }),
  });
  const { origin, pathname } = new URL(url);
  return toSubject(reranker, { name: 'node', library: `the ${api} API at ${origin}${pathname}` });
}

function toSubject(reranker: Reranker, runtime: RuntimeFacts): Subject {
  return {
    model: reranker.model,
    runtime,
    async rerank(request, signal) {
      const start = performance.now();
      const outcome = await reranker.rerank({ ...request, signal });
      return toAnswer(outcome, performance.now() - start);
    },
    dispose: () => reranker.dispose(),
  };
}
