import { join } from 'node:path';
import { describeError } from '../../shared/errors.ts';
import { requireKnownAnswers } from '../../worker/open-engine.ts';
import { createEncoder } from '../../worker/pipeline/tokenize.ts';
import { readFile } from 'node:fs/promises';
import { loadNodeRuntime, openNodeKernels } from '../node-engine.ts';
import { parseObject } from './json.ts';
import { compareFiles, readManifest } from './model-files.ts';

/** What a check found. */
export interface CheckedModel {
  readonly id: string;
  /** One sentence each; empty where the model is as its manifest says. */
  readonly faults: readonly string[];
  /** What was found right, for people. */
  readonly passed: readonly string[];
}

/**
 * Compares a model folder with its manifest: sizes and SHA-256 of every file, and the known answers of
 * every graph on this machine's CPU.
 *
 * @throws Error where there is no usable manifest.
 */
export async function checkModel(folder: string): Promise<CheckedModel> {
  const manifest = await readManifest(folder);
  const faults = await compareFiles(folder, manifest);
  const passed: string[] = [];
  // A file that is not the right one would only fail in stranger ways.
  if (faults.length > 0) return { id: manifest.id, faults, passed };
  passed.push(`${Object.keys(manifest.files).length} files have the right size and SHA-256`);

  const read = async (path: string): Promise<object> =>
    parseObject(await readFile(join(folder, path), 'utf8'), path);
  const { file, config } = manifest.tokenizer;
  const encoder = createEncoder(await read(file), await read(config));
  const runtime = await loadNodeRuntime();
  const graphs = new Map(manifest.variants.map((variant) => [variant.graph, variant]));
  for (const variant of graphs.values()) {
    try {
      const options = { folder, files: manifest.files, inputs: manifest.inputs, threads: 1 };
      const backend =
        variant.engine === 'kernels'
          ? await openNodeKernels(variant, options)
          : await runtime.open({ ...variant, device: 'wasm' }, options);
      try {
        await requireKnownAnswers(backend, variant, manifest, encoder);
      } finally {
        await backend.dispose();
      }
      passed.push(`${variant.graph} gives the known answers ± ${variant.tolerance}`);
    } catch (error) {
      faults.push(`${variant.graph}: ${describeError(error)}.`);
    }
  }
  return { id: manifest.id, faults, passed };
}
