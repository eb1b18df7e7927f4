import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { createRerankerOver } from '../src/client/reranker.ts';
import type { Dtype, Reranker } from '../src/shared/types.ts';
import { chooseBackend } from '../src/worker/backend/backend.ts';
import { openOrtBackend } from '../src/worker/backend/ort.ts';
import type { Engine } from '../src/worker/engine.ts';
import { parseManifest } from '../src/worker/model/manifest.ts';
import { chooseVariants, createEngine, requireKnownAnswers } from '../src/worker/open-engine.ts';
import { createEncoder } from '../src/worker/pipeline/tokenize.ts';

export interface NodeEngineOptions {
  /** Path of a model folder, which holds `manifest.json`. */
  readonly folder: string;
  /** `auto` (default): the first that the manifest lists for `wasm`. */
  readonly dtype?: Dtype | 'auto' | undefined;
  /** Most tokens in a pair, a whole number of 16 or more. Default: the model's own limit. */
  readonly maxTokens?: number | undefined;
  /** Threads of the native runtime, 1 or more. Default 1. */
  readonly threads?: number | undefined;
}

/**
 * Opens a model from a folder on disk: the same engine as in the browser, with the graph that WASM gets,
 * on the native CPU runtime. Scores are the browser's to within the rounding of int8; times are not.
 *
 * Files are not compared with their SHA-256 in the manifest; the known answers are checked.
 *
 * @throws RerankError `model-integrity` for a manifest that cannot be used, `invalid-input` for a dtype
 * that the model has not, `backend-unavailable` where the model misses its known answers.
 */
export async function openNodeEngine({
  folder,
  dtype = 'auto',
  maxTokens,
  threads = 1,
}: NodeEngineOptions): Promise<Engine> {
  const readJson = async (path: string): Promise<unknown> =>
    JSON.parse(await readFile(join(folder, path), 'utf8')) as unknown;
  const manifest = parseManifest(
    await readJson('manifest.json'),
    join(folder, 'manifest.json'),
    basename(folder),
  );
  const [tokenizer, config] = await Promise.all(
    [manifest.tokenizer.file, manifest.tokenizer.config].map(readJson),
  );
  const encoder = createEncoder(tokenizer as object, config as object);

  const chosen = await chooseBackend(
    chooseVariants(manifest, { device: 'wasm', dtype }),
    ({ device, dtype: stored, graph, batchInvariant }) =>
      openOrtBackend(ort, {
        device,
        dtype: stored,
        threads,
        batchInvariant,
        executionProvider: 'cpu',
        inputs: manifest.inputs,
        // By its path, from which the runtime finds the weights.
        graph: join(folder, graph),
        weights: [],
      }),
    (candidate, variant) => requireKnownAnswers(candidate, variant, manifest, encoder),
  );
  return createEngine(chosen, { manifest, encoder, engine: 'onnxruntime', maxTokens });
}

/** A reranker over {@link openNodeEngine}. */
export async function openNodeReranker(options: NodeEngineOptions): Promise<Reranker> {
  return createRerankerOver(await openNodeEngine(options));
}
