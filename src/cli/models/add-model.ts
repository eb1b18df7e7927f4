import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toHostedFile, type FileFacts, type Manifest } from '../../worker/model/manifest.ts';
import { UsageError } from '../command.ts';
import { storeModelFile } from '../hosted-file.ts';
import { loadNodeRuntime, openNodeEngine } from '../node-engine.ts';
import {
  draftManifest,
  listVariants,
  writeManifest,
  type AddedManifest,
} from './build-manifest.ts';
import type { Dialogue } from './dialogue.ts';
import { describeModel, readProvenance, sumBytes } from './describe-model.ts';
import { fetchGraph, type FetchedGraph } from './fetch-graphs.ts';
import type { Patience } from './hub-source.ts';
import { inspectModel, type InspectedModel, type Wishes } from './inspect-model.ts';
import { measureModel, referenceFolder } from './measure-model.ts';
import { openSource, requirePinnedGraph } from './open-source.ts';
import { formatBytes } from './presets.ts';
import type { ModelSource } from './source.ts';

export interface AddOptions extends Wishes {
  /** A hub id with or without `@revision`, a preset's name, or a folder. */
  readonly model: string;
  readonly hub: string;
  readonly token?: string | undefined;
  /** The folder of model folders. */
  readonly to: string;
  /** The name of the new folder. Default: the preset's, else made of the model's. */
  readonly id?: string | undefined;
  readonly dryRun: boolean;
  /** Takes the place of a model of the same name. */
  readonly replace: boolean;
  /** Keeps a model whose scores look wrong. */
  readonly force: boolean;
  /** Computes the known answers with the chosen graphs, and does not fetch the fp32 one for them. */
  readonly skipFp32: boolean;
  readonly patience?: Patience | undefined;
}

/** Smaller files stay as they are: compressing them saves little. */
const LEAST_COMPRESSED_BYTES = 1e6;

/** An fp32 graph is fetched only for the known answers up to this size. */
const MOST_REFERENCE_BYTES = 600e6;

/**
 * Adds a model: looks whether it can work, fetches it, computes its known answers, writes its manifest,
 * and puts it in its place only when it was opened and gave the known answers.
 *
 * @returns The manifest, or undefined for a dry run and where the user did not agree.
 * @throws Error with the reason where the model cannot be used; what was downloaded stays for another try.
 */
export async function addModel(
  options: AddOptions,
  dialogue: Dialogue,
): Promise<AddedManifest | undefined> {
  const { hub, token, to, force } = options;
  const { source, preset } = await openSource(options.model, { hub, token }, options.patience);
  const id = options.id ?? preset?.name ?? source.shortName.toLowerCase();
  if (!/^[\w-][\w.-]*$/.test(id)) {
    throw new UsageError(`"${id}" cannot be a folder’s name in a URL: name it with --id.`);
  }
  const model = await inspectModel(source, options);
  const reference = chooseReference(model, options);
  const provenance = readProvenance(source, preset);
  for (const line of describeModel(source, model, provenance, reference)) dialogue.say(line);
  const target = join(to, id);
  if (!options.replace && (await readdir(target).catch(() => [])).length > 0) {
    throw new Error(`${target} is there already. Take another --id, or --replace it.`);
  }
  if (options.dryRun) {
    dialogue.say('Dry run: nothing was written, no weights were fetched.');
    return undefined;
  }
  const question = `Fetch ${formatBytes(sumBytes(model, reference))} to ${target}?`;
  if (source.revision !== undefined && !(await dialogue.confirm(question))) return undefined;

  const workshop = join(to, '.adding');
  const folder = join(workshop, id);
  await prepareFolder(folder, source);
  const files = await writeSmallFiles(source, model, folder);
  const onBytes = (file: string, bytes: number, totalBytes: number): void => {
    dialogue.progress(`${file} ${formatBytes(bytes)} of ${formatBytes(totalBytes)}`);
  };
  const fetched: FetchedGraph[] = [];
  for (const { path } of model.graphs) {
    const graph = await fetchGraph(source, path, folder, model, onBytes);
    requirePinnedGraph(graph, path, source, preset);
    fetched.push(graph);
  }
  const original = reference
    ? await fetchGraph(source, reference.path, referenceFolder(folder), model, onBytes)
    : undefined;
  if (reference && original) requirePinnedGraph(original, reference.path, source, preset);
  dialogue.progress('');

  const [first] = fetched;
  if (!first) throw new Error(`${source.name} has no graph.`);
  const draft = draftManifest(id, source, model, provenance, first);
  const runtime = await loadNodeRuntime();
  dialogue.say(
    `Computing known answers with ${runtime.name} ${runtime.version}${runtime.fallbackReason === undefined ? '' : ` (${runtime.fallbackReason})`} …`,
  );
  const measured = await measureModel({
    model,
    fetched,
    original,
    draft,
    runtime,
    folder,
    dialogue,
    force,
  });
  // Graphs may share their weights.
  const ofGraphs = Object.assign({}, ...fetched.map((graph) => graph.files)) as typeof files;
  Object.assign(files, await compressFiles(folder, ofGraphs));
  const manifest = await writeManifest(folder, draft, {
    files,
    variants: listVariants(measured.graphs),
    referencePairs: measured.referencePairs,
    referenceSource: measured.source,
  });
  if (manifest.variants.some(({ device }) => device === 'wasm')) {
    await (await openNodeEngine({ folder, runtime })).dispose();
  }
  await putInPlace(folder, target, manifest);
  await rm(referenceFolder(folder), { recursive: true, force: true });
  await rm(`${folder}.source`, { force: true });
  await rmdir(workshop).catch(() => undefined);
  return manifest;
}

