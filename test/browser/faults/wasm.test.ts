import { afterEach, expect, it, vi } from 'vitest';
import { createReranker } from 'rerank-results';
import {
  addOwnElement,
  breakWorkers,
  expectErrorAndRecovery,
  mendWorkers,
  nextOf,
  tellWorkers,
} from './broken-workers.ts';

/** A model that only onnxruntime runs. */
const onnx = { model: 'tiny-bert' } as const;

afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
  mendWorkers();
});

it.for([
  [
    'no-simd',
    /^No device can run the model: the WebAssembly of this browser or computer has no SIMD\.$/,
  ],
  ['no-memory', /^No device can run the model\. wasm q8: .*Out of memory/],
] as const)(
  'WASM with the fault %s keeps the search’s order and says why',
  async ([fault, message]) => {
    breakWorkers(`wasm-faults.js?fault=${fault}`);
    await expectErrorAndRecovery(addOwnElement(), { code: 'backend-unavailable', message });
  },
);

it('memory that runs out in a run keeps the search’s order, and the next run has a new worker', async () => {
  breakWorkers('wasm-faults.js');
  const element = addOwnElement({ ...onnx, query: '' });
  await element.loadModel();
  await tellWorkers('wasm-faults', 'no-memory-in-run');
  const failing = expectErrorAndRecovery(element, {
    code: 'worker-failed',
    message: /Array buffer allocation failed/,
  });
  element.query = 'find slow queries in postgres';
  await failing;
});

it('a page that is not isolated runs WASM on one thread', async () => {
  expect(crossOriginIsolated).toBe(false);
  const element = addOwnElement(onnx);
  const { detail } = await nextOf(element, 'rerank-complete');
  expect(detail.model).toMatchObject({ device: 'wasm', threads: 1 });
});

it('the kernels run without relaxed SIMD', async () => {
  breakWorkers('wasm-faults.js?fault=no-relaxed-simd');
  await using reranker = await createReranker({ device: 'wasm', engine: 'kernels' });
  expect(reranker.model.engine).toBe('kernels');
  const documents = ['Bread dough rises.', 'Set log_min_duration_statement to find slow queries.'];
  const { results } = await reranker.rerank({ query: 'find slow queries', documents });
  expect(results[0]?.index).toBe(1);
});

it('says of both engines that memory ran out where neither gets any', async () => {
  breakWorkers('wasm-faults.js?fault=no-growth');
  const opening = createReranker({ device: 'wasm', model: 'minilm-l6-split' });
  await expect(opening).rejects.toMatchObject({
    code: 'backend-unavailable',
    message: expect.stringMatching(
      /^No device can run the model\. wasm q8: .*Out of memory; wasm q8: .*bad_alloc/,
    ) as string,
  });
});
