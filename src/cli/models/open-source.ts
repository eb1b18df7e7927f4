import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../command.ts';
import type { FetchedGraph } from './fetch-graphs.ts';
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
    (revision !== undefined && !/^\w[\w./-]*$/.test(revision))
  ) {
    throw new UsageError(
      `"${named}" is no folder, no preset and no hub id of the form owner/name[@revision]. Presets: npx rerank-results models list.`,
    );
  }
  const source = await openHubSource(id, revision ?? preset?.revision ?? 'main', access, patience);
  requirePinned(source, preset);
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
  return `${url.origin}${url.pathname.replace(/(?<!\/)\/+$/, '')}`;
}

/**
 * Compares a fetched graph with the preset's pin, where it is the pinned file at the pinned commit: the hub
 * need not have stated its SHA-256.
 *
 * @throws Error naming both SHA-256.
 */
export function requirePinnedGraph(
  { graph, files }: FetchedGraph,
  path: string,
  source: ModelSource,
  preset: Preset | undefined,
): void {
  const pin = findPin(source, preset);
  const sha256 = files[graph]?.sha256;
  if (pin?.sha256 === undefined || path !== pin.path || sha256 === pin.sha256) return;
  throw new Error(
    `${path} has the SHA-256 ${sha256 ?? ''}, but the preset ${preset?.name ?? ''} is pinned to ${pin.sha256}.`,
  );
}

/** A hub that states another file for a pinned commit, or none, is no mirror of the one that was pinned. */
function requirePinned(source: ModelSource, preset: Preset | undefined): void {
  const pin = findPin(source, preset);
  if (!pin) return;
  const file = source.files.get(pin.path);
  if (!file) {
    throw new Error(
      `The hub has no ${pin.path}, which the preset ${preset?.name ?? ''} is pinned to. Nothing was fetched.`,
    );
  }
  if (pin.sha256 === undefined || file.sha256 === undefined || file.sha256 === pin.sha256) return;
  throw new Error(
    `The hub states the SHA-256 ${file.sha256} for ${pin.path}, but the preset ${preset?.name ?? ''} is pinned to ${pin.sha256}. Nothing was fetched.`,
  );
}

/** What the preset is pinned to, where the source is at its commit and not at another that was asked for. */
function findPin(
  { revision }: ModelSource,
  preset: Preset | undefined,
): { readonly path: string; readonly sha256: string | undefined } | undefined {
  const isPinned = preset?.revision !== undefined && revision === preset.revision;
  return isPinned && preset.wasmGraph !== undefined
    ? { path: preset.wasmGraph, sha256: preset.wasmSha256 }
    : undefined;
}
