import { fileURLToPath } from 'node:url';
import { openNodeReranker } from '../../src/cli/node-engine.ts';
import type { Reranker } from '../../src/shared/types.ts';

/** A real model, small and without sense, in this thread. */
export function openTinyReranker(): Promise<Reranker> {
  const folder = fileURLToPath(new URL('../models/tiny-bert', import.meta.url));
  return openNodeReranker({ folder });
}

/** Texts whose order the model changes. */
export const query = 'what happens when the disk is full';
export const documents = [
  'VACUUM removes dead rows and marks the space for reuse.',
  'Locks are held until the transaction ends.',
  'When the disk fills up with data, no data is lost.',
  'pg_dump writes a consistent copy.',
];
