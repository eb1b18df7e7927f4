import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../command.ts';
import { openFolderSource } from './folder-source.ts';
import type { HubAccess } from './hub-request.ts';
import { openHubSource, type Patience } from './hub-source.ts';
import { findPreset, type Preset } from './presets.ts';
import type { ModelSource } from './source.ts';

export const DEFAULT_HUB = 'https://huggingface.co';

/** Opens what a user named: a folder, a preset, or a hub id with or without `@revision`. */
export async function openSource(
  named: string,
  access: HubAccess,
  patience?: Patience,
): Promise<{ readonly source: ModelSource; readonly preset?: Preset | undefined }> {
  const path = named.replace(/^~(?=\/|$)/, homedir());
  if (/^(\.{0,2}\/|~|\.{1,2}$|[a-z]:[\\/])/i.test(named) || existsSync(join(path, 'config.json'))) {
    if (!existsSync(path)) throw new UsageError(`There is no folder ${path}.`);
    return { source: await openFolderSource(path) };
  }
  const [name = '', revision] = named.split(/@(.*)/);
  const preset = findPreset(name);
  const id = preset?.hubId ?? name;
  if (
    !/^[\w-][\w.-]*\/[\w-][\w.-]*$/.test(id) ||
    (revision !== undefined && !/^[\w][\w./-]*$/.test(revision))
  ) {
    throw new UsageError(
      `"${named}" is no folder, no preset and no hub id of the form owner/name[@revision]. Presets: npx rerank-results models list.`,
    );
  }
  const source = await openHubSource(id, revision ?? preset?.revision ?? 'main', access, patience);
  if (preset && source.revision === preset.revision) requirePinned(source, preset);
  return { source, preset };
}

/**
 * A hub's address without a slash at its end.
 *
 * @throws UsageError where it is no web address.
 */
export function parseHub(address: string): string {
  let url: URL | undefined;
  try {
    url = new URL(address);
  } catch {
    // Said below.
  }
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '') {
    throw new UsageError(`--hub must be a web address such as ${DEFAULT_HUB}, not "${address}".`);
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** A hub that states another file for a pinned commit is no mirror of the one that was pinned. */
function requirePinned({ files }: ModelSource, { wasmGraph, wasmSha256, name }: Preset): void {
  const stated = wasmGraph === undefined ? undefined : files.get(wasmGraph)?.sha256;
  if (wasmSha256 === undefined || stated === undefined || stated === wasmSha256) return;
  throw new Error(
    `The hub states the SHA-256 ${stated} for ${wasmGraph ?? ''}, but the preset ${name} is pinned to ${wasmSha256}. Nothing was fetched.`,
  );
}
