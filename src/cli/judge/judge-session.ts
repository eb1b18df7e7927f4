import { DEFAULT_PRIOR_WEIGHT } from '../../shared/defaults.ts';
import { RerankError, describeError } from '../../shared/errors.ts';
import { SerialQueue } from '../../shared/serial-queue.ts';
import type { Reranker } from '../../shared/types.ts';
import { orderCandidates } from '../../evaluate/order-candidates.ts';
import { toAnswer } from '../eval/subject.ts';
import type { FirstStage, JudgeDocument } from './first-stage.ts';
import type { JudgedCollection, Pool } from './judged-collection.ts';
import { poolDocuments } from './pool.ts';
import type { JudgeQuery } from './read-queries.ts';

/** The greatest grade. 0: not relevant; 1: touches on it; 2: answers in part; 3: answers it. */
export const GREATEST_GRADE = 3;

/** What a session needs. */
export interface SessionOptions {
  readonly queries: readonly JudgeQuery[];
  readonly firstStage: FirstStage;
  readonly reranker: Pick<Reranker, 'rerank'>;
  readonly collection: JudgedCollection;
  /** Documents from the top of each order: the search's, the model's, and the element's blend of both. */
  readonly depth: number;
  /** Candidates that are reranked. */
  readonly candidates: number;
}

/** A query as the page lists it. */
export interface ListedQuery extends JudgeQuery {
  readonly graded: number;
  /** How many documents it has to judge; null while they are not chosen. */
  readonly documents: number | null;
}

/** A document as the page shows it: without its ranks and scores, which would bias the grade. */
export interface ShownDocument extends JudgeDocument {
  /** null while there is none. */
  readonly grade: number | null;
}

/** One sitting of judging: chooses documents ahead of the person who grades, and keeps the grades. */
export class JudgeSession {
  readonly #options: SessionOptions;
  readonly #queue = new SerialQueue();
  readonly #pools = new Map<string, Promise<Pool>>();
  #isStopped = false;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** The queries, with how far each is. */
  listQueries(): ListedQuery[] {
    const { queries, collection } = this.#options;
    return queries.map((query) => ({
      ...query,
      graded: collection.countGrades(query.id),
      documents: collection.pool(query.id)?.pool.length ?? null,
    }));
  }

  /**
   * The documents to judge for a query, once they are chosen.
   *
   * @param index Place in the list of queries, from 0.
   * @throws RerankError `invalid-input` where there is no such query; what the search or the model throws.
   */
  async listDocuments(index: number): Promise<ShownDocument[]> {
    const { queries, collection } = this.#options;
    const query = queries[index];
    if (!query) throw new RerankError('invalid-input', `There is no query ${index}.`);
    const { pool } = await this.#prepare(query);
    return pool.flatMap((id) => {
      const document = collection.document(id);
      return document ? [{ ...document, grade: collection.grade(query.id, id) ?? null }] : [];
    });
  }

  /**
   * Keeps a grade; null takes it back.
   *
   * @throws RerankError `invalid-input` for a grade that is no whole number of 0 to 3, or a document that
   * is not to be judged for the query.
   */
  setGrade(queryId: string, documentId: string, grade: number | null): void {
    const { collection } = this.#options;
    const isGrade =
      grade === null || (Number.isInteger(grade) && grade >= 0 && grade <= GREATEST_GRADE);
    if (!isGrade) {
      throw new RerankError(
        'invalid-input',
        `A grade is a whole number of 0 to ${GREATEST_GRADE}, not ${grade}.`,
      );
    }
    if (!collection.pool(queryId)?.pool.includes(documentId)) {
      throw new RerankError(
        'invalid-input',
        `Document ${documentId} is not to be judged for ${queryId}.`,
      );
    }
    collection.setGrade(queryId, documentId, grade);
  }

  /**
   * Chooses the documents of all queries, one query after another.
   *
   * @param onQuery Called after each query; `problem` says why it has no documents.
   */
  async prepareAll(
    onQuery: (query: JudgeQuery, done: number, problem?: string) => void,
  ): Promise<void> {
    for (const [index, query] of this.#options.queries.entries()) {
      if (this.#isStopped) return;
      try {
        await this.#prepare(query);
        onQuery(query, index + 1);
      } catch (error) {
        onQuery(query, index + 1, describeError(error));
      }
    }
  }

  /** Chooses no further documents; what is being chosen is finished. */
  stop(): void {
    this.#isStopped = true;
  }

  #prepare(query: JudgeQuery): Promise<Pool> {
    const known = this.#pools.get(query.id);
    if (known) return known;
    const made = this.#queue.add(() => this.#makePool(query));
    this.#pools.set(query.id, made);
    // A search that failed may work when the page asks again.
    made.catch(() => this.#pools.delete(query.id));
    return made;
  }

  async #makePool(query: JudgeQuery): Promise<Pool> {
    const { firstStage, reranker, collection, depth, candidates } = this.#options;
    const known = collection.pool(query.id);
    if (known) return known;
    const { documents, scores } = await firstStage.find(query, candidates);
    const first = documents.map(({ id }) => id);
    const outcome = await reranker.rerank({ query: query.text, documents });
    const model = outcome.results.map(({ document }) => document.id);
    // What readers of the element see, as it is where nothing is set.
    const blended = orderCandidates(
      documents.map((document) => ({ id: document.id, score: 0, document })),
      toAnswer(outcome, outcome.timing.totalMs),
      { depth: documents.length, prior: 'rank', weight: DEFAULT_PRIOR_WEIGHT },
    ).flatMap((index) => first[index] ?? []);
    const pool: Pool = {
      query,
      firstStage: first,
      ...(scores && { scores }),
      pool: poolDocuments(query.id, [first, model, blended], depth),
    };
    collection.addPool(pool, documents);
    return pool;
  }
}
