import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What pins a model: the SHA-256 of its folder's manifest, as the option and the attribute `integrity` take it. */
export function readManifestIntegrity(folder: string): string {
  const manifest = readFileSync(join(folder, 'manifest.json'));
  return `sha256-${createHash('sha256').update(manifest).digest('base64')}`;
}
