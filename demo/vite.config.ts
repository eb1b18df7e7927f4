import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { builtPackageAlias, isolationHeaders, serveBuiltFiles } from '../scripts/built-package.ts';
import { pageIndexes } from './server/page-indexes.ts';
import { searchApi } from './server/search-api.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

export default defineConfig({
  root: path('.'),
  publicDir: path('../public'),
  cacheDir: path('../node_modules/.vite-demo'),
  plugins: [searchApi(), pageIndexes(isolationHeaders), serveBuiltFiles(isolationHeaders)],
  resolve: { alias: builtPackageAlias },
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
    rolldownOptions: { input: [path('./index.html'), path('./lab.html')] },
  },
});
