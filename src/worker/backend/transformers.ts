import { AutoModelForSequenceClassification, Tensor, env } from '@huggingface/transformers';
import type { RuntimeFiles } from '../../shared/protocol.ts';
import type { Device, Dtype } from '../../shared/types.ts';
import type { Backend } from './backend.ts';
import { GpuWatch } from './gpu-device.ts';
import { toInt64Inputs } from './inputs.ts';
import { limitBatches } from './limits.ts';

/** This module, which the worker imports by its URL and only where this engine is chosen. */
export interface TransformersModule {
  readonly openTransformersBackend: typeof openTransformersBackend;
}

export interface TransformersBackendOptions {
  readonly device: Device;
  readonly dtype: Dtype;
  readonly threads: number;
  /** Absolute URL of the model folder; ends in a slash. */
  readonly folderUrl: string;
  /** The graph's path in the folder, such as `onnx/model_quantized.onnx`. */
  readonly graph: string;
  readonly weights: readonly { readonly path: string; readonly data: Uint8Array }[];
  readonly inputs: readonly string[];
  readonly batchInvariant: boolean;
  readonly runtimeFiles: RuntimeFiles;
  /** Reads a file of the folder; transformers.js gets its files through it, so that they are verified. */
  readonly read: (path: string) => Promise<Uint8Array<ArrayBuffer>>;
}

/** The second engine: the same graph, opened and run by transformers.js. */
export async function openTransformersBackend(
  options: TransformersBackendOptions,
): Promise<Backend> {
  const { device, dtype, threads, inputs } = options;
  configure(options);

  const [, base = '', id = ''] = /^(.*\/)([^/]+)\/$/.exec(options.folderUrl) ?? [];
  env.localModelPath = base;
  const graphName =
    options.graph
      .split('/')
      .at(-1)
      ?.replace(/\.onnx$/, '') ?? '';
  const model = await AutoModelForSequenceClassification.from_pretrained(id, {
    device,
    // The graph's name says all; this dtype adds no suffix to it.
    dtype: 'fp32',
    model_file_name: graphName,
    subfolder: options.graph.split('/').slice(0, -1).join('/'),
    use_external_data_format: false,
    local_files_only: true,
    session_options: {
      externalData: [...options.weights],
      extra: { session: { disable_quant_qdq: '1' } },
    },
  });

  const gpu = device === 'webgpu' ? new GpuWatch(await requireOnnx('webgpu').device) : undefined;

  return {
    device,
    dtype,
    threads,
    limits: limitBatches(device, options.batchInvariant),

    async run(batch) {
      const tensors: Record<string, Tensor> = {};
      for (const [name, data] of toInt64Inputs(batch, inputs)) {
        tensors[name] = new Tensor('int64', data, [batch.rows, batch.length]);
      }
      const run = (): Promise<{ logits: Tensor }> => model(tensors) as Promise<{ logits: Tensor }>;
      const { logits } = await (gpu ? gpu.guard(run) : run());
      return Float32Array.from(logits.data as Iterable<number>);
    },

    async dispose() {
      await model.dispose();
    },
  };
}

function configure({ folderUrl, read, runtimeFiles, threads }: TransformersBackendOptions): void {
  env.allowLocalModels = true;
  env.allowRemoteModels = false;
  env.useBrowserCache = false;
  env.useWasmCache = false;
  env.fetch = async (input) => {
    const url = String(input);
    if (!url.startsWith(folderUrl)) return fetch(url);
    return new Response(await read(decodeURIComponent(url.slice(folderUrl.length))));
  };
  const wasm = requireOnnx('wasm');
  wasm.wasmPaths = { mjs: runtimeFiles.glue, wasm: runtimeFiles.binary };
  wasm.numThreads = threads;
}

/** The settings of the onnxruntime-web inside transformers.js, which it types as perhaps absent. */
function requireOnnx<TName extends 'wasm' | 'webgpu'>(
  name: TName,
): NonNullable<(typeof env.backends.onnx)[TName]> {
  const settings = env.backends.onnx[name];
  if (!settings) throw new Error(`transformers.js has no ${name} backend.`);
  return settings;
}
