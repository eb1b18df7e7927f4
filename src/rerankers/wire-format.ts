/** Whose `/rerank` format is spoken. `tei`: Hugging Face's Text Embeddings Inference. */
export type RerankApi = 'cohere' | 'jina' | 'voyage' | 'tei';

/** A request, whatever its format. */
export interface WireRequest {
  /** Of no meaning to a server that has one model. */
  readonly model?: string | undefined;
  readonly query: string;
  readonly documents: readonly string[];
  /** How many results are wanted. All where absent. */
  readonly topN?: number | undefined;
  /** Whether the answer repeats the documents' texts. */
  readonly returnsDocuments: boolean;
  /** Whether scores are logits. Only TEI has the choice; elsewhere they are 0 to 1. */
  readonly rawScores: boolean;
}

/** A document's score in an answer. */
export interface WireScore {
  /** Position in the request's documents, from 0. */
  readonly index: number;
  readonly score: number;
}

/** An answer, whatever its format. */
export interface WireAnswer {
  /** Best first. */
  readonly scores: readonly WireScore[];
  /** The model that gave them. */
  readonly model: string;
  /** Tokens that were read; 0 where nobody counted. */
  readonly totalTokens: number;
}

/** An answer that was read, not yet checked against its request. */
export type ReadAnswer = Pick<WireAnswer, 'scores' | 'totalTokens'>;

/** Why a server does not answer with scores. */
export type WireFailure =
  | 'invalid'
  | 'too-large'
  | 'not-found'
  | 'method'
  | 'media-type'
  | 'unavailable'
  | 'aborted'
  | 'failed';

/** One service's format: what a client writes and reads, and what a server reads and writes. */
export interface WireFormat {
  readonly buildRequest: (request: WireRequest) => object;
  /** @throws TypeError naming the field that is wrong. */
  readonly parseRequest: (body: unknown) => WireRequest;
  readonly buildAnswer: (answer: WireAnswer, request: WireRequest) => object;
  /** @throws TypeError naming the field that is wrong. */
  readonly parseAnswer: (body: unknown) => ReadAnswer;
  readonly buildError: (failure: WireFailure, message: string) => object;
  /** HTTP statuses where they are not those of most services. */
  readonly statuses: Readonly<Partial<Record<WireFailure, number>>>;
  /** The most documents that such a server takes in one request, unless it was set up otherwise. */
  readonly maxDocuments: number;
}
