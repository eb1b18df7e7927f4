/**
 * Everything that a page uses, in one file for sites without a bundler: it registers both elements. The worker and the
 * runtime are looked for beside it.
 */
export * from './define.ts';
export * from './define-search.ts';
export * from './index.ts';
export * from './sources/index.ts';
