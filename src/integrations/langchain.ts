import { Document, type DocumentInterface } from '@langchain/core/documents';
import { BaseDocumentCompressor } from '@langchain/core/retrievers/document_compressors';
import { openOnce, type RerankerSource } from './open-once.ts';

export type { RerankerSource } from './open-once.ts';

export interface RerankCompressorOptions {
  /** How many documents are kept: a whole number, 1 or more. Default: all. */
  readonly topN?: number | undefined;
  /** What is read of a document. Default: its `pageContent`. */
  readonly readText?: ((document: DocumentInterface) => string) | undefined;
}

/**
 * A reranker as a document compressor of LangChain JS, for a `ContextualCompressionRetriever` and everything else that takes one. It gives
 * copies of the documents, best first, with `metadata.relevanceScore`; their text stays whole.
 */
export class RerankCompressor extends BaseDocumentCompressor {
  readonly #open: ReturnType<typeof openOnce>;
  readonly #options: RerankCompressorOptions;

  /** @param source A reranker, the promise of one, or a function that opens one with the first call. */
  constructor(source: RerankerSource, options: RerankCompressorOptions = {}) {
    super();
    this.#open = openOnce(source);
    this.#options = options;
  }

  /** @throws RerankError as `rerank` of the reranker. */
  override async compressDocuments(
    documents: DocumentInterface[],
    query: string,
  ): Promise<DocumentInterface[]> {
    const { topN, readText = readPageContent } = this.#options;
    const reranker = await this.#open();
    const { results } = await reranker.rerank({ query, documents: documents.map(readText), topN });
    return results.map(({ index, relevanceScore }) => {
      const { id, pageContent = '', metadata } = documents[index] ?? {};
      return new Document<Record<string, unknown>>({
        ...(id !== undefined && { id }),
        pageContent,
        metadata: { ...metadata, relevanceScore },
      });
    });
  }
}

function readPageContent(document: DocumentInterface): string {
  return document.pageContent;
}
