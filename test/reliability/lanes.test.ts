import { expect, test } from 'vitest';
import { launchChromium, launchFirefox, whyNoFirefox } from './browsers.ts';
import { answered, startFaultySite, type Fault } from './faulty-site.ts';

/** What the test uses of the package. */
interface Library {
  createReranker(options: object): Promise<{
    readonly model: { readonly engine: string; readonly threads: number };
    dispose(): Promise<void>;
  }>;
}

const CORES = 4;

/** The package's worker on a computer with four cores. */
const worker = answered(
  `import '/package/worker.js';
Object.defineProperty(navigator, 'hardwareConcurrency', { value: ${CORES} });`,
  { 'content-type': 'text/javascript', 'cross-origin-embedder-policy': 'require-corp' },
);

/** What makes a page isolated. */
const isolation = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

/** In Firefox one of four loadings hung for ever while the worker started the lanes itself. */
const LOADINGS = 12;

/** Runs in the page. Gives how many threads each reranker had. */
async function loadAgainAndAgain([options, loadings]: readonly [object, number]): Promise<
  number[]
> {
  const { library } = window as unknown as { library: Library };
  const threads: number[] = [];
  for (let loaded = 0; loaded < loadings; loaded += 1) {
    const reranker = await library.createReranker({
      ...{ modelBaseUrl: '/models/', device: 'wasm', worker: '/worker.js' },
      ...options,
    });
    threads.push(reranker.model.threads);
    await reranker.dispose();
  }
  return threads;
}

test.for([
  ['Chromium', () => launchChromium(), undefined],
  ['Firefox', () => launchFirefox(), whyNoFirefox()],
] as const)(
  '%s loads the model each time, with a lane for each core',
  async ([, launch, whyNot], { skip }) => {
    if (whyNot !== undefined) skip(whyNot);
    await using site = await startFaultySite({ script: '' });
    site.break(/^\/worker\.js/, worker);
    await using browser = await launch();
    await using page = await browser.open(site.url);
    const threads = await page.evaluate(loadAgainAndAgain, [
      { model: 'tiny-split', engine: 'kernels' },
      LOADINGS,
    ] as const);
    expect(threads).toEqual(Array.from({ length: LOADINGS }, () => CORES));
  },
);

test.for([
  ['Chromium', () => launchChromium(), undefined, CORES],
  ['Firefox', () => launchFirefox(), whyNoFirefox(), 1],
] as const)(
  'onnxruntime has its own threads on an isolated page, but not in Firefox (%s)',
  async ([, launch, whyNot, threads], { skip }) => {
    if (whyNot !== undefined) skip(whyNot);
    await using site = await startFaultySite({ script: '', headers: () => isolation });
    site.break(/^\/worker\.js/, worker);
    await using browser = await launch();
    await using page = await browser.open(site.url);
    const options = { model: 'tiny-bert', dtype: 'fp32' };
    expect(await page.evaluate(loadAgainAndAgain, [options, 1] as const)).toEqual([threads]);
  },
);

test('kernels that are passed over leave no lane behind', async () => {
  await using site = await startFaultySite({ script: '' });
  site.break(/^\/worker\.js/, worker);
  site.break(/\/manifest\.json$/, tooStrict);
  await using browser = await launchChromium();
  await using page = await browser.visit(site.url);
  const engine = await page.evaluate(async () => {
    const { library } = window as unknown as { library: Library };
    const options = { model: 'tiny-split', modelBaseUrl: '/models/', device: 'wasm' };
    return (await library.createReranker({ ...options, worker: '/worker.js' })).model.engine;
  });
  expect(engine).toBe('onnxruntime');
  await expect.poll(() => page.page.workers().length).toBe(1);
});

/** The manifest, after which no logit of the kernels is right. */
const tooStrict: Fault = (response, body) => {
  const manifest = JSON.parse(body.toString()) as { variants: { engine?: string }[] };
  const variants = manifest.variants.map((variant) =>
    variant.engine === 'kernels' ? { ...variant, tolerance: 1e-9 } : variant,
  );
  response.writeHead(200).end(JSON.stringify({ ...manifest, variants }));
};
