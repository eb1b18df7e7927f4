import { AutoModelForSequenceClassification, Tensor, env } from '@huggingface/transformers';
import type { RuntimeFiles } from '../../shared/protocol.ts';
import type { Device, Dtype } from '../../shared/types.ts';
import type { Backend, Batch } from './backend.ts';

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

  return {
    device,
    dtype,
    threads,
    limits:
      device === 'webgpu'
        ? { maxPairs: 32, maxTokens: 2048, lengthMultiple: 8 }
        : { maxPairs: 1, maxTokens: Number.POSITIVE_INFINITY, lengthMultiple: 1 },

    async run(batch) {
      const { logits } = (await model(toTensors(batch, inputs))) as { logits: Tensor };
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
  const { wasm } = env.backends.onnx;
  if (!wasm) throw new Error('transformers.js has no WASM backend.');
  wasm.wasmPaths = { mjs: runtimeFiles.glue, wasm: runtimeFiles.binary };
  wasm.numThreads = threads;
}

function toTensors(
  { rows, length, inputIds, attentionMask, tokenTypeIds }: Batch,
  inputs: readonly string[],
): Record<string, Tensor> {
  const values: Record<string, Int32Array | Uint8Array> = {
    input_ids: inputIds,
    attention_mask: attentionMask,
    token_type_ids: tokenTypeIds,
  };
  return Object.fromEntries(
    inputs.map((name) => [
      name,
      new Tensor('int64', BigInt64Array.from(values[name] ?? [], BigInt), [rows, length]),
    ]),
  );
}
