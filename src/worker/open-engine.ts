import { RerankError, describeError } from '../shared/errors.ts';
import type { Calibration } from '../shared/calibration.ts';
import type { EngineOptions, Scorer, StartLane } from '../shared/protocol.ts';
import type { Device, EngineName, LoadProgress, ModelInfo } from '../shared/types.ts';
import {
  chooseBackend,
  chooseFasterBackend,
  hasIntegerProducts,
  requireWebGpu,
  type Backend,
  type ChosenBackend,
} from './backend/backend.ts';
import { openGpuKernelsBackend } from './backend/gpu-kernels/open-gpu-kernels.ts';
import { importModule } from './backend/import-module.ts';
import { countLanes, openKernelsBackend } from './backend/kernels/open-kernels.ts';
import { DeviceRefusal } from './backend/passed-over.ts';
import { requireWasm } from './backend/require-wasm.ts';
import { chooseRuntimeBuild, countThreads, loadRuntime, openOrtBackend } from './backend/ort.ts';
import { findRuntimeFault } from './backend/runtime-fault.ts';
import type { TransformersModule } from './backend/transformers.ts';
import { Engine } from './engine.ts';
import { PassageScorer } from './passage-scorer.ts';
import { parseCalibration } from './model/calibration.ts';
import { openModelFolder, type ModelFolder } from './model/model-folder.ts';
import { rememberDevice } from './model/device-memory.ts';
import { sumHostedBytes, type Manifest, type Variant } from './model/manifest.ts';
import { createEncoder, type Encoder } from './pipeline/tokenize.ts';
import { scorePairs } from './score-pairs.ts';
import { measureMsPerPair } from './speed-trial.ts';

/** Memory for the states of texts that were read: about 650 documents of 128 tokens for the shipped models. */
const MAX_STATE_BYTES = 64 * 1024 * 1024;

/**
 * Opens a model in this thread: fetches it, chooses a device, and checks its known answers.
 *
 * @param startLane For threads beside this one. Without it there are none, but for onnxruntime's own.
 */
export async function openEngine(
  options: EngineOptions,
  onProgress?: (progress: LoadProgress) => void,
  startLane?: StartLane,
): Promise<Scorer> {
  // Before anything is downloaded.
  requireWasm();
  const folderUrl = locateFolder(options);
  const { model, integrity } = options;
  const folder = await openModelFolder(folderUrl, model, { integrity, onProgress });
  const { manifest } = folder;
  const variants = chooseVariants(manifest, options);
  const [first] = variants;
  if (first) folder.expect(listFiles(manifest, first));
  const encoderReady = openEncoder(folder);
  // The backend opens beside it; a failure is thrown where it is awaited.
  encoderReady.catch(() => undefined);

  const open = (variant: Variant): Promise<Backend> => {
    folder.expect(listFiles(manifest, variant));
    return openBackend(variant, folder, folderUrl, options, startLane);
  };
  const verify = async (candidate: Backend, variant: Variant): Promise<void> => {
    await requireKnownAnswers(candidate, variant, manifest, await encoderReady);
  };
  const chosen = mayMeasure(variants)
    ? await chooseFasterBackend(
        variants,
        open,
        verify,
        async (backend) => measureMsPerPair(manifest, await encoderReady, backend),
        rememberDevice(folderUrl, manifest, options),
      )
    : await chooseBackend(variants, open, verify);
  return createEngine(chosen, {
    manifest,
    encoder: await encoderReady,
    calibration: await readCalibration(folder, folderUrl),
    engine: options.engine,
    maxTokens: options.maxTokens,
  });
}

/**
 * Whether a trial between GPU and WASM is worth it: only the kernels may win, and only where both read the same weights, so
 * that nobody downloads a second model for it.
 */
