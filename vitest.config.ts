import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { builtPackageAlias, serveBuiltFiles } from './scripts/built-package.ts';
import { findChromium } from './scripts/find-browser.mjs';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

const executablePath = findChromium();

/** A GPU that the CPU imitates: slow, but it shows that the numbers are right. */
const softwareGpu = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/** What is waited for comes when it comes: the machine may be busy. */
const waiting = { poll: { timeout: 30_000 } };

export default defineConfig({
  test: {
    reporters: ['default', './test/closing-line.ts'],
    projects: [
      {
        resolve: { alias: builtPackageAlias },
        test: {
          name: 'node',
          environment: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/browser/**'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          expect: waiting,
          // Most of these wait for a browser or a server now and then. The other project's pages come after them.
          maxWorkers: 2,
        },
      },
      {
        resolve: { alias: builtPackageAlias },
        publicDir: path('public'),
        plugins: [serveBuiltFiles()],
        // Found late, it would reload the page in the middle of a test.
        optimizeDeps: {
          include: [
            'axe-core',
            '@docsearch/js/docsearch',
            'instantsearch.js',
            'instantsearch.js/es/widgets',
          ],
        },
        test: {
          name: 'chromium',
          // A page has no environment of its own.
          env: { RERANK_RESULTS_THOROUGH: process.env.RERANK_RESULTS_THOROUGH ?? '' },
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 180_000,
          expect: waiting,
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
