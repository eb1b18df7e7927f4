export type { Candidate, CandidateInput } from './candidate.ts';
export { searchAlgolia, type AlgoliaOptions } from './algolia.ts';
export { searchElasticsearch, type ElasticsearchOptions } from './elasticsearch.ts';
export {
  searchEndpoint,
  type EndpointOptions,
  type HttpSourceOptions,
  type SearchFunction,
} from './endpoint.ts';
export type { FieldPath, ResultFields } from './fields.ts';
export { searchMeilisearch, type MeilisearchOptions } from './meilisearch.ts';
export { searchTypesense, type TypesenseOptions } from './typesense.ts';
export type { Documents } from './documents-by-id.ts';
export {
  searchFlexSearch,
  type FlexSearchIndex,
  type FlexSearchSourceOptions,
} from './flexsearch.ts';
export { fuseSources, type FuseOptions, type SourceFailure } from './fuse-sources.ts';
export { searchLunr, type LunrIndex, type LunrSourceOptions } from './lunr.ts';
export type { MergeKey } from './merge-results.ts';
export {
  searchMiniSearch,
  type MiniSearchIndex,
  type MiniSearchSourceOptions,
} from './minisearch.ts';
export { searchOrama, type OramaSourceOptions } from './orama.ts';
export { searchPagefind, type Pagefind, type PagefindSourceOptions } from './pagefind.ts';
export {
  searchStaticIndex,
  type StaticIndexOptions,
  type StaticIndexSearch,
} from './static-index.ts';