function mayMeasure(variants: readonly Variant[]): boolean {
  const kernels = variants.find(({ engine }) => engine === 'kernels');
  const onGpu = variants.find(({ device }) => device === 'webgpu');
  return (
    kernels !== undefined &&
    onGpu !== undefined &&
    JSON.stringify(kernels.weights) === JSON.stringify(onGpu.weights)
  );
}

/** The engine over a backend that was chosen. */
export function createEngine(
  { backend, choice, ...fallback }: ChosenBackend<Variant>,
  parts: {
    readonly manifest: Manifest;
    readonly encoder: Encoder;
    readonly calibration?: Calibration | undefined;
    readonly engine: EngineOptions['engine'];
    readonly maxTokens: number | undefined;
  },
): Scorer {
  const { manifest, encoder, calibration } = parts;
  const maxTokens = Math.min(parts.maxTokens ?? manifest.maxTokens, manifest.maxTokens);
  const model: ModelInfo = {
    id: manifest.id,
    revision: manifest.revision,
    engine: engineOf(choice, parts.engine),
    device: backend.device,
    dtype: backend.dtype,
    threads: backend.threads,
    maxTokens,
    totalBytes: sumHostedBytes(manifest.files, listFiles(manifest, choice)),
    calibrated: calibration !== undefined,
    ...(calibration && { calibration }),
    ...fallback,
  };
  return new PassageScorer(new Engine(model, { manifest, encoder, backend, maxTokens }));
}

/** The manifest's variants that the options allow: WebGPU first, and in the manifest's order. */
export function chooseVariants(
  manifest: Manifest,
  {
    device,
    dtype,
    engine = 'auto',
  }: Pick<EngineOptions, 'device' | 'dtype'> & Partial<Pick<EngineOptions, 'engine'>>,
): Variant[] {
  const devices: readonly Device[] = device === 'auto' ? ['webgpu', 'wasm'] : [device];
  const variants = devices.flatMap((name) =>
    manifest.variants.filter(
      (variant) =>
        variant.device === name &&
        (dtype === 'auto' || variant.dtype === dtype) &&
        (engine === 'auto' || engineOf(variant, engine) === engine) &&
        // Until they are measured on GPUs, their kernels run only where a site names both.
        (variant.engine !== 'kernels' ||
          name === 'wasm' ||
          (engine === 'kernels' && device === 'webgpu')),
    ),
  );
  if (variants.length > 0) return variants;
  const offered = manifest.variants.map((variant) =>
    [variant.device, variant.dtype, variant.engine].filter(Boolean).join(' '),
  );
  throw new RerankError(
    'invalid-input',
    `The model ${manifest.id} has nothing for device "${device}" with dtype "${dtype}" and engine "${engine}". It has: ${offered.join(', ')}.`,
    { device, dtype, engine },
  );
}

/** The engine that runs a variant, where `wanted` may choose. */
function engineOf(variant: Variant, wanted: EngineOptions['engine']): EngineName {
  if (variant.engine) return variant.engine;
  return wanted === 'transformers' ? 'transformers' : 'onnxruntime';
}

async function openEncoder(folder: ModelFolder): Promise<Encoder> {
  const { file, config } = folder.manifest.tokenizer;
  const [tokenizer, tokenizerConfig] = await Promise.all([folder.read(file), folder.read(config)]);
  const parse = (bytes: Uint8Array): object =>
    JSON.parse(new TextDecoder().decode(bytes)) as object;
  try {
    return createEncoder(parse(tokenizer), parse(tokenizerConfig));
  } catch (error) {
    throw new RerankError(
      'model-integrity',
      `The tokenizer of ${folder.manifest.id} cannot be used: ${describeError(error)}.`,
      { file },
    );
  }
}

async function readCalibration(
  folder: ModelFolder,
  folderUrl: string,
): Promise<Calibration | undefined> {
  const { calibration: path } = folder.manifest;
  if (path === undefined) return undefined;
  return parseCalibration(await folder.read(path), new URL(path, folderUrl).href);
}

