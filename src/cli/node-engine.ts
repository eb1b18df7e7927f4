import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createRerankerOver } from '../client/reranker.ts';
import { RerankError, describeError } from '../shared/errors.ts';
import type { Scorer } from '../shared/protocol.ts';
import type { Dtype, Reranker } from '../shared/types.ts';
import { chooseBackend, type Backend } from '../worker/backend/backend.ts';
import { openKernelsBackend } from '../worker/backend/kernels/open-kernels.ts';
import {
  loadRuntime,
  openOrtBackend,
  type OrtBackendOptions,
  type OrtModule,
} from '../worker/backend/ort.ts';
import { parseCalibration } from '../worker/model/calibration.ts';
import { parseManifest, type Manifest, type Variant } from '../worker/model/manifest.ts';
import { chooseVariants, createEngine, requireKnownAnswers } from '../worker/open-engine.ts';
import { createEncoder } from '../worker/pipeline/tokenize.ts';
import { readModelFile } from './hosted-file.ts';
import { importOptionalPackage, locateInPackage } from './package-files.ts';

/** An onnxruntime that works in Node. */
export interface NodeRuntime {
  /** `onnxruntime-node`: native code. `onnxruntime-web`: this package's WebAssembly, several times slower. */
  readonly name: 'onnxruntime-node' | 'onnxruntime-web';
  readonly version: string;
  /** Why it is not the native one. Absent where it is. */
  readonly fallbackReason?: string;
  readonly open: (variant: Variant, options: GraphOptions) => Promise<Backend>;
}

interface GraphOptions {
  readonly folder: string;
  /** The manifest's table, which says what is compressed. Absent: nothing is. */
  readonly files?: Manifest['files'] | undefined;
  readonly inputs: readonly string[];
  readonly threads: number;
}

export interface NodeEngineOptions {
  /** Path of a model folder, which holds `manifest.json`. */
  readonly folder: string;
  /** `auto` (default): the first that the manifest lists for `wasm`. */
  readonly dtype?: Dtype | 'auto' | undefined;
  /** Most tokens in a pair, a whole number of 16 or more. Default: the model's own limit. */
  readonly maxTokens?: number | undefined;
  /** Threads of the runtime, 1 or more. Default 1. */
  readonly threads?: number | undefined;
  /** Default: what {@link loadNodeRuntime} finds. */
  readonly runtime?: NodeRuntime | undefined;
}

/**
 * Finds an onnxruntime: `onnxruntime-node` where it is installed beside this package or in the project
 * of the working directory, else the WebAssembly build in this package.
 *
 * @param wanted Only this one. Default: the native one where there is one.
 * @throws RerankError `backend-unavailable` where the wanted one cannot be used, `model-load` where this
 * package was not built.
 */
export async function loadNodeRuntime(wanted?: NodeRuntime['name']): Promise<NodeRuntime> {
  if (wanted === 'onnxruntime-web') return loadWebAssembly();
  const native = await importOptionalPackage<OrtModule>('onnxruntime-node');
  if (native.found) return useNative(native.module, native.version);
  if (wanted !== undefined) throw new RerankError('backend-unavailable', `${native.reason}.`);
  return { ...(await loadWebAssembly()), fallbackReason: native.reason };
}

/**
 * Opens a model from a folder on disk: the same engine as in the browser, with the graph that WASM gets,
 * in Node. On the native runtime scores are the browser's to within the rounding of int8; times are not.
 *
 * Files are not compared with their SHA-256 in the manifest; the known answers are checked.
 *
 * @throws RerankError `model-load` where a file cannot be read, `model-integrity` for a manifest that
 * cannot be used, `invalid-input` for a dtype that the model has not, `backend-unavailable` where the
 * model misses its known answers.
 */
