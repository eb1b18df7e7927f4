import { readFile, readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { parseManifest, type Manifest } from '../../worker/model/manifest.ts';
import { digestFile } from './download-file.ts';
import { parseObject } from './json.ts';

/**
 * The manifest of a model folder.
 *
 * @throws Error where it is missing or cannot be used.
 */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, 'manifest.json');
  const text = await readFile(path, 'utf8').catch(() => {
    throw new Error(`${folder} is no model folder: it has no manifest.json that can be read.`);
  });
  return parseManifest(parseObject(text, path), path, basename(resolve(folder)));
}

/** What differs between a folder's files and its manifest, one sentence each; empty where nothing does. */
export async function compareFiles(folder: string, manifest: Manifest): Promise<string[]> {
  const faults: string[] = [];
  for (const [path, facts] of Object.entries(manifest.files)) {
    const size = (await stat(join(folder, path)).catch(() => undefined))?.size;
    if (size === undefined) faults.push(`${path} is missing.`);
    else if (size !== facts.bytes) faults.push(`${path} has ${size} bytes, not ${facts.bytes}.`);
    else if ((await digestFile(join(folder, path))) !== facts.sha256) {
      faults.push(`${path} has another SHA-256 than the manifest says.`);
    }
  }
  return faults;
}

/** Names of the model folders in a folder: those with a manifest. Empty where there is no such folder. */
export async function listModelFolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name, 'manifest.json');
    if ((await stat(path).catch(() => undefined))?.isFile()) names.push(entry.name);
  }
  return names.toSorted();
}
