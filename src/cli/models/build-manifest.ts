import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dtype } from '../../shared/types.ts';
import {
  MANIFEST_FORMAT,
  parseManifest,
  type FileFacts,
  type Manifest,
  type ReferencePair,
  type Variant,
} from '../../worker/model/manifest.ts';
import type { Provenance } from './describe-model.ts';
import type { FetchedGraph } from './fetch-graphs.ts';
import type { InspectedModel } from './inspect-model.ts';
import { computeRevision } from '../model-revision.ts';
import { UNKNOWN_LICENCE } from './licence.ts';
import type { PlannedGraph } from './plan-graphs.ts';
import type { ModelSource } from './source.ts';

/** Which graph the known answers were computed with. */
export interface ReferenceSource {
  readonly graph: string;
  readonly dtype: Dtype;
  readonly sha256: string;
  /** The runtime and its version. */
  readonly runtime: string;
}

/** A manifest as `models add` writes it, with what only people and this command read. */
export interface AddedManifest extends Manifest {
  readonly referenceSource: ReferenceSource;
}

/** What of the manifest is known before anything is measured. */
export function draftManifest(
  id: string,
  source: ModelSource,
  model: InspectedModel,
  { licence, languages }: Provenance,
  { facts, head }: FetchedGraph,
): Manifest {
  const { start, between, end } = model.template;
  return {
    formatVersion: MANIFEST_FORMAT,
    id,
    revision: '',
    title: source.name,
    licence,
    origin: [
      { name: source.name, licence, ...{ source: source.address } },
      // Their own licences were not looked up.
      ...source.card.baseModels.map((name) => ({ name, licence: UNKNOWN_LICENCE })),
    ],
    languages,
    architecture: model.family.name,
    maxTokens: model.limit.tokens,
    head,
    pair: { start, between, end, padTokenId: model.padTokenId },
    inputs: facts.inputs,
    tokenizer: { file: 'tokenizer.json', config: 'tokenizer_config.json' },
    files: {},
    variants: [],
    referencePairs: [],
  };
}

/** A graph of the model, what it may differ from the known answers, and where it runs. */
export interface MeasuredGraph {
  readonly planned: PlannedGraph;
  readonly fetched: FetchedGraph;
  readonly tolerance: number;
  readonly batchInvariant: boolean;
}

/** The variants of the manifest: for each device, in the order in which they are tried. */
export function listVariants(graphs: readonly MeasuredGraph[]): Variant[] {
  return (['wasm', 'webgpu'] as const).flatMap((device) =>
    graphs
      .filter(({ planned }) => planned.devices.includes(device))
      .map(({ planned, fetched, tolerance, batchInvariant }) => ({
        dtype: planned.dtype,
        device,
        graph: fetched.graph,
        weights: fetched.weights,
        tolerance,
        batchInvariant,
      })),
  );
}

/** Completes the manifest, checks it as a page would, and writes it. */
export async function writeManifest(
  folder: string,
  draft: Manifest,
  parts: {
    readonly files: Readonly<Record<string, FileFacts>>;
    readonly variants: readonly Variant[];
    readonly referencePairs: readonly ReferencePair[];
    readonly referenceSource: ReferenceSource;
  },
): Promise<AddedManifest> {
  const files = Object.fromEntries(
    Object.entries(parts.files).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
  const { referencePairs, variants, referenceSource } = parts;
  const manifest: AddedManifest = {
    ...draft,
    revision: computeRevision(files),
    files,
    variants,
    referencePairs,
    referenceSource,
  };
  const path = join(folder, 'manifest.json');
  parseManifest(manifest, path, draft.id);
  await writeFile(path, `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}
