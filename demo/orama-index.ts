import { create, insert, search } from '@orama/orama';
import type { SearchFunction } from 'rerank-results/element';
import { searchOrama } from 'rerank-results/sources';

/** How long the page's thread is held at most, about. */
const SLICE_MS = 12;

/**
 * Makes an Orama database of a JSON list. Orama's own `insertMultiple` sleeps between batches by `Atomics.wait`, which
 * no page that is isolated from other origins may call.
 */
export async function openOramaIndex(url: string): Promise<SearchFunction> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered with HTTP status ${response.status}.`);
  const records = (await response.json()) as { id: string; title: string; text: string }[];
  const database = create({ schema: { title: 'string', text: 'string' } });
  let sliceEndMs = performance.now() + SLICE_MS;
  for (const record of records) {
    await insert(database, record);
    if (performance.now() < sliceEndMs) continue;
    await new Promise((resolve) => setTimeout(resolve));
    sliceEndMs = performance.now() + SLICE_MS;
  }
  return searchOrama(database, { search });
}
