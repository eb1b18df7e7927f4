import { Document } from '@langchain/core/documents';
import { BaseDocumentCompressor } from '@langchain/core/retrievers/document_compressors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RerankCompressor } from '../../src/integrations/langchain.ts';
import type { Reranker } from '../../src/shared/types.ts';
import { documents, openTinyReranker, query } from './tiny-reranker.ts';

describe('a reranker as a document compressor of LangChain', () => {
  let reranker: Reranker;
  beforeAll(async () => (reranker = await openTinyReranker()));
  afterAll(() => reranker.dispose());

  const pages = documents.map(
    (pageContent, index) =>
      new Document({ pageContent, id: `page-${index}`, metadata: { source: `/${index}` } }),
  );

  it('is one', () => {
    const compressor = new RerankCompressor(reranker);
    expect(compressor).toBeInstanceOf(BaseDocumentCompressor);
    expect(BaseDocumentCompressor.isBaseDocumentCompressor(compressor)).toBe(true);
  });

  it('gives copies in the new order, with their scores', async () => {
    const { results } = await reranker.rerank({ query, documents });
    const kept = await new RerankCompressor(reranker).compressDocuments(pages, query);
    expect(kept).toEqual(
      results.map(
        ({ index, relevanceScore }) =>
          new Document({
            pageContent: documents[index] ?? '',
            id: `page-${index}`,
            metadata: { source: `/${index}`, relevanceScore },
          }),
      ),
    );
    expect(pages[0]?.metadata).toEqual({ source: '/0' });
  });

  it('keeps the best, by the text that it is told to read', async () => {
    const { results } = await reranker.rerank({ query, documents: ['/0', '/1', '/2', '/3'] });
    const compressor = new RerankCompressor(() => reranker, {
      topN: 2,
      readText: ({ metadata }) => metadata.source as string,
    });
    const kept = await compressor.compressDocuments(pages, query);
    expect(kept.map(({ id }) => id)).toEqual(
      results.slice(0, 2).map(({ index }) => `page-${index}`),
    );
  });

  it('has nothing to do without documents', async () => {
    expect(await new RerankCompressor(reranker).compressDocuments([], query)).toEqual([]);
  });
});
