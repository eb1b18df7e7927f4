import starlight from '@astrojs/starlight';
import { defineConfig } from 'astro/config';
import { rerankResults } from 'rerank-results/vite';

export default defineConfig({
  integrations: [
    starlight({
      title: 'Tern',
      components: { Search: './src/components/RerankedSearch.astro' },
    }),
  ],
  vite: { plugins: [rerankResults()] },
});
