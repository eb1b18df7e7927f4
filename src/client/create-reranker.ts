import { DEFAULT_MODEL, DEFAULT_MODEL_BASE_URL } from '../shared/defaults.ts';
import { toWorkerUrl } from '../shared/script-url.ts';
import type {
  Device,
  DownloadSize,
  Dtype,
  EngineName,
  LoadProgress,
  Reranker,
} from '../shared/types.ts';
import { locateRuntime, workerUrl } from './assets.ts';
import { CascadeScorer, type CascadeTier } from './cascade.ts';
import { invalidOption } from './invalid-option.ts';
import { openTogether } from './open-together.ts';
import { readIntegrity } from './read-integrity.ts';
import { RememberingScorer } from './remembering-scorer.ts';
import { readTiers, type RerankerTier } from './read-tiers.ts';
import { createRerankerOver } from './reranker.ts';
import { WorkerHandle, type WorkerHandleOptions } from './worker-handle.ts';

/** Everything has a default: `await createReranker()` loads the default model from `/models/`. */
export interface RerankerOptions {
  /** The model's folder name below `modelBaseUrl`. Default `minilm-l6-split`. */
  readonly model?: string | undefined;
  /**
   * Several models in place of `model`, the cheapest first: the first scores every document, each other one the `keep` best
   * of the one before it. The documents that got furthest stand first. A list, or a text such as
   * `minilm-l6-split:12:128 gte-small-split` (model, keep, maxTokens, lateInteraction). Each tier has a worker and a copy of its model.
   */
  readonly tiers?: string | readonly RerankerTier[] | undefined;
  /**
   * Only with `tiers`, and for requests with `topN`: the last tier reads no further when no document that it has not read
   * can be expected among the `topN` best, judged by how far the two last tiers differ on the documents that both have read.
   * The number is how many standard deviations of that difference a document is given the benefit of: greater reads more.
   * A positive number. Default: it reads all that it is given.
   */
  readonly stopSpreads?: number | undefined;
  /** The folder that holds model folders, relative to the page. Default `/models/`. */
  readonly modelBaseUrl?: string | undefined;
  /**
   * Pins the model: the hash of its `manifest.json` in the form of Subresource Integrity, as `npx rerank-results models check`
   * prints it. The manifest pins every other file. With `tiers` one hash for each, in their order, separated by spaces, unless
   * the tiers name their own. Default: the manifest is believed.
   */
  readonly integrity?: string | undefined;
  /** `auto` (default): WebGPU where a real GPU is there and computes right, else WASM. */
  readonly device?: Device | 'auto' | undefined;
  /** `auto` (default): the first that the model's manifest lists for the device. */
  readonly dtype?: Dtype | 'auto' | undefined;
  /**
   * Late interaction first: of all documents, the model reads only this many with all its layers, those whose tokens are most like the
   * query's after the lower layers, which read each text apart. For documents that were read before that costs next to nothing, so
   * it makes the second keystroke faster, not the first. Only with the engine `kernels`; on another, all are read. A whole number
   * of 1 or more. Default: all are read.
   */
  readonly lateInteraction?: number | undefined;
  /**
   * What runs the model. `auto` (default): `kernels` on WASM for a model that has them, else `onnxruntime`. On WebGPU `kernels` run only with `device: 'webgpu'` beside it.
   */
  readonly engine?: EngineName | 'auto' | undefined;
  /**
   * Most tokens in a pair, query included; longer documents are cut at their end. Cost grows with it.
   * A whole number of 16 or more. Default: the model's own limit, 512 for the shipped models.
   */
  readonly maxTokens?: number | undefined;
  /** The folder with the runtime's files, relative to the page. Default: where the package's are. */
  readonly wasmPaths?: string | undefined;
  /**
   * The worker script's URL, or a function that starts a new worker at each call: one for the model, and one for each of its threads.
   * Default: the package's own.
   */
  readonly worker?: string | URL | (() => Worker) | undefined;
  /** Ends the loading. */
  readonly signal?: AbortSignal | undefined;
  /** Called as the model's files arrive. */
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
}

/**
 * Starts a worker and loads a model into it; one for each of the `tiers`, at the same time.
 *
 * @throws RerankError with one of these codes. `invalid-input`: an option is wrong. `model-load`: a
 * file cannot be fetched. `model-integrity`: a file is not what the manifest promises.
 * `backend-unavailable`: no device gives right scores. `worker-failed`: the worker's script cannot run.
 * `aborted`: by `signal`.
 */