export async function openNodeEngine(options: NodeEngineOptions): Promise<Scorer> {
  const { folder, dtype = 'auto', maxTokens, threads = 1 } = options;
  const manifestPath = join(folder, 'manifest.json');
  const manifest = parseManifest(await readJson(manifestPath), manifestPath, basename(folder));
  const [tokenizer, config] = await Promise.all(
    [manifest.tokenizer.file, manifest.tokenizer.config].map((path) =>
      readJson(join(folder, path)),
    ),
  );
  const encoder = createEncoder(tokenizer as object, config as object);
  const calibration =
    manifest.calibration === undefined
      ? undefined
      : parseCalibration(
          await readModelFile(folder, manifest.calibration),
          join(folder, manifest.calibration),
        );
  const variants = chooseVariants(manifest, { device: 'wasm', dtype, engine: 'onnxruntime' });
  const runtime = options.runtime ?? (await loadNodeRuntime());
  const chosen = await chooseBackend(
    variants,
    (variant) =>
      runtime.open(variant, { folder, files: manifest.files, inputs: manifest.inputs, threads }),
    (candidate, variant) => requireKnownAnswers(candidate, variant, manifest, encoder),
  );
  return createEngine(chosen, { manifest, encoder, calibration, engine: 'onnxruntime', maxTokens });
}

/**
 * Opens a variant of the engine `kernels` in this thread, as a page opens it. For checks: natively, onnxruntime is several
 * times faster.
 *
 * @throws Error where its files cannot be used.
 */
export async function openNodeKernels(
  { graph, weights: [weights = ''] = [] }: Variant,
  { folder, files }: Pick<GraphOptions, 'folder' | 'files'>,
): Promise<Backend> {
  return openKernelsBackend({
    layout: await readModelFile(folder, graph, files?.[graph]),
    weights: await readModelFile(folder, weights, files?.[weights]),
    lanes: 1,
    maxStateBytes: 0,
  });
}

/** A reranker over {@link openNodeEngine}. */
export async function openNodeReranker(options: NodeEngineOptions): Promise<Reranker> {
  return createRerankerOver(await openNodeEngine(options));
}

function useNative(ort: OrtModule, version: string): NodeRuntime {
  return {
    name: 'onnxruntime-node',
    version,
    open: async (variant, options) => {
      const { device, dtype, graph, weights = [], batchInvariant } = variant;
      const { folder, files, inputs, threads } = options;
      const isCompressed = [graph, ...weights].some((path) => files?.[path]?.stored);
      return openOrtBackend(ort, {
        device,
        dtype,
        threads,
        batchInvariant,
        executionProvider: 'cpu',
        inputs,
        ...(isCompressed
          ? await readGraph(variant, options)
          : // By its path, from which the runtime finds the weights: it reads files of any size.
            { graph: join(folder, graph), weights: [] }),
      });
    },
  };
}

/** A graph and its weights in memory, the weights by the names that the graph has for them. */
async function readGraph(
  { graph, weights = [] }: Variant,
  { folder, files }: GraphOptions,
): Promise<Pick<OrtBackendOptions, 'graph' | 'weights'>> {
  return {
    graph: await readModelFile(folder, graph, files?.[graph]),
    weights: await Promise.all(
      weights.map(async (path) => ({
        path: basename(path),
        data: await readModelFile(folder, path, files?.[path]),
      })),
    ),
  };
}

/** The WebAssembly build starts its threads once in a process, with the first model. */
let webThreads: number | undefined;

async function loadWebAssembly(): Promise<NodeRuntime> {
  const locate = (file: string): string =>
    pathToFileURL(locateInPackage('dist', 'runtime', file)).href;
  const files = {
    api: locate('ort.wasm.js'),
    glue: locate('ort.wasm.glue.js'),
    binary: locate('ort.wasm.wasm'),
  };
  const { env } = await loadRuntime(files, 1);
  return {
    name: 'onnxruntime-web',
    version: env.versions.web ?? 'unknown',
    open: async (variant, options) => {
      const { device, dtype, batchInvariant } = variant;
      webThreads ??= options.threads;
      return openOrtBackend(await loadRuntime(files, webThreads), {
        device,
        dtype,
        threads: webThreads,
        batchInvariant,
        inputs: options.inputs,
        ...(await readGraph(variant, options)),
      });
    },
  };
}

async function readJson(path: string): Promise<unknown> {
  const bytes = await readModelFile(dirname(path), basename(path));
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch (error) {
    throw new RerankError('model-integrity', `${path} is no JSON: ${describeError(error)}.`, {
      path,
    });
  }
}
