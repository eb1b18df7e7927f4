import type { EvalQuery } from 'rerank-results/evaluate';

/** What an evaluation is made on: queries with their judgments and what a first stage found for them. */
export interface LabSet {
  readonly name: string;
  /** Where the results come from, in words. */
  readonly firstStage: string;
  readonly queries: readonly EvalQuery[];
  /** How many queries of the set have judgments; `queries` are some of them. */
  readonly judgedQueries: number;
  /** Of the queries that were taken, those that are left out because nothing was found for them. */
  readonly unfoundQueries: number;
  /** How long the first stage took for each of `queries`. Absent where its results were written down before. */
  readonly searchMs?: readonly number[];
}

/** How much of a set is read. */
export interface SetSize {
  readonly queries: number;
  readonly candidates: number;
}
