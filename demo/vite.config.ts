import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { builtPackageAlias, isolationHeaders, serveBuiltFiles } from '../scripts/built-package.ts';
import { pageIndexes } from './server/page-indexes.ts';
import { searchApi } from './server/search-api.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** The licences of what is in the package's own files; those of what the demo takes in besides are in `BUNDLED.md`. */
const shipLicences: Plugin = {
  name: 'ship-licences',
  generateBundle() {
    const source = readFileSync(path('../THIRD_PARTY.md'), 'utf8');
    this.emitFile({ type: 'asset', fileName: 'THIRD_PARTY.md', source });
  },
};

/** The demo: `vite` serves it with a search API, `vite build` writes it as files for any folder of any host. */
export default defineConfig(({ command }) => ({
  root: path('.'),
  base: './',
  define: { 'import.meta.env.HAS_SEARCH_API': command === 'serve' },
  publicDir: path('../public'),
  cacheDir: path('../node_modules/.vite-demo'),
  plugins: [
    searchApi(),
    pageIndexes(isolationHeaders),
    serveBuiltFiles(isolationHeaders),
    shipLicences,
  ],
  resolve: { alias: builtPackageAlias },
  // The lab's worker loads its search when it needs one.
  worker: { format: 'es' },
  // Known beforehand: the dev server need not reload the page when it finds them.
  optimizeDeps: {
    include: ['lit', 'lit/decorators.js', 'lit/directives/repeat.js', 'comlink', '@orama/orama'],
  },
  server: { headers: isolationHeaders, fs: { allow: [path('..')] }, strictPort: false },
  preview: { headers: isolationHeaders, strictPort: false },
  build: {
    target: 'es2022',
    outDir: path('dist'),
    emptyOutDir: true,
    license: { fileName: 'BUNDLED.md' },
    rolldownOptions: {
      input: ['index', 'race', 'lab', 'speed', 'your-site'].map((room) => path(`./${room}.html`)),
    },
  },
}));