async function openBackend(
  variant: Variant,
  folder: ModelFolder,
  folderUrl: string,
  options: EngineOptions,
  startLane: StartLane | undefined,
): Promise<Backend> {
  const { device, dtype, batchInvariant } = variant;
  const { runtimeUrls } = options;
  const adapter =
    device === 'webgpu' ? await requireWebGpu(dtype, options.device === 'webgpu') : undefined;
  if (variant.engine === 'kernels') {
    const [layout, [weights]] = await Promise.all([
      folder.read(variant.graph),
      readWeights(variant, folder),
    ]);
    const model = { layout, weights: weights?.data ?? new Uint8Array() };
    if (adapter) {
      return openGpuKernelsBackend(adapter, {
        ...model,
        hasIntegerProducts: hasIntegerProducts(),
      });
    }
    return openKernelsBackend({
      ...model,
      lanes: countLanes(),
      startLane,
      maxStateBytes: MAX_STATE_BYTES,
    });
  }
  const threads = device === 'wasm' ? countThreads() : 1;
  const { inputs } = folder.manifest;

  if (options.engine === 'transformers') {
    const { openTransformersBackend } = await importModule<TransformersModule>(
      runtimeUrls.transformers,
    );
    return openTransformersBackend({
      device,
      dtype,
      threads,
      inputs,
      batchInvariant,
      folderUrl,
      graph: variant.graph,
      weights: await readWeights(variant, folder),
      runtimeFiles: runtimeUrls.asyncify,
      read: (path) => folder.read(path),
    });
  }

  const runtimeFiles = runtimeUrls[chooseRuntimeBuild(device)];
  const [ort, graph, weights] = await Promise.all([
    loadRuntime(runtimeFiles, threads),
    folder.read(variant.graph),
    readWeights(variant, folder),
  ]);
  try {
    return await openOrtBackend(ort, {
      device,
      dtype,
      threads,
      inputs,
      graph,
      weights,
      batchInvariant,
    });
  } catch (error) {
    throw (await findRuntimeFault(runtimeFiles)) ?? error;
  }
}

/** Weight files as a graph names them: without a folder. */
function readWeights(
  { weights = [] }: Variant,
  folder: ModelFolder,
): Promise<{ path: string; data: Uint8Array }[]> {
  return Promise.all(
    weights.map(async (path) => ({
      path: path.split('/').at(-1) ?? path,
      data: await folder.read(path),
    })),
  );
}

/** Trusts no device before it has shown the original's numbers. */
export async function requireKnownAnswers(
  backend: Backend,
  { tolerance }: Variant,
  manifest: Manifest,
  encoder: Encoder,
): Promise<void> {
  const { maxTokens, referencePairs } = manifest;
  const logits = await scorePairs(referencePairs, { manifest, encoder, backend, maxTokens });
  for (const [index, { logit: expected }] of referencePairs.entries()) {
    const logit = logits[index] ?? Number.NaN;
    // Written so that NaN fails too.
    if (!(Math.abs(logit - expected) <= tolerance)) {
      throw new DeviceRefusal(
        'wrong-scores',
        `wrong scores: ${logit.toFixed(3)} instead of ${expected.toFixed(3)} ± ${tolerance} for a known pair`,
      );
    }
  }
}

/** Absolute URL of the folder of the options' model; ends in a slash. */
export function locateFolder({
  model,
  modelBaseUrl,
}: Pick<EngineOptions, 'model' | 'modelBaseUrl'>): string {
  return new URL(`${encodeURIComponent(model)}/`, modelBaseUrl).href;
}

/** Paths of the files that a variant needs, each once. */
export function listFiles(
  { tokenizer, calibration }: Manifest,
  { graph, weights = [] }: Variant,
): string[] {
  const calibrations = calibration === undefined ? [] : [calibration];
  return [...new Set([tokenizer.file, tokenizer.config, ...calibrations, graph, ...weights])];
}
