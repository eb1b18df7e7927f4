import { createHash } from 'node:crypto';
import type { Manifest } from '../worker/model/manifest.ts';

/**
 * A model's revision, which changes with any file, as `models/manifest.py` makes it: 12 hexadecimal digits of the
 * SHA-256 over the lines `path sha256` of all files, sorted by path and joined by line breaks.
 */
export function computeRevision(files: Manifest['files']): string {
  const lines = Object.entries(files)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, { sha256 }]) => `${path} ${sha256}`);
  return createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 12);
}
