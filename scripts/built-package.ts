import { fileURLToPath } from 'node:url';
import sirv from 'sirv';
import type { Connect, Plugin } from 'vite';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const dist = path('../dist');

/** The package as it was built, by the names that its users write. */
export const builtPackageAlias = [
  ...[
    'ai-sdk',
    'element',
    'evaluate',
    'http',
    'langchain',
    'log',
    'metrics',
    'rerankers',
    'search',
    'search-client',
    'service-worker',
    'sources',
    'vite',
  ].map((name) => ({
    find: new RegExp(`^rerank-results/${name}$`),
    replacement: path(`../dist/${name}.js`),
  })),
  { find: /^rerank-results\/locales$/, replacement: path('../dist/locales/index.js') },
  { find: /^rerank-results\/locales\/(.+)$/, replacement: path('../dist/locales/$1.js') },
  { find: /^rerank-results$/, replacement: path('../dist/index.js') },
];

/** They isolate a page from other origins, and only then may WebAssembly use several threads. */
export const isolationHeaders = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

/**
 * Serves the worker and the runtime as they were built. A dev server or test runner would rewrite their
 * imports for its own module loader, which a worker does not have.
 *
 * @param headers Sent with each file: an isolated page loads only workers that are isolated too.
 */
export function serveBuiltFiles(headers: Readonly<Record<string, string>> = {}): Plugin {
  return {
    name: 'serve-built-files',
    configureServer({ middlewares }) {
      const serve = sirv(dist, {
        dev: true,
        setHeaders: (response) => {
          for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
        },
      });
      const serveRuntime: Connect.NextHandleFunction = (request, response, next) => {
        if (/^\/(worker\.js|runtime\/)/.test(request.url ?? '')) serve(request, response, next);
        else next();
      };
      // Below the repository's root, and where Vite serves files outside of its root.
      middlewares.use('/dist', serveRuntime);
      middlewares.use(`/@fs${dist.startsWith('/') ? '' : '/'}${dist}`, serveRuntime);
    },
  };
}
