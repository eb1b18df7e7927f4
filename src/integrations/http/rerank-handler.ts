import { readTextWithin } from '../../shared/read-body.ts';
import { describeError } from '../../shared/errors.ts';
import type { RerankApi, WireFormat, WireRequest } from '../../rerankers/wire-format.ts';
import { wireFormats } from '../../rerankers/wire-formats.ts';
import { openOnce, type RerankerSource } from '../open-once.ts';
import { chooseApi } from './choose-api.ts';
import { Refusal, answerError, answerUnknownPath } from './refusal.ts';

/** Answers one HTTP request. It never rejects. */
export type RequestHandler = (request: Request) => Promise<Response>;

export interface RerankHandlerOptions {
  /**
   * Whose API is spoken, at whatever path. Default: the path's end says it. `/v2/rerank`: Cohere's. `/v1/rerank`: Jina's. `/voyage/v1/rerank`: Voyage's.
   * Any other `/rerank`: that of Text Embeddings Inference.
   */
  readonly api?: RerankApi | undefined;
  /** The most bytes of a request's body: a whole number. Default 4,000,000. */
  readonly maxBodyBytes?: number | undefined;
  /** The most documents of a request: a whole number. Default 1000. */
  readonly maxDocuments?: number | undefined;
}

/**
 * A reranker as a server of the `/rerank` APIs of Cohere (v2), Jina, Voyage and Text Embeddings Inference: clients of these work with it when their base URL is
 * changed. For everything that takes a function from `Request` to `Response`. The name of the model and settings of a service's own models are ignored, and so is
 * the key: who may call it is for you to say.
 *
 * @param source A reranker, the promise of one, or a function that opens one with the first request.
 */
export function createRerankHandler(
  source: RerankerSource,
  { api, maxBodyBytes = 4_000_000, maxDocuments = 1000 }: RerankHandlerOptions = {},
): RequestHandler {
  const open = openOnce(source);
  return async (request) => {
    const path = new URL(request.url).pathname;
    const spoken = api ?? chooseApi(path);
    if (spoken === undefined) return answerUnknownPath(path);
    const format = wireFormats[spoken];
    try {
      const wanted = await readRequest(request, format, { maxBodyBytes, maxDocuments });
      const { query, documents, topN, rawScores } = wanted;
      const reranker = await open();
      const { signal } = request;
      const { results, usage, model } = await reranker.rerank({ query, documents, topN, signal });
      const answer = {
        scores: results.map(({ index, logit, relevanceScore }) => ({
          index,
          score: rawScores ? logit : relevanceScore,
        })),
        model: model.id,
        totalTokens: usage.tokens,
      };
      return Response.json(format.buildAnswer(answer, wanted));
    } catch (error) {
      return answerError(spoken, error);
    }
  };
}

/** @throws Refusal where it cannot be read, or is too large. */
async function readRequest(
  request: Request,
  format: WireFormat,
  { maxBodyBytes, maxDocuments }: { maxBodyBytes: number; maxDocuments: number },
): Promise<WireRequest> {
  if (request.method !== 'POST') {
    throw new Refusal('method', `The method must be POST, but is ${request.method}.`);
  }
  // A page of another origin can send everything but this type without being asked for leave.
  if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? '')) {
    throw new Refusal('media-type', 'The content-type must be application/json.');
  }
  const text = await readTextWithin(request.body, maxBodyBytes);
  if (text === undefined) {
    throw new Refusal('too-large', `The body is larger than ${maxBodyBytes} bytes.`);
  }
  const wanted = parse(text, format);
  if (wanted.documents.length > maxDocuments) {
    throw new Refusal(
      'too-large',
      `There are ${wanted.documents.length} documents, and at most ${maxDocuments} are taken.`,
    );
  }
  return wanted;
}

function parse(text: string, format: WireFormat): WireRequest {
  try {
    return format.parseRequest(JSON.parse(text));
  } catch (error) {
    throw new Refusal('invalid', `The request cannot be read: ${describeError(error)}.`);
  }
}
