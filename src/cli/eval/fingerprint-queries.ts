import { createHash } from 'node:crypto';
import type { EvalQuery } from '../../evaluate/collection.ts';

/** SHA-256 of all that is scored down to `depth`: it changes when a text or an order does. */
export function fingerprintQueries(queries: readonly EvalQuery[], depth: number): string {
  const hash = createHash('sha256');
  for (const { queryId, text, candidates } of queries) {
    hash.update(JSON.stringify([queryId, text, candidates.slice(0, depth)]));
  }
  return hash.digest('hex');
}
