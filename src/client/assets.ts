import type { RuntimeBuild, RuntimeFiles, RuntimeUrls } from '../shared/protocol.ts';

/**
 * The worker and the runtime stand beside this module in the package. Bundlers know the form
 * `new URL('…', import.meta.url)` and copy such files, so each is spelled out.
 */
export const workerUrl = new URL('./worker.js', import.meta.url).href;

const packagedRuntime: RuntimeUrls = {
  wasm: {
    api: new URL('./runtime/ort.wasm.js', import.meta.url).href,
    glue: new URL('./runtime/ort.wasm.glue.js', import.meta.url).href,
    binary: new URL('./runtime/ort.wasm.wasm', import.meta.url).href,
  },
  jspi: {
    api: new URL('./runtime/ort.jspi.js', import.meta.url).href,
    glue: new URL('./runtime/ort.jspi.glue.js', import.meta.url).href,
    binary: new URL('./runtime/ort.jspi.wasm', import.meta.url).href,
  },
  asyncify: {
    api: new URL('./runtime/ort.asyncify.js', import.meta.url).href,
    glue: new URL('./runtime/ort.asyncify.glue.js', import.meta.url).href,
    binary: new URL('./runtime/ort.asyncify.wasm', import.meta.url).href,
  },
  transformers: new URL('./runtime/transformers.js', import.meta.url).href,
};

/**
 * Where the runtime's files are: in the package, or in a folder of the site's with the same names.
 *
 * @param folder Absolute URL that ends in a slash.
 */
export function locateRuntime(folder: string | undefined): RuntimeUrls {
  if (folder === undefined) return packagedRuntime;
  const locate = (name: string): string => new URL(name, folder).href;
  const locateBuild = (build: RuntimeBuild): RuntimeFiles => ({
    api: locate(`ort.${build}.js`),
    glue: locate(`ort.${build}.glue.js`),
    binary: locate(`ort.${build}.wasm`),
  });
  return {
    wasm: locateBuild('wasm'),
    jspi: locateBuild('jspi'),
    asyncify: locateBuild('asyncify'),
    transformers: locate('transformers.js'),
  };
}
