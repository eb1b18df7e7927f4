import { afterEach, describe, expect, it, vi } from 'vitest';
import { createReranker } from 'rerank-results';
import type { RerankResults } from 'rerank-results/element';
import { isThorough, skippedUnlessThorough } from '../../thorough.ts';
import { expectTitles, query, readTitles, rerankedOrder, searchOrder } from '../element/stage.ts';
import {
  addOwnElement,
  breakWorkers,
  countErrors,
  mendWorkers,
  nextOf,
  tellWorkers,
} from './broken-workers.ts';

/** The GPU of the tests is imitated: it passes for a real one, so that `auto` takes it. */
const TAKEN_FOR_REAL = 'gpu-faults.js?fault=taken-for-real';

/** A model that only onnxruntime runs. */
const onnx = { model: 'tiny-bert', dtype: 'fp32' } as const;

afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
  mendWorkers();
});

/** The model of the element's next run, whose scores are numbers. */
async function searchFor(element: RerankResults, words: string): Promise<object> {
  const complete = nextOf(element, 'rerank-complete');
  element.query = words;
  const { detail } = await complete;
  expect(detail.results.map((result) => result.scored && Number.isFinite(result.logit))).toEqual([
    true,
    true,
    true,
  ]);
  return detail.model;
}

describe('a GPU that cannot be opened', () => {
  it.for([
    ['absent', 'this browser has no WebGPU', 'no-webgpu'],
    ['no-adapter', 'the browser offers no GPU adapter', 'no-adapter'],
    ['no-device', 'no device for you', 'failed'],
    ['no-memory', 'for want of memory', 'failed'],
    ['lost-at-open', 'The GPU device was lost: Device was destroyed.', 'device-lost'],
  ] as const)(
    'with the fault %s leaves the model to WASM, and the model says why',
    async ([fault, reason, cause]) => {
      breakWorkers(`${TAKEN_FOR_REAL}&fault=${fault}`);
      const element = addOwnElement({ ...onnx, device: 'auto' });
      const readErrors = countErrors(element);
      const { detail } = await nextOf(element, 'rerank-complete');
      expect(detail.model.device).toBe('wasm');
      expect(detail.model.fallbackReason).toMatch(/^webgpu fp32: /);
      expect(detail.model.fallbackReason).toContain(reason);
      expect(detail.model.fallbackCauses).toEqual([cause]);
      await expectTitles(element, rerankedOrder);
      expect(readErrors()).toBe(0);
    },
  );

  it('keeps the search’s order where only WebGPU may be used, and says why', async () => {
    breakWorkers('gpu-faults.js?fault=no-memory');
    const element = addOwnElement({ ...onnx, device: 'webgpu' });
    const { detail } = await nextOf(element, 'rerank-error');
    expect(detail.error.code).toBe('backend-unavailable');
    expect(detail.error.message).toMatch(
      /^No device can run the model\. webgpu fp32: .*for want of memory/,
    );
    expect(readTitles(element)).toEqual(searchOrder);
  });
});

describe('a GPU that fails in use', () => {
  it('gets one other chance, and then the model runs on WASM', async () => {
    breakWorkers(TAKEN_FOR_REAL);
    const element = addOwnElement({ ...onnx, device: 'auto' });
    const readErrors = countErrors(element);
    const { detail } = await nextOf(element, 'rerank-complete');
    expect(detail.model.device).toBe('webgpu');
    expect(detail.model.fallbackReason).toBeUndefined();
    await expectTitles(element, rerankedOrder);

    await tellWorkers('gpu-faults', 'no-numbers');
    expect(await searchFor(element, 'bread')).toMatchObject({
      device: 'webgpu',
      fallbackReason: 'the GPU device was lost or failed once',
    });

    await tellWorkers('gpu-faults', 'lost-in-run');
    expect(await searchFor(element, 'index')).toMatchObject({
      device: 'wasm',
      fallbackReason: 'the GPU device was lost or failed 2 times',
      fallbackCauses: ['device-lost'],
    });
    await searchFor(element, query);
    await expectTitles(element, rerankedOrder);
    expect(readErrors()).toBe(0);
  });

  it('is the end of a run where only WebGPU may be used, and the next run opens it anew', async ({
    skip,
  }) => {
    skip(!isThorough, skippedUnlessThorough);
    breakWorkers('gpu-faults.js');
    await using reranker = await createReranker({
      ...onnx,
      modelBaseUrl: '/test/models/',
      device: 'webgpu',
    });
    await tellWorkers('gpu-faults', 'lost');
    // Both runs meet the loss, and it counts once.
    const runs = ['a', 'b'].map((words) =>
      reranker.rerank({ query: words, documents: ['one', 'two'] }),
    );
    for (const { results, model } of await Promise.all(runs)) {
      expect(results).toHaveLength(2);
      expect(model.fallbackReason).toBe('the GPU device was lost or failed once');
    }

    await tellWorkers('gpu-faults', 'no-memory');
    const element = addOwnElement({ reranker });
    const { detail } = await nextOf(element, 'rerank-error');
    expect(detail.error.code).toBe('device-lost');
    expect(detail.error.message).toMatch(/^The GPU failed: /);
    expect(readTitles(element)).toEqual(searchOrder);

    await element.refresh();
    await expectTitles(element, rerankedOrder);
  });
});
