import { afterEach, expect, it, vi } from 'vitest';
import { RerankError, createReranker, type Reranker } from 'rerank-results';
import {
  addOwnElement,
  breakLanes,
  breakWorkers,
  expectErrorAndRecovery,
  hearWorkers,
  mendWorkers,
  tellWorkers,
} from './broken-workers.ts';

const tiny = { model: 'tiny-split', modelBaseUrl: '/test/models/', device: 'wasm' } as const;
const many = Array.from(
  { length: 2000 },
  (_, index) => `text ${index} ${'of some words '.repeat(9)}`,
);

/** Longer than any silence is waited for. */
const HOURS_MS = 3 * 3_600_000;

afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  mendWorkers();
});

const fakeTimers = (): void => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
};

/** A reranker's next run, with a sound worker where the last one was ended. */
async function expectRecovery(reranker: Reranker): Promise<void> {
  vi.useRealTimers();
  mendWorkers();
  const { complete, results } = await reranker.rerank({ query: 'q', documents: ['a', 'b'] });
  expect(complete).toBe(true);
  expect(results).toHaveLength(2);
}

it.for([
  [
    'reply-of-another-kind',
    /an answer that cannot be read: .*of the same version of rerank-results/,
  ],
  ['call-unknown', /no such function.*of the same version of rerank-results/],
] as const)(
  'a worker with a %s keeps the search’s order and says why',
  async ([fault, message]) => {
    breakWorkers(`worker-faults.js?fault=${fault}`);
    await expectErrorAndRecovery(addOwnElement(), { code: 'worker-failed', message });
  },
);

it('a worker that hangs while it loads is ended', async () => {
  breakWorkers('worker-faults.js?fault=hang-at-first-call');
  fakeTimers();
  const element = addOwnElement();
  const failing = expectErrorAndRecovery(
    element,
    {
      code: 'worker-failed',
      message: /^The worker gave no sign of life for 600 seconds and was ended\.$/,
    },
    () => {
      vi.useRealTimers();
      mendWorkers();
    },
  );
  await vi.waitFor(() => expect(element.runState.phase).toBe('reranking'));
  await vi.advanceTimersByTimeAsync(HOURS_MS);
  await failing;
});

it.for([
  ['crash', /^The worker failed: Uncaught Error: out of memory$/],
  ['end', /^The worker gave no sign of life for 120 seconds/],
  ['hang', /^The worker gave no sign of life for 120 seconds/],
] as const)(
  'a worker with a %s in a run fails it, and the next run has a new worker',
  async ([fault, message]) => {
    breakWorkers('worker-faults.js');
    await using reranker = await createReranker(tiny);
    fakeTimers();
    const outcome = settleRun(reranker, many);
    await tellWorkers('worker-faults', fault);
    if (!fault.endsWith('crash')) await vi.advanceTimersByTimeAsync(HOURS_MS);
    expectFailure(await outcome, message);
    await expectRecovery(reranker);
  },
);

it.for(['score', 'warmup'] as const)(
  'a reply to %s that is lost fails the call, and the next has a new worker',
  async (call) => {
    breakWorkers('worker-faults.js');
    await using reranker = await createReranker(tiny);
    await tellWorkers('worker-faults', 'reply-lost');
    fakeTimers();
    const lost = hearWorkers('worker-faults', 'a message is lost');
    const outcome =
      call === 'score'
        ? settleRun(reranker, ['a', 'b'])
        : reranker.warmup().catch((error: unknown) => error);
    await lost;
    await vi.advanceTimersByTimeAsync(HOURS_MS);
    expectFailure(await outcome, /^The worker gave no sign of life for 120 seconds/);
    await expectRecovery(reranker);
  },
);

it('a worker whose clock tells another time has the whole budget', async () => {
  breakWorkers('worker-faults.js?fault=other-clock');
  await using reranker = await createReranker(tiny);
  const inTime = await reranker.rerank({
    query: 'q',
    documents: many.slice(0, 20),
    budgetMs: 1_800_000,
  });
  expect(inTime.complete).toBe(true);
});

it('lanes that cannot start leave the model to the engine’s own thread', async () => {
  breakLanes('no-such-worker.js');
  await using reranker = await createReranker({ device: 'wasm' });
  expect(reranker.model).toMatchObject({ engine: 'kernels', threads: 1 });
  const { results } = await reranker.rerank({ query: 'q', documents: ['a', 'b'] });
  expect(results).toHaveLength(2);
});

it.for([
  [
    'lane-crash',
    /^A worker of the model ended\. The worker failed: Uncaught Error: out of memory$/,
  ],
  ['lane-hang', /^The worker gave no sign of life for 120 seconds/],
] as const)(
  'a lane with a %s in a run fails it, and the next run has new ones',
  async ([fault, message], { skip }) => {
    if (navigator.hardwareConcurrency < 2) skip('one core has no lanes');
    breakWorkers('worker-faults.js');
    await using reranker = await createReranker({ device: 'wasm' });
    expect(reranker.model.threads).toBeGreaterThan(1);
    fakeTimers();
    const outcome = settleRun(reranker, many);
    await tellWorkers('worker-faults', fault);
    if (!fault.endsWith('crash')) await vi.advanceTimersByTimeAsync(HOURS_MS);
    expectFailure(await outcome, message);
    await expectRecovery(reranker);
  },
);

function settleRun(reranker: Reranker, documents: readonly string[]): Promise<unknown> {
  return reranker.rerank({ query: 'q', documents }).catch((error: unknown) => error);
}

function expectFailure(error: unknown, message: RegExp): void {
  expect(error).toBeInstanceOf(RerankError);
  expect(error).toMatchObject({
    code: 'worker-failed',
    message: expect.stringMatching(message) as string,
  });
}
