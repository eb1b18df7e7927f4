/**
 * The browser's own storage for model files, so that a second visit downloads nothing. It may be absent
 * (pages without HTTPS, private windows), full or damaged: then files come over the network, and nothing
 * here throws.
 */
const CACHE_NAME = 'rerank-results-models-1';

/** The bytes that were kept under a URL, or undefined. */
export async function readKept(url: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  return withCache(async (cache) => {
    const response = await cache.match(url);
    return response && new Uint8Array(await response.arrayBuffer());
  });
}

/** Keeps bytes under a URL, in place of those under the same path with another query string. */
export async function keep(url: string, body: string | Uint8Array<ArrayBuffer>): Promise<void> {
  await withCache(async (cache) => {
    await cache.put(url, new Response(body));
    const former = await cache.keys(url, { ignoreSearch: true });
    await Promise.all(
      former.filter((request) => request.url !== url).map((request) => cache.delete(request)),
    );
  });
}

async function withCache<TValue>(
  work: (cache: Cache) => Promise<TValue>,
): Promise<TValue | undefined> {
  if (!('caches' in globalThis)) return undefined;
  try {
    return await work(await caches.open(CACHE_NAME));
  } catch {
    return undefined;
  }
}
