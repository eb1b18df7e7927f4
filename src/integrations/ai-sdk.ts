import type { JSONObject, RerankingModelV4 } from '@ai-sdk/provider';
import { openOnce, type RerankerSource } from './open-once.ts';

export type { RerankerSource } from './open-once.ts';

export interface RerankingModelOptions {
  /** What the AI SDK calls the model. Default: the reranker's model, and `rerank-results` for one that is opened later. */
  readonly modelId?: string | undefined;
  /** For documents that are objects: the properties that are read, in this order. Default: all, as lines of `name: value`. */
  readonly fields?: readonly string[] | undefined;
}

/**
 * A reranker as a model for `rerank()` of the AI SDK (`ai` 7, `RerankingModelV4`).
 *
 * The order is this library's: with tiers, and for documents in a language that the model does not read, scores do not fall all the way.
 *
 * @param source A reranker, the promise of one, or a function that opens one with the first call.
 */
export function rerankingModel(
  source: RerankerSource,
  { modelId, fields }: RerankingModelOptions = {},
): RerankingModelV4 {
  const open = openOnce(source);
  return {
    specificationVersion: 'v4',
    provider: 'rerank-results',
    modelId: modelId ?? ('rerank' in source ? source.model.id : 'rerank-results'),
    async doRerank({ documents, query, topN, abortSignal }) {
      const reranker = await open();
      const values: readonly (string | JSONObject)[] =
        documents.type === 'object' && !fields ? documents.values.map(toLines) : documents.values;
      const { results, model } = await reranker.rerank({
        query,
        documents: values,
        topN,
        fields,
        signal: abortSignal,
      });
      return {
        ranking: results.map(({ index, relevanceScore }) => ({ index, relevanceScore })),
        response: { modelId: model.id, timestamp: new Date() },
      };
    },
  };
}

/** An object as a text that a model reads well. */
function toLines(document: JSONObject): string {
  return Object.entries(document)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('\n');
}
