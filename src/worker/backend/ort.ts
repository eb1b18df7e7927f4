import type * as Ort from 'onnxruntime-common';
import { RerankError } from '../../shared/errors.ts';
import { toWorkerUrl } from '../../shared/script-url.ts';
import type { RuntimeBuild, RuntimeFiles } from '../../shared/protocol.ts';
import type { Device, Dtype } from '../../shared/types.ts';
import type { Backend } from './backend.ts';
import { GpuWatch } from './gpu-device.ts';
import { importModule } from './import-module.ts';
import { toInt64Inputs } from './inputs.ts';
import { limitBatches } from './limits.ts';

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
  /** Whether a score is the same whatever else is in its batch. */
  readonly batchInvariant: boolean;
}

/** The smallest onnxruntime-web build for the device: JSPI needs no rewritten binary, Asyncify does. */
export function chooseRuntimeBuild(device: Device): RuntimeBuild {
  if (device === 'wasm') return 'wasm';
  return 'Suspending' in WebAssembly ? 'jspi' : 'asyncify';
}

/**
 * Threads share memory, which browsers allow on cross-origin isolated pages only. The runtime starts them from this worker, which
 * in Firefox now and then waits in `new Worker` for ever.
 */
export function countThreads(): number {
  if (!crossOriginIsolated || navigator.userAgent.includes('Firefox/')) return 1;
  return Math.min(MAX_THREADS, navigator.hardwareConcurrency);
}

/**
 * Loads an onnxruntime-web build. Each build is a module of its own and is loaded once.
 *
 * @throws RerankError `model-load` where the runtime's module cannot be fetched.
 */
export async function loadRuntime(files: RuntimeFiles, threads: number): Promise<OrtModule> {
  // Its threads start by it: scripts/build.ts.
  Object.assign(globalThis, { toWorkerUrl });
  const ort = await importModule<OrtModule>(files.api);
  ort.env.wasm.wasmPaths = { mjs: files.glue, wasm: files.binary };
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = 'error';
  return ort;
}

/** Opens a session of onnxruntime. */
export async function openOrtBackend(ort: OrtModule, options: OrtBackendOptions): Promise<Backend> {
  const { device, dtype, threads, inputs, graph, weights, executionProvider = device } = options;
  const opening = ort.InferenceSession.create(graph as Uint8Array, {
    executionProviders: [executionProvider],
    externalData: [...weights],
    // Weights that a WebGPU graph keeps as integers are dequantized once, at load.
    extra: { session: { disable_quant_qdq: '1' } },
    logSeverityLevel: 3,
    intraOpNumThreads: threads,
  });
  const session = await opening.catch((error: unknown) => {
    throw explainTrap(error);
  });
  const gpu = device === 'webgpu' ? new GpuWatch(await ort.env.webgpu.device) : undefined;

  return {
    device,
    dtype,
    threads,
    limits: limitBatches(device, options.batchInvariant),

    async run(batch) {
      const feeds: Record<string, Ort.Tensor> = {};
      for (const [name, data] of toInt64Inputs(batch, inputs)) {
        feeds[name] = new ort.Tensor('int64', data, [batch.rows, batch.length]);
      }
      const run = (): Promise<Ort.InferenceSession.ReturnType> => session.run(feeds);
      const outputs = await (gpu ? gpu.guard(run) : run());
      const logits = Object.values(outputs)[0];
      if (!logits) throw new RerankError('model-integrity', 'The model has no output.');
      return Float32Array.from(logits.data as ArrayLike<number>);
    },

    async dispose() {
      await session.release();
    },
  };
}

/** A binary that stops of itself says no more than "unreachable". */
function explainTrap(error: unknown): unknown {
  if (!(error instanceof WebAssembly.RuntimeError)) return error;
  return new Error(
    `onnxruntime stopped while it opened the model, for want of memory as a rule: ${error.message}`,
  );
}
