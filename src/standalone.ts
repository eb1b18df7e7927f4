/**
 * Everything that a page without a bundler uses, in one file: it registers the elements, and their words in every language. The worker
 * and the runtime are looked for beside it.
 */
import './locales/index.ts';
export * from './define.ts';
export * from './define-search.ts';
export * from './define-log.ts';
export * from './index.ts';
export * from './integrations/search-client.ts';
export * from './metrics/index.ts';
export * from './sources/index.ts';
