import type { Backend, Batch } from '../backend.ts';
import { GpuWatch } from '../gpu-device.ts';
import { findDocument } from '../kernels/find-document.ts';
import { parseLayout } from '../kernels/layout.ts';
import { GpuSplitModel, MAX_PAIRS, MAX_ROWS, type PairIds } from './gpu-split-model.ts';

export interface GpuKernelsOptions {
  /** The bytes of `kernels.json`. */
  readonly layout: Uint8Array;
  /** The weights file that the layout describes. */
  readonly weights: Uint8Array;
  /** Whether the browser's WGSL has products of four int8. */
  readonly hasIntegerProducts: boolean;
}

/**
 * Opens the engine of our own on WebGPU, for split cross-encoders. It needs no other file than WASM does.
 *
 * @throws Error where the model is too large for the device or for the programs.
 */
export async function openGpuKernelsBackend(
  adapter: GPUAdapter,
  options: GpuKernelsOptions,
): Promise<Backend> {
  const layout = parseLayout(
    JSON.parse(new TextDecoder().decode(options.layout)) as unknown,
    options.weights.length,
  );
  if (layout.positions > MAX_ROWS) {
    throw new Error(`the programs read ${MAX_ROWS} tokens, and the model ${layout.positions}`);
  }
  const device = await adapter.requestDevice();
  const { maxStorageBufferBindingSize } = device.limits;
  if (options.weights.length > maxStorageBufferBindingSize) {
    device.destroy();
    throw new Error(
      `the weights are larger than a buffer here, ${maxStorageBufferBindingSize} bytes`,
    );
  }
  const watch = new GpuWatch(device);
  const model = await GpuSplitModel.open(device, layout, options.weights, {
    inIntegers: options.hasIntegerProducts,
  }).catch((error: unknown) => {
    device.destroy();
    throw error;
  });

  const toTexts = (ids: Int32Array): PairIds => {
    const documentAt = findDocument(ids, layout);
    return { query: ids.slice(0, documentAt), document: ids.slice(documentAt) };
  };
  type Work = (pairs: readonly PairIds[]) => Promise<Float32Array>;
  const runOnGpu = async (batch: Batch, work: Work): Promise<Float32Array> => {
    // What is wrong with a pair is no fault of the GPU.
    const pairs = listRows(batch).map(toTexts);
    return watch.guard(() => work(pairs));
  };

  return {
    device: 'webgpu',
    dtype: 'q8',
    threads: 1,
    limits: { maxPairs: MAX_PAIRS, maxTokens: MAX_ROWS, lengthMultiple: 1, lanes: 1 },
    costOf: (ids) =>
      model.knows(toTexts(ids).document) ? layout.cross.length / layout.layers.length : 1,
    run: (batch) => runOnGpu(batch, (pairs) => model.score(pairs)),
    compare: (batch) => runOnGpu(batch, (pairs) => model.compare(pairs)),
    dispose() {
      device.destroy();
      return Promise.resolve();
    },
  };
}

/** The rows of a batch without their padding. */
function listRows({ rows, length, inputIds, attentionMask }: Batch): Int32Array[] {
  return Array.from({ length: rows }, (_, row) => {
    const ids = inputIds.subarray(row * length, (row + 1) * length);
    const end = attentionMask.indexOf(0, row * length) - row * length;
    return end < 0 || end > length ? ids : ids.subarray(0, end);
  });
}
