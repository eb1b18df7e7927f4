import { fileURLToPath } from 'node:url';
import { rerankResults } from 'rerank-results/vite';
import { defineConfig } from 'vitepress';

export default defineConfig({
  title: 'Tern',
  srcExclude: ['README.md'],
  themeConfig: {
    search: {
      provider: 'local',
      // The model reads texts, which VitePress leaves out of its index otherwise.
      options: { miniSearch: { options: { storeFields: ['title', 'titles', 'text'] } } },
    },
  },
  vue: {
    template: { compilerOptions: { isCustomElement: (tag) => tag.startsWith('rerank-') } },
  },
  vite: {
    plugins: [rerankResults()],
    resolve: {
      alias: [
        {
          find: /^.*\/VPNavBarSearch\.vue$/,
          replacement: fileURLToPath(new URL('./theme/RerankedSearch.vue', import.meta.url)),
        },
      ],
    },
  },
});
