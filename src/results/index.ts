/** What people do with reranked results: pure functions over `results` of an outcome. */
export { groupResults, type GroupResultsOptions, type ResultGroup } from './group-results.ts';
export {
  mergeNearDuplicates,
  type MergedResult,
  type MergeNearDuplicatesOptions,
} from './merge-near-duplicates.ts';
export type { ResultTextOptions } from './read-results.ts';
export {
  selectContext,
  type ContextItem,
  type ContextOrder,
  type SelectContextOptions,
  type SelectedContext,
} from './select-context.ts';
