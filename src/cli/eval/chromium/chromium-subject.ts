import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type * as Playwright from 'playwright';
import { RerankError, describeError } from '../../../shared/errors.ts';
import type { ModelInfo, RerankRequest, Usage } from '../../../shared/types.ts';
import { importOptionalPackage, locateInPackage } from '../../package-files.ts';
import { listModels, type EvalOptions, type EvalSetting } from '../eval-options.ts';
import { toAnswer, type AnswerResult, type EvalDocument, type Subject } from '../subject.ts';
import { findBrowser } from './find-browser.ts';
import { serveFolders } from './serve-folders.ts';

/** What the page has on its window. */
interface SubjectPage {
  open(options: object): Promise<ModelInfo>;
  rerank(request: RerankRequest<EvalDocument>): Promise<{
    readonly results: readonly AnswerResult[];
    readonly usage: Usage;
    readonly durationMs: number;
  }>;
}

/** Only an isolated page may use several WebAssembly threads. */
const ISOLATION = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

/** The built library, as a site without a bundler would use it. */
const PAGE = `<!doctype html>
<meta charset="utf-8">
<title>rerank-results eval</title>
<link rel="icon" href="data:,">
<script type="importmap">{ "imports": { "comlink": "/comlink/comlink.mjs" } }</script>
<script type="module">
  import { createReranker } from '/dist/index.js';
  let reranker;
  window.subject = {
    async open(options) {
      if (options.languageModel) {
        const { createLanguageModelReranker } = await import('/dist/rerankers.js');
        reranker = await createLanguageModelReranker();
      } else reranker = await createReranker(options);
      await reranker.warmup();
      return reranker.model;
    },
    async rerank(request) {
      const start = performance.now();
      const { results, usage } = await reranker.rerank(request);
      const durationMs = performance.now() - start;
      const kept = results.map(({ index, logit, unknownLanguage, tier }) => ({ index, logit, unknownLanguage, tier }));
      return { results: kept, usage, durationMs };
    },
  };
</script>
`;

/**
 * Opens a setting in a browser: the package's own modules, worker and runtime, from a server on this
 * machine, driven by Playwright.
 *
 * @throws RerankError `backend-unavailable` where Playwright or a browser is missing, `model-load` where
 * the package was not built or the model is not there; else what the library throws in the page.
 */
export async function openChromiumSubject(
  setting: EvalSetting,
  options: Pick<EvalOptions, 'browser' | 'browserArguments'>,
): Promise<Subject> {
  requireFiles(setting);
  const browser = await launchBrowser(options);
  const server = await serveFolders({
    page: PAGE,
    headers: setting.threads === 1 ? {} : ISOLATION,
    folders: {
      '/dist/': locateInPackage('dist'),
      '/models/': setting.models,
      '/comlink/': dirname(createRequire(import.meta.url).resolve('comlink/dist/esm/comlink.mjs')),
    },
  });
  const close = async (): Promise<void> => {
    await browser.close();
    await server[Symbol.asyncDispose]();
  };
  try {
    const page = await browser.newPage();
    const failures: string[] = [];
    page.on('pageerror', (error) => failures.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') failures.push(message.text());
    });
    await page.goto(server.url, { waitUntil: 'load' });
    await page
      .waitForFunction(() => 'subject' in window, undefined, { timeout: 30_000 })
      .catch(() => {
        throw new RerankError(
          'backend-unavailable',
          `The library did not start in the browser. ${failures.join(' ')}`.trim(),
        );
      });
    const info = await inPage(
      page.evaluate(
        (wanted) => (window as unknown as { subject: SubjectPage }).subject.open(wanted),
        describeOptions(setting),
      ),
    );
    return {
      model: info,
      runtime: { name: 'chromium', library: `Chromium ${browser.version()}` },
      async rerank(request, signal) {
        signal.throwIfAborted();
        const { durationMs, ...outcome } = await inPage(
          page.evaluate(
            (job) => (window as unknown as { subject: SubjectPage }).subject.rerank(job),
            request,
          ),
        );
        return toAnswer(outcome, durationMs);
      },
      dispose: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What the page opens. */
function describeOptions({ reranker, model, device, dtype, maxTokens }: EvalSetting): object {
  if (reranker.kind === 'language-model') return { languageModel: true };
  return {
    ...(reranker.kind === 'tiers' ? { tiers: reranker.text } : { model }),
    ...(reranker.kind === 'model' && { lateInteraction: reranker.lateInteraction }),
    device,
    dtype,
    ...(maxTokens !== undefined && { maxTokens }),
  };
}

function requireFiles(setting: EvalSetting): void {
  for (const [file, advice] of [
    [locateInPackage('dist', 'index.js'), 'Build the package: npm run build.'],
    ...listModels(setting).map(
      (model) =>
        [`${setting.models}/${model}/manifest.json`, 'Is --model or --models right?'] as const,
    ),
  ] as const) {
    if (existsSync(file)) continue;
    throw new RerankError('model-load', `There is no file ${file}. ${advice}`, { file });
  }
}

async function launchBrowser({
  browser,
  browserArguments,
}: Pick<EvalOptions, 'browser' | 'browserArguments'>): Promise<Playwright.Browser> {
  const playwright = await loadPlaywright();
  const executablePath = findBrowser(browser);
  // Chromium refuses its sandbox to root, which containers often run as.
  const isRoot = process.getuid?.() === 0;
  try {
    return await playwright.chromium.launch({
      args: ['--enable-unsafe-webgpu', ...(isRoot ? ['--no-sandbox'] : []), ...browserArguments],
      handleSIGINT: false,
      ...(executablePath !== undefined && { executablePath }),
    });
  } catch (error) {
    throw new RerankError(
      'backend-unavailable',
      `No browser could be started. Name a Chromium or Chrome with --browser PATH, or run "npx playwright install chromium". ${describeError(error).split('\n')[0]}`,
    );
  }
}

async function loadPlaywright(): Promise<typeof Playwright> {
  const reasons: string[] = [];
  for (const name of ['playwright', 'playwright-core']) {
    const found = await importOptionalPackage<typeof Playwright>(name);
    if (found.found) return found.module;
    reasons.push(found.reason);
  }
  throw new RerankError(
    'backend-unavailable',
    `--runtime chromium needs Playwright, which drives the browser: npm install --save-dev playwright. (${reasons.join('; ')})`,
  );
}

/** An error of the page, without Playwright's stack of the page. */
async function inPage<TValue>(answer: Promise<TValue>): Promise<TValue> {
  try {
    return await answer;
  } catch (error) {
    const [first = ''] = describeError(error).split('\n');
    const message = first.replace(/^page\.evaluate: (RerankError: )?/, '');
    throw new RerankError('worker-failed', `In the browser: ${message}`, {}, { cause: error });
  }
}
