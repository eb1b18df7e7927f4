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

/** Whether something is kept under a URL. */
export async function isKept(url: string): Promise<boolean> {
  return (await withCache((cache) => cache.match(url))) !== undefined;
}

/** Keeps bytes under a URL. */
export async function keep(url: string, body: string | Uint8Array<ArrayBuffer>): Promise<void> {
  await withCache((cache) => cache.put(url, new Response(body)));
}

/** Frees what is kept below a folder, but for these URLs: files of former revisions. */
export async function keepOnly(folderUrl: string, urls: ReadonlySet<string>): Promise<void> {
  await withCache(async (cache) => {
    const former = (await cache.keys()).filter(
      ({ url }) => url.startsWith(folderUrl) && !urls.has(url),
    );
    await Promise.all(former.map((request) => cache.delete(request)));
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
