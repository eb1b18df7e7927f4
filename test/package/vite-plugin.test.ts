import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rerankResults } from 'rerank-results/vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { build, createServer, resolveConfig, type InlineConfig } from 'vite';

const folder = mkdtempSync(join(tmpdir(), 'rerank-results-plugin-'));
const manifest = 'models/minilm-l6-split/manifest.json';
const site: InlineConfig = {
  root: folder,
  base: '/docs/',
  configFile: false,
  logLevel: 'error',
  plugins: [rerankResults()],
};

beforeAll(() => writeFileSync(join(folder, 'index.html'), '<!doctype html><title>A site</title>'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the Vite plugin', () => {
  test("serves the models from the package in development, below the site's base", async () => {
    const server = await createServer({ ...site, server: { port: 0 } });
    try {
      await server.listen();
      const address = server.resolvedUrls?.local[0] ?? '';
      const answer = await fetch(new URL(manifest, address));
      expect(await answer.json()).toHaveProperty('id');
      const other = await fetch(new URL('models/gte-small-split/manifest.json', address));
      expect(other.headers.get('content-type')).not.toContain('json');
    } finally {
      await server.close();
    }
    expect(readdirSync(folder)).not.toContain('models');
  });

  test('emits the models that are named, and leaves them out of a build for a server', async () => {
    await build({ ...site, plugins: [rerankResults({ models: ['gte-small-split'] })] });
    expect(readdirSync(join(folder, 'dist/models'))).toEqual(['gte-small-split']);
    writeFileSync(join(folder, 'server.js'), 'export const answer = 42;');
    await build({ ...site, build: { ssr: 'server.js', outDir: 'server' } });
    expect(existsSync(join(folder, 'server/models'))).toBe(false);
  });

  test('keeps the package out of the optimizer, for Vite 5 to 7', async () => {
    const { optimizeDeps } = await resolveConfig(site, 'serve');
    expect(optimizeDeps.exclude).toContain('rerank-results');
  });

  test('refuses a model that the package has not', () => {
    expect(() => rerankResults({ models: ['nope'] })).toThrow(/no model "nope"/);
  });
});