/** The fp32 graph, where it is not among the chosen ones and worth its download. */
function chooseReference(
  { graphs, fp32 }: InspectedModel,
  { skipFp32 }: AddOptions,
): InspectedModel['fp32'] {
  const isChosen = graphs.some(({ dtype }) => dtype === 'fp32');
  return isChosen || skipFp32 || (fp32?.bytes ?? 0) > MOST_REFERENCE_BYTES ? undefined : fp32;
}

/** Keeps what an interrupted call fetched of the same source; anything else is removed. */
async function prepareFolder(folder: string, { address }: ModelSource): Promise<void> {
  const stamp = `${folder}.source`;
  if ((await readFile(stamp, 'utf8').catch(() => '')) !== address) {
    await rm(folder, { recursive: true, force: true });
    await rm(referenceFolder(folder), { recursive: true, force: true });
  }
  await mkdir(folder, { recursive: true });
  await writeFile(stamp, address);
}

async function writeSmallFiles(
  source: ModelSource,
  { smallFiles }: InspectedModel,
  folder: string,
): Promise<Record<string, FileFacts>> {
  const contents = new Map(smallFiles);
  // Most licences ask that their text goes with the files.
  for (const name of source.files.keys()) {
    if (/^(LICEN[CS]E|NOTICE)(\.(txt|md))?$/i.test(name)) {
      contents.set(name, await source.readSmall(name));
    }
  }
  const files: Record<string, FileFacts> = {};
  for (const [name, bytes] of contents) {
    await writeFile(join(folder, name), bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (bytes.length > 0) files[name] = { bytes: bytes.length, sha256 };
  }
  return files;
}

/** Compresses graphs and weights for their way to the reader, because hosts do not. */
async function compressFiles(
  folder: string,
  files: FetchedGraph['files'],
): Promise<FetchedGraph['files']> {
  const compressed: Record<string, FileFacts> = {};
  for (const [path, facts] of Object.entries(files)) {
    const stored =
      facts.bytes < LEAST_COMPRESSED_BYTES ? undefined : await storeModelFile(folder, path);
    compressed[path] = stored ? { ...facts, stored } : facts;
  }
  return compressed;
}

/** Moves the finished folder, with only the files of its manifest, to where pages look for it. */
async function putInPlace(folder: string, target: string, manifest: Manifest): Promise<void> {
  const hosted = Object.entries(manifest.files).map(([path, facts]) => toHostedFile(path, facts));
  const kept = new Set([...hosted.map(({ path }) => path), 'manifest.json']);
  for (const path of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!path.isFile()) continue;
    const full = join(path.parentPath, path.name);
    const name = full.slice(folder.length + 1).replaceAll('\\', '/');
    if (!kept.has(name)) await rm(full);
  }
  const old = `${folder}.old`;
  await rm(old, { recursive: true, force: true });
  await rename(target, old).catch((error: unknown) => {
    if (Reflect.get(error as object, 'code') !== 'ENOENT') throw error;
  });
  await rename(folder, target);
  await rm(old, { recursive: true, force: true });
}
