import type * as Ort from 'onnxruntime-common';
import { RerankError, describeError } from '../../shared/errors.ts';
import type { RuntimeBuild, RuntimeFiles } from '../../shared/protocol.ts';
import type { Device, Dtype } from '../../shared/types.ts';
import type { Backend, Batch } from './backend.ts';

/** The API of onnxruntime, in the browser or in Node. */
export type OrtModule = typeof Ort;

/** More threads than this bring nothing for texts of this length. */
const MAX_THREADS = 4;

export interface OrtBackendOptions {
  readonly device: Device;
  /** The graph's bytes, or in Node its path, from which the runtime finds the weights itself. */
  readonly graph: Uint8Array | string;
  /** The weight files that the graph names. */
  readonly weights: readonly { readonly path: string; readonly data: Uint8Array }[];
  /** onnxruntime's name for the device, where it is not `device`: Node's CPU is `cpu`. */
  readonly executionProvider?: 'cpu';
  readonly dtype: Dtype;
  readonly threads: number;
  readonly inputs: readonly string[];
}

/** The smallest onnxruntime-web build for the device: JSPI needs no rewritten binary, Asyncify does. */
export function chooseRuntimeBuild(device: Device): RuntimeBuild {
  if (device === 'wasm') return 'wasm';
  return 'Suspending' in WebAssembly ? 'jspi' : 'asyncify';
}

/** Threads share memory, which browsers allow on cross-origin isolated pages only. */
export function countThreads(): number {
  return crossOriginIsolated ? Math.min(MAX_THREADS, navigator.hardwareConcurrency) : 1;
}

/**
 * Loads an onnxruntime-web build. Each build is a module of its own and is loaded once.
 *
 * @throws RerankError `model-load` where the runtime's files cannot be fetched.
 */
export async function loadRuntime(files: RuntimeFiles, threads: number): Promise<OrtModule> {
  let ort: OrtModule;
  try {
    ort = (await import(/* @vite-ignore */ files.api)) as OrtModule;
  } catch (error) {
    throw new RerankError(
      'model-load',
      `${files.api} could not be loaded: ${describeError(error)}`,
      {
        url: files.api,
      },
    );
  }
  ort.env.wasm.wasmPaths = { mjs: files.glue, wasm: files.binary };
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = 'error';
  return ort;
}

/** Opens a session of onnxruntime. */
export async function openOrtBackend(ort: OrtModule, options: OrtBackendOptions): Promise<Backend> {
  const { device, dtype, threads, inputs, graph, weights, executionProvider = device } = options;
  const session = await ort.InferenceSession.create(graph as Uint8Array, {
    executionProviders: [executionProvider],
    externalData: [...weights],
    // Weights that a WebGPU graph keeps as integers are dequantized once, at load.
    extra: { session: { disable_quant_qdq: '1' } },
    logSeverityLevel: 3,
    intraOpNumThreads: threads,
  });
  const lost = device === 'webgpu' ? rejectWhenLost(await ort.env.webgpu.device) : undefined;

  return {
    device,
    dtype,
    threads,
    limits:
      device === 'webgpu'
        ? { maxPairs: 32, maxTokens: 2048, lengthMultiple: 8 }
        : // A batch brings no speed on WASM, and would pad, and keep an abort waiting.
          { maxPairs: 1, maxTokens: Number.POSITIVE_INFINITY, lengthMultiple: 1 },

    async run(batch) {
      const feeds = toFeeds(ort, batch, inputs);
      const result = session.run(feeds);
      // A lost device leaves the run waiting for ever.
      const outputs = await (lost ? Promise.race([result, lost]) : result);
      const logits = Object.values(outputs)[0];
      if (!logits) throw new Error('The model has no output.');
      return logits.type === 'float16'
        ? Float32Array.from(logits.data as ArrayLike<number>)
        : (logits.data as Float32Array);
    },

    async dispose() {
      await session.release();
    },
  };
}

/** A promise that rejects when the GPU device is lost, and never fulfils. */
function rejectWhenLost(device: GPUDevice): Promise<never> {
  const lost = device.lost.then(({ message, reason }) => {
    throw new RerankError('device-lost', `The GPU device was lost: ${message || reason}`, {
      reason,
    });
  });
  lost.catch(() => undefined);
  return lost;
}

function toFeeds(
  ort: OrtModule,
  { rows, length, inputIds, attentionMask, tokenTypeIds }: Batch,
  inputs: readonly string[],
): Record<string, Ort.Tensor> {
  const values = {
    input_ids: inputIds,
    attention_mask: attentionMask,
    token_type_ids: tokenTypeIds,
  };
  const feeds: Record<string, Ort.Tensor> = {};
  for (const name of inputs) {
    const source = values[name as keyof typeof values] as Int32Array | Uint8Array | undefined;
    if (!source) {
      throw new RerankError(
        'model-integrity',
        `The model wants an input "${name}" that is not known.`,
        {
          input: name,
        },
      );
    }
    const data = new BigInt64Array(source.length);
    for (let i = 0; i < source.length; i++) data[i] = BigInt(source[i] ?? 0);
    feeds[name] = new ort.Tensor('int64', data, [rows, length]);
  }
  return feeds;
}
