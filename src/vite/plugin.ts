import { readFileSync } from 'node:fs';
import sirv from 'sirv';
import type { Plugin } from 'vite';
import { locateInPackage } from '../cli/package-files.ts';
import { listModelFiles } from '../cli/site-files.ts';

/** Options of {@link rerankResults}. */
export interface RerankResultsPluginOptions {
  /** Models of this package that the site serves. Default: the default model, `['minilm-l6-split']`. */
  readonly models?: readonly string[];
}

/**
 * A Vite plugin that serves models from this package below the site's base, at `models/`: from the package itself in
 * development, as emitted files in a build. Nothing is copied into the site's sources. Where `base` is not `/`, tell the
 * element: `model-base="/docs/models/"`.
 *
 * It also keeps this package out of Vite's dependency optimizer, which up to Vite 7 loses the worker.
 *
 * @throws RerankError `invalid-input` for a model that this package has not.
 */
export function rerankResults({ models = [] }: RerankResultsPluginOptions = {}): Plugin {
  const files = listModelFiles(models);
  const paths = new Set(files.map(({ path }) => `/${path}`));
  let isServerBuild = false;
  return {
    name: 'rerank-results',
    config: () => ({ optimizeDeps: { exclude: ['rerank-results'] } }),
    configResolved({ build }) {
      isServerBuild = Boolean(build.ssr);
    },
    configureServer({ config, middlewares }) {
      const serve = sirv(locateInPackage('public'), { dev: true, etag: true });
      middlewares.use(config.base, (request, response, next) => {
        const [path = ''] = (request.url ?? '').split('?');
        if (paths.has(path)) serve(request, response, next);
        else next();
      });
    },
    generateBundle() {
      // Meta-frameworks build for the server too, whose files no reader asks for. Vite 5 has no environments.
      const { environment } = this as Partial<typeof this>;
      if (isServerBuild || environment?.config.consumer === 'server') return;
      for (const { path, source } of files) {
        this.emitFile({ type: 'asset', fileName: path, source: readFileSync(source) });
      }
    },
  };
}
