import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import sirv from 'sirv';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { findChromium } from './scripts/find-chromium.mjs';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Tests use the package as it is built, by the names that its users write. */
const alias = {
  'rerank-results/element': path('dist/element.js'),
  'rerank-results/evaluate': path('dist/evaluate.js'),
  'rerank-results': path('dist/index.js'),
};

/**
 * Serves what a page loads by URL as it was built. The test runner would rewrite its imports for its own
 * module loader, which a worker does not have.
 */
const serveBuiltFiles: Plugin = {
  name: 'serve-built-files',
  configureServer({ middlewares }) {
    const serve = sirv(path('dist'), { dev: true });
    middlewares.use('/dist', (request, response, next) => {
      if (/^\/(worker\.js|runtime\/)/.test(request.url ?? '')) serve(request, response, next);
      else next();
    });
  },
};

const executablePath = findChromium();

/** A GPU that the CPU imitates: slow, but it shows that the numbers are right. */
const softwareGpu = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

export default defineConfig({
  test: {
    reporters: ['default', './test/closing-line.ts'],
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'node',
          environment: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/browser/**'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        resolve: { alias },
        publicDir: path('public'),
        plugins: [serveBuiltFiles],
        test: {
          name: 'chromium',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 180_000,
          // Two cores: files beside each other would only wait for each other.
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                args: ['--no-sandbox', ...softwareGpu],
                ...(executablePath !== undefined && { executablePath }),
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
