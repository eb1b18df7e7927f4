import { fileURLToPath } from 'node:url';
import sirv from 'sirv';
import { defineConfig, type Connect, type Plugin } from 'vite';
import { searchApi } from './server/search-api.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const dist = path('../dist');

/** They isolate the page from other origins, and only then may WebAssembly use several threads. */
const isolation = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

/**
 * Serves the worker and the runtime as they were built. The dev server would rewrite their imports for
 * its own module loader, which a worker does not have.
 */
const serveBuiltFiles: Plugin = {
  name: 'serve-built-files',
  configureServer({ middlewares }) {
    const serve = sirv(dist, {
      dev: true,
      setHeaders: (response) => {
        for (const [name, value] of Object.entries(isolation)) response.setHeader(name, value);
      },
    });
    const serveRuntime: Connect.NextHandleFunction = (request, response, next) => {
      if (/^\/(worker\.js|runtime\/)/.test(request.url ?? '')) serve(request, response, next);
      else next();
    };
    middlewares.use(`/@fs${dist.startsWith('/') ? '' : '/'}${dist}`, serveRuntime);
  },
};

export default defineConfig({
  root: path('.'),
  publicDir: path('../public'),
  cacheDir: path('../node_modules/.vite-demo'),
  plugins: [searchApi(), serveBuiltFiles],
  resolve: {
    alias: {
      'rerank-results/element': path('../dist/element.js'),
      'rerank-results': path('../dist/index.js'),
    },
  },
  // Known beforehand: the dev server need not reload the page when it finds them.
  optimizeDeps: { include: ['lit', 'lit/decorators.js', 'lit/directives/repeat.js', 'comlink'] },
  server: { headers: isolation, fs: { allow: [path('..')] }, strictPort: false },
  preview: { headers: isolation, strictPort: false },
  build: { target: 'es2022', outDir: path('dist'), emptyOutDir: true },
});
