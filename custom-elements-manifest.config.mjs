/** Makes `custom-elements.json`, the element's reference, from its class doc. */
export default {
  globs: ['src/element/rerank-results.ts', 'src/element/element-settings.ts', 'src/define.ts'],
  litelement: true,
  outdir: '.',
  // It would rewrite package.json's own mention of the manifest.
  packagejson: false,
};
