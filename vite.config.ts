import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin, type UserConfig } from 'vite';
import { LICENCES_FILE } from './scripts/third-party/shipped-packages.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Files that the package's users install themselves, so that a page has one copy of each. */
const external = [
  /^lit($|\/)/,
  /^@lit\//,
  'comlink',
  /^@langchain\//,
  /^node:/,
  'onnxruntime-node',
];

/**
 * Keeps the module with the URLs of the package's files out of the build, which would rewrite them:
 * a site's bundler must see each `new URL('…', import.meta.url)` as it was written.
 */
const keepAssetUrls: Plugin = {
  name: 'keep-asset-urls',
  enforce: 'pre',
  resolveId: (id) =>
    id.endsWith('/assets.ts') ? { id: './assets.js', external: true } : undefined,
};

/**
 * Puts that module into the single file, for which no bundler runs. Vite would embed the files that the usual form
 * names, so the URLs are made from a variable.
 */
const bundleAssetUrls: Plugin = {
  name: 'bundle-asset-urls',
  enforce: 'pre',
  transform: (code, id) =>
    id.endsWith('/client/assets.ts')
      ? `const moduleUrl = import.meta.url;\n${code.replaceAll(', import.meta.url)', ', moduleUrl)')}`
      : undefined,
};

/** Each language is a module of its own. */
function listLocales(): Record<string, string> {
  return Object.fromEntries(
    readdirSync(path('src/locales')).map((file) => [
      `locales/${file.replace(/\.ts$/, '')}`,
      path(`src/locales/${file}`),
    ]),
  );
}

const library = {
  publicDir: false,
  build: {
    target: 'es2022',
    minify: false,
    emptyOutDir: false,
    outDir: path('dist'),
    license: { fileName: LICENCES_FILE },
  },
} satisfies UserConfig;

/**
 * One package is several builds, by mode: `page` (modules that a site imports), `standalone` (the same in one file, for
 * sites without a bundler), `worker` (one file, so that a bundler may copy it), `transformers` (the second engine, one file), `node` (the command).
 */
const builds: Record<string, UserConfig> = {
  page: {
    ...library,
    plugins: [keepAssetUrls],
    build: {
      ...library.build,
      lib: {
        formats: ['es'],
        entry: {
          index: path('src/index.ts'),
          element: path('src/define.ts'),
          evaluate: path('src/evaluate/index.ts'),
          search: path('src/define-search.ts'),
          log: path('src/define-log.ts'),
          ...listLocales(),
          metrics: path('src/metrics/index.ts'),
          sources: path('src/sources/index.ts'),
          rerankers: path('src/rerankers/index.ts'),
          'search-client': path('src/integrations/search-client.ts'),
          'ai-sdk': path('src/integrations/ai-sdk.ts'),
          langchain: path('src/integrations/langchain.ts'),
          http: path('src/integrations/http-handler.ts'),
          'service-worker': path('src/integrations/service-worker.ts'),
        },
      },
      rolldownOptions: {
        external,
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunk-[name].js' },
      },
    },
  },
  standalone: {
    ...library,
    plugins: [bundleAssetUrls],
    build: {
      ...library.build,
      minify: true,
      lib: { formats: ['es'], entry: { 'rerank-results': path('src/standalone.ts') } },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  },
  worker: {
    ...library,
    build: {
      ...library.build,
      minify: true,
      lib: { formats: ['es'], entry: { worker: path('src/worker/entry.ts') } },
    },
  },
  transformers: {
    ...library,
    build: {
      ...library.build,
      minify: true,
      lib: {
        formats: ['es'],
        entry: { 'runtime/transformers': path('src/worker/backend/transformers.ts') },
      },
    },
    resolve: {
      // The runtime's binary is fetched from the package's own files, not embedded.
      conditions: ['onnxruntime-web-use-extern-wasm', 'browser', 'module', 'import', 'default'],
    },
  },
  node: {
    ...library,
    // Tools of development are not beside the package where it is installed.
    ssr: { noExternal: true },
    build: {
      ...library.build,
      ssr: true,
      lib: {
        formats: ['es'],
        entry: { cli: path('src/cli/cli.ts'), vite: path('src/vite/plugin.ts') },
      },
      rolldownOptions: { external, output: { chunkFileNames: 'cli/[name].js' } },
    },
  },
};

export default defineConfig(({ mode }) => {
  const config = builds[mode];
  if (!config) throw new Error(`Unknown mode "${mode}": one of ${Object.keys(builds).join(', ')}.`);
  return config;
});
