import {
  readDocuments,
  readList,
  readObject,
  readOptionalCount,
  readOptionalString,
  readScores,
  readString,
  readSwitch,
  readTotalTokens,
} from './read-fields.ts';
import type { RerankApi, WireFailure, WireFormat, WireRequest } from './wire-format.ts';

/** A server's whole answer to what it cannot do: most services have these. */
const STATUSES: Readonly<Record<WireFailure, number>> = {
  invalid: 400,
  'not-found': 404,
  method: 405,
  'too-large': 413,
  'media-type': 415,
  aborted: 499,
  failed: 500,
  unavailable: 503,
};

const cohere: WireFormat = {
  buildRequest: ({ model, query, documents, topN }) => ({ model, query, documents, top_n: topN }),
  parseRequest: (body) => readUsualRequest(body, { topName: 'top_n', returnsDocuments: false }),
  // Every answer of the service has an id, and its clients' types say so.
  buildAnswer: ({ scores }, request) => ({
    id: crypto.randomUUID(),
    results: scores.map(({ index, score }) => ({
      index,
      relevance_score: score,
      ...(request.returnsDocuments && { document: { text: request.documents[index] } }),
    })),
    meta: { api_version: { version: '2' } },
  }),
  parseAnswer: (body) => ({
    scores: readScores('results', readObject('The answer', body).results, 'relevance_score'),
    totalTokens: 0,
  }),
  buildError: (_failure, message) => ({ message }),
  statuses: {},
  maxDocuments: 1000,
};

const jina: WireFormat = {
  buildRequest: ({ model, query, documents, topN, returnsDocuments }) => ({
    model,
    query,
    documents,
    top_n: topN,
    return_documents: returnsDocuments,
  }),
  parseRequest: (body) => readUsualRequest(body, { topName: 'top_n', returnsDocuments: true }),
  buildAnswer: ({ scores, model, totalTokens }, { documents, returnsDocuments }) => ({
    model,
    object: 'list',
    usage: { total_tokens: totalTokens },
    results: scores.map(({ index, score }) => ({
      index,
      relevance_score: score,
      ...(returnsDocuments && { document: { text: documents[index] } }),
    })),
  }),
  parseAnswer: (body) => {
    const { results, usage } = readObject('The answer', body);
    return {
      scores: readScores('results', results, 'relevance_score'),
      totalTokens: readTotalTokens(usage),
    };
  },
  buildError: (_failure, message) => ({ detail: message }),
  statuses: { invalid: 422 },
  maxDocuments: 1000,
};

const voyage: WireFormat = {
  buildRequest: ({ model, query, documents, topN, returnsDocuments }) => ({
    model,
    query,
    documents,
    top_k: topN,
    return_documents: returnsDocuments,
    truncation: true,
  }),
  parseRequest: (body) => readUsualRequest(body, { topName: 'top_k', returnsDocuments: false }),
  buildAnswer: ({ scores, model, totalTokens }, { documents, returnsDocuments }) => ({
    object: 'list',
    data: scores.map(({ index, score }) => ({
      index,
      relevance_score: score,
      ...(returnsDocuments && { document: documents[index] }),
    })),
    model,
    usage: { total_tokens: totalTokens },
  }),
  parseAnswer: (body) => {
    const { data, usage } = readObject('The answer', body);
    return {
      scores: readScores('data', data, 'relevance_score'),
      totalTokens: readTotalTokens(usage),
    };
  },
  buildError: (_failure, message) => ({ detail: message }),
  statuses: {},
  maxDocuments: 1000,
};

const tei: WireFormat = {
  buildRequest: ({ query, documents, rawScores, returnsDocuments }) => ({
    query,
    texts: documents,
    raw_scores: rawScores,
    return_text: returnsDocuments,
    // Without it the server refuses what is longer than its model reads.
    truncate: true,
  }),
  parseRequest: (body) => {
    const fields = readObject('The body', body);
    return {
      query: readString('query', fields.query),
      documents: readList('texts', fields.texts).map((text, index) =>
        readString(`texts[${index}]`, text),
      ),
      returnsDocuments: readSwitch('return_text', fields.return_text, false),
      rawScores: readSwitch('raw_scores', fields.raw_scores, false),
    };
  },
  buildAnswer: ({ scores }, { documents, returnsDocuments }) =>
    scores.map(({ index, score }) => ({
      index,
      score,
      ...(returnsDocuments && { text: documents[index] }),
    })),
  parseAnswer: (body) => ({ scores: readScores('The answer', body, 'score'), totalTokens: 0 }),
  buildError: (failure, message) => ({ error: message, error_type: TEI_ERROR_TYPES[failure] }),
  statuses: { invalid: 422, failed: 424 },
  maxDocuments: 32,
};

const TEI_ERROR_TYPES: Readonly<Record<WireFailure, string>> = {
  invalid: 'Validation',
  'not-found': 'Validation',
  method: 'Validation',
  'too-large': 'Validation',
  'media-type': 'Validation',
  aborted: 'Backend',
  failed: 'Backend',
  unavailable: 'Unhealthy',
};

/** Every format, for both of its ends. */
export const wireFormats: Readonly<Record<RerankApi, WireFormat>> = { cohere, jina, voyage, tei };

/** The HTTP status by which a service of this format says what went wrong. */
export function statusOf({ statuses }: WireFormat, failure: WireFailure): number {
  return statuses[failure] ?? STATUSES[failure];
}

/** Cohere, Jina and Voyage name a request's fields alike, but for how many results are wanted. */
function readUsualRequest(
  body: unknown,
  by: { readonly topName: 'top_n' | 'top_k'; readonly returnsDocuments: boolean },
): WireRequest {
  const fields = readObject('The body', body);
  return {
    model: readOptionalString('model', fields.model),
    query: readString('query', fields.query),
    documents: readDocuments('documents', fields.documents),
    topN: readOptionalCount(by.topName, fields[by.topName]),
    returnsDocuments: readSwitch('return_documents', fields.return_documents, by.returnsDocuments),
    rawScores: false,
  };
}
