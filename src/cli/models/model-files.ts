import { createHash } from 'node:crypto';
import { readFile, readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { describeError } from '../../shared/errors.ts';
import {
  parseManifest,
  toHostedFile,
  type FileFacts,
  type Manifest,
} from '../../worker/model/manifest.ts';
import { readModelFile } from '../hosted-file.ts';
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
  for (const [name, facts] of Object.entries(manifest.files)) {
    const { path, bytes, sha256 } = toHostedFile(name, facts);
    const size = (await stat(join(folder, path)).catch(() => undefined))?.size;
    const fault =
      size === undefined
        ? `${path} is missing.`
        : size !== bytes
          ? `${path} has ${size} bytes, not ${bytes}.`
          : (await digestFile(join(folder, path))) !== sha256
            ? `${path} has another SHA-256 than the manifest says.`
            : await findContentFault(folder, name, facts);
    if (fault !== undefined) faults.push(fault);
  }
  return faults;
}

/** What is wrong with what a compressed file decompresses to; undefined where nothing is compressed or wrong. */
async function findContentFault(
  folder: string,
  path: string,
  facts: FileFacts,
): Promise<string | undefined> {
  if (!facts.stored) return undefined;
  try {
    const contents = await readModelFile(folder, path, facts);
    const sha256 = createHash('sha256').update(contents).digest('hex');
    if (sha256 === facts.sha256) return undefined;
  } catch (error) {
    return describeError(error);
  }
  return `${facts.stored.path} decompresses to another SHA-256 than the manifest says.`;
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
