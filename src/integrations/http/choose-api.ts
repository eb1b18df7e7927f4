import type { RerankApi } from '../../rerankers/wire-format.ts';

/** Ends of paths, the longest first, and whose format they ask for. */
const PATHS: readonly (readonly [string, RerankApi])[] = [
  ['/cohere/v2/rerank', 'cohere'],
  ['/jina/v1/rerank', 'jina'],
  ['/voyage/v1/rerank', 'voyage'],
  ['/tei/rerank', 'tei'],
  ['/v2/rerank', 'cohere'],
  ['/v1/rerank', 'jina'],
  ['/rerank', 'tei'],
];

/**
 * Whose format a path asks for, by its end: `/v2/rerank` Cohere's, `/v1/rerank` Jina's, which most servers speak, `/voyage/v1/rerank` Voyage's, and any other
 * `/rerank` that of TEI.
 *
 * @returns undefined for another path.
 */
export function chooseApi(path: string): RerankApi | undefined {
  return PATHS.find(([end]) => path.endsWith(end))?.[1];
}