export async function createReranker(options: RerankerOptions = {}): Promise<Reranker> {
  const { signal, onProgress, stopSpreads } = options;
  const tiers = readEachTier(options);
  const openers = tiers.map(
    ({ handle }) =>
      (loading: Pick<WorkerHandleOptions, 'signal' | 'onProgress'>) =>
        WorkerHandle.open({ ...handle, ...loading }),
  );
  const scorers = await openTogether(openers, { signal, onProgress });
  const cascade = scorers.flatMap((scorer, index): CascadeTier[] => {
    const { keep = 0, lateInteraction } = tiers[index] ?? {};
    const tier = { scorer, keep };
    const comparesFirst = lateInteraction !== undefined && scorer.model.engine === 'kernels';
    return comparesFirst ? [{ scorer, keep: lateInteraction, kind: 'similarity' }, tier] : [tier];
  });
  const [only, ...others] = cascade;
  const scorer =
    only && others.length === 0 ? only.scorer : new CascadeScorer(cascade, { stopSpreads });
  return createRerankerOver(new RememberingScorer(scorer));
}

/**
 * Looks what {@link createReranker} with the same options would download, to ask a reader first. It fetches the worker
 * and the manifest of each model, and no other file.
 *
 * @throws RerankError as `createReranker`, where that is known beforehand.
 */
export async function measureDownload(options: RerankerOptions = {}): Promise<DownloadSize> {
  const { signal } = options;
  // A model in two tiers is one download. How many tokens it reads changes nothing in that.
  const handles = new Map(
    readEachTier(options).map(({ handle }) => [
      JSON.stringify({ ...handle.engine, maxTokens: undefined }),
      handle,
    ]),
  );
  const sizes = await Promise.all(
    [...handles.values()].map((handle) => WorkerHandle.measureDownload({ ...handle, signal })),
  );
  return sizes.reduce((sum, { totalBytes, missingBytes }) => ({
    totalBytes: sum.totalBytes + totalBytes,
    missingBytes: sum.missingBytes + missingBytes,
  }));
}

/** What to open: one model, or one for each tier. */
function readEachTier(options: RerankerOptions): {
  readonly keep: number;
  readonly lateInteraction?: number | undefined;
  readonly handle: HandleOptions;
}[] {
  const { tiers, stopSpreads, model, lateInteraction } = options;
  if (
    lateInteraction !== undefined &&
    !(Number.isInteger(lateInteraction) && lateInteraction >= 1)
  ) {
    throw invalidOption('lateInteraction', lateInteraction, 'a whole number of 1 or more');
  }
  if (stopSpreads !== undefined && (tiers === undefined || !(stopSpreads > 0))) {
    throw invalidOption('stopSpreads', stopSpreads, 'a positive number, beside tiers');
  }
  if (tiers === undefined) {
    const [integrity] = readIntegrity(options.integrity, [undefined]);
    return [{ keep: 0, lateInteraction, handle: readOptions({ ...options, integrity }) }];
  }
  if (lateInteraction !== undefined) {
    throw invalidOption(
      'lateInteraction',
      lateInteraction,
      'left out where there are tiers, which have their own',
    );
  }
  if (model !== undefined) {
    throw invalidOption('model', model, 'left out where there are tiers, which name their models');
  }
  const checked = readTiers(tiers);
  const hashes = readIntegrity(
    options.integrity,
    checked.map(({ integrity }) => integrity),
  );
  return checked.map(({ keep, ...tier }, index) => ({
    keep,
    lateInteraction: tier.lateInteraction,
    // What a tier leaves undefined must not hide the option for all.
    handle: readOptions({
      ...options,
      model: tier.model,
      integrity: hashes[index],
      device: tier.device ?? options.device,
      dtype: tier.dtype ?? options.dtype,
      engine: tier.engine ?? options.engine,
      maxTokens: tier.maxTokens ?? options.maxTokens,
    }),
  }));
}

/** What a worker and its model are opened with, whoever waits for it. */
type HandleOptions = Omit<WorkerHandleOptions, 'signal' | 'onProgress'>;

function readOptions(options: RerankerOptions): HandleOptions {
  const {
    model = DEFAULT_MODEL,
    modelBaseUrl = DEFAULT_MODEL_BASE_URL,
    device = 'auto',
    dtype = 'auto',
    engine = 'auto',
    maxTokens,
    integrity,
    wasmPaths,
    worker = workerUrl,
  } = options;
  requireOneOf('device', device, ['auto', 'webgpu', 'wasm']);
  requireOneOf('dtype', dtype, ['auto', 'fp32', 'fp16', 'q8', 'q4']);
  requireOneOf('engine', engine, ['auto', 'kernels', 'onnxruntime', 'transformers']);
  if (maxTokens !== undefined && !(Number.isInteger(maxTokens) && maxTokens >= 16)) {
    throw invalidOption('maxTokens', maxTokens, 'a whole number of 16 or more');
  }
  // A model's name becomes part of a URL; nothing in it may leave the models' folder.
  if (!/^\w[\w.-]*$/.test(model)) {
    throw invalidOption('model', model, 'a folder name of letters, digits, ".", "_" and "-"');
  }

  const spawn =
    typeof worker === 'function'
      ? worker
      : () => new Worker(toWorkerUrl(worker), { type: 'module' });
  return {
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
      ...(integrity !== undefined && { integrity }),
    },
  };
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
