import { DEFAULT_MODEL, DEFAULT_MODEL_BASE_URL } from '../shared/defaults.ts';
import { RerankError } from '../shared/errors.ts';
import type { Device, Dtype, EngineName, LoadProgress, Reranker } from '../shared/types.ts';
import { locateRuntime, workerUrl } from './assets.ts';
import { createRerankerOver } from './reranker.ts';
import { WorkerHandle } from './worker-handle.ts';

/** Everything has a default: `await createReranker()` loads the default model from `/models/`. */
export interface RerankerOptions {
  /** The model's folder name below `modelBaseUrl`. Default `minilm-l6-split`. */
  readonly model?: string | undefined;
  /** The folder that holds model folders, relative to the page. Default `/models/`. */
  readonly modelBaseUrl?: string | undefined;
  /** `auto` (default): WebGPU where a real GPU is there and computes right, else WASM. */
  readonly device?: Device | 'auto' | undefined;
  /** `auto` (default): the first that the model's manifest lists for the device. */
  readonly dtype?: Dtype | 'auto' | undefined;
  /** Which library runs the graph. `transformers` is there to compare with. Default `onnxruntime`. */
  readonly engine?: EngineName | undefined;
  /**
   * Most tokens in a pair, query included; longer documents are cut at their end. Cost grows with it.
   * A whole number of 16 or more. Default: the model's own limit, 512 for the shipped models.
   */
  readonly maxTokens?: number | undefined;
  /** The folder with the runtime's files, relative to the page. Default: where the package's are. */
  readonly wasmPaths?: string | undefined;
  /** The worker script's URL, or a function that starts it. Default: the package's own. */
  readonly worker?: string | URL | (() => Worker) | undefined;
  /** Ends the loading. */
  readonly signal?: AbortSignal | undefined;
  /** Called as the model's files arrive. */
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
}

/**
 * Starts a worker and loads a model into it.
 *
 * @throws RerankError with one of these codes. `invalid-input`: an option is wrong. `model-load`: a
 * file cannot be fetched. `model-integrity`: a file is not what the manifest promises.
 * `backend-unavailable`: no device gives right scores. `worker-failed`: the worker's script cannot run.
 * `aborted`: by `signal`.
 */
export async function createReranker(options: RerankerOptions = {}): Promise<Reranker> {
  const {
    model = DEFAULT_MODEL,
    modelBaseUrl = DEFAULT_MODEL_BASE_URL,
    device = 'auto',
    dtype = 'auto',
    engine = 'onnxruntime',
    maxTokens,
    wasmPaths,
    worker = workerUrl,
    signal,
    onProgress,
  } = options;
  requireOneOf('device', device, ['auto', 'webgpu', 'wasm']);
  requireOneOf('dtype', dtype, ['auto', 'fp32', 'fp16', 'q8', 'q4']);
  requireOneOf('engine', engine, ['onnxruntime', 'transformers']);
  if (maxTokens !== undefined && !(Number.isInteger(maxTokens) && maxTokens >= 16)) {
    throw invalidOption('maxTokens', maxTokens, 'a whole number of 16 or more');
  }
  // A model's name becomes part of a URL; nothing in it may leave the models' folder.
  if (!/^[\w][\w.-]*$/.test(model)) {
    throw invalidOption('model', model, 'a folder name of letters, digits, ".", "_" and "-"');
  }

  const spawn =
    typeof worker === 'function' ? worker : () => new Worker(worker, { type: 'module' });
  const handle = await WorkerHandle.open({
    spawn,
    engine: {
      model,
      modelBaseUrl: toFolderUrl('modelBaseUrl', modelBaseUrl),
      engine,
      device,
      dtype,
      runtimeUrls: locateRuntime(
        wasmPaths === undefined ? undefined : toFolderUrl('wasmPaths', wasmPaths),
      ),
      ...(maxTokens !== undefined && { maxTokens }),
    },
    signal,
    onProgress,
  });
  return createRerankerOver(handle);
}

/** Absolute, and with a slash at its end. */
function toFolderUrl(name: string, value: string): string {
  try {
    return new URL(value.replace(/\/?$/, '/'), document.baseURI).href;
  } catch {
    throw invalidOption(name, value, 'the URL of a folder');
  }
}

function requireOneOf(name: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value)) throw invalidOption(name, value, `one of ${allowed.join(', ')}`);
}

function invalidOption(name: string, value: unknown, expected: string): RerankError {
  return new RerankError(
    'invalid-input',
    `The option ${name} must be ${expected}, but is ${JSON.stringify(value)}.`,
    { argument: name },
  );
}
