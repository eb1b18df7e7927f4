import { rerankResults } from 'rerank-results/vite';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [rerankResults()],
});
