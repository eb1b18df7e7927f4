/** Makes `custom-elements.json`, the elements' reference, from their class docs. */
export default {
  globs: [
    'src/element/element-settings.ts',
    'src/element/rerank-results.ts',
    'src/element/reranking-element.ts',
    'src/element/search-field.ts',
    'src/element/rerank-search.ts',
    'src/element/rerank-log.ts',
    'src/define.ts',
    'src/define-search.ts',
    'src/define-log.ts',
  ],
  litelement: true,
  outdir: '.',
  // It would rewrite package.json's own mention of the manifest.
  packagejson: false,
};
