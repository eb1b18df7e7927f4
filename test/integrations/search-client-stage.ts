import { liteClient } from 'algoliasearch/lite';
import type { Reranker } from '../../src/shared/types.ts';
import { algoliaKeys } from '../sources/engines/algolia.ts';
import type { EngineServer } from '../sources/engines/engine-server.ts';

/** A hit of any of the engines, as far as these tests look at it. */
export interface ShownHit {
  readonly objectID: string;
  readonly _rerank?: {
    readonly rank: number;
    readonly originalRank: number;
    readonly relevanceScore?: number;
  };
}

/** An engine's answer to one query, as far as these tests look at it. */
export interface ShownResponse {
  readonly hits: readonly ShownHit[];
  readonly nbHits: number;
  readonly nbPages: number;
  readonly page: number;
  readonly hitsPerPage: number;
}

/** The official client, of version 5, for a server on this machine. */
export function openAlgolia(server: EngineServer): ReturnType<typeof liteClient> {
  return liteClient(algoliaKeys.appId, algoliaKeys.apiKey, {
    hosts: [{ url: `127.0.0.1:${server.port}`, protocol: 'http', accept: 'readWrite' }],
  });
}

export const idsOf = (hits: readonly { readonly objectID: string }[]): string[] =>
  hits.map(({ objectID }) => objectID);

/** What a written reranker was asked. */
export interface RerankCall {
  readonly query: string;
  readonly documents: readonly unknown[];
  readonly signal: AbortSignal | undefined;
}

/**
 * A reranker written by hand: it turns the order round, once `wait` has ended.
 */
export function reverseOrder(
  wait: (call: RerankCall) => Promise<void> | undefined = () => undefined,
): Reranker & { readonly calls: RerankCall[] } {
  const calls: RerankCall[] = [];
  const rerank = async (request: RerankCall) => {
    calls.push(request);
    await wait(request);
    const { documents } = request;
    const results = documents.map((document, index) => ({
      index: documents.length - 1 - index,
      rank: index + 1,
      originalRank: documents.length - index,
      scored: true,
      relevanceScore: 1 - index / 1000,
      document,
    }));
    return { complete: true, results };
  };
  return { calls, rerank } as unknown as Reranker & { readonly calls: RerankCall[] };
}

/** Rejects when the signal is aborted, and never settles else. */
export function untilAborted({ signal }: RerankCall): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => {
      reject(new Error('aborted'));
    });
  });
}
