import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isExpectedFile } from '../../scripts/release/release-rules.ts';
import { packPackage, root, type PackedPackage } from './pack-package.ts';

/** From here on the test's output says how large the package is. */
const LARGE_PACKAGE_BYTES = 60e6;

const folder = mkdtempSync(join(tmpdir(), 'rerank-results-pack-'));
let packed: PackedPackage;

beforeAll(() => {
  packed = packPackage();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command of this repository's tools; its output is the failure's message. */
function check(command: string, ...parameters: string[]): void {
  const shell = process.platform === 'win32';
  try {
    execFileSync(join(root, 'node_modules/.bin', command), parameters, {
      cwd: folder,
      shell,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} found problems.\n${stdout}${stderr}`, { cause: error });
  }
}

describe('the packed package', () => {
  test('has everything that a site needs', () => {
    const needed = [
      'LICENSE',
      'README.md',
      'SECURITY.md',
      'THIRD_PARTY.md',
      'custom-elements.json',
      'package.json',
      'dist/index.js',
      'dist/element.js',
      'dist/evaluate.js',
      'dist/metrics.js',
      'dist/assets.js',
      'dist/locales/index.js',
      'dist/locales/de.js',
      'dist/types/locales/de.d.ts',
      'dist/worker.js',
      'dist/cli.js',
      'dist/types/index.d.ts',
      'dist/types/define.d.ts',
      'dist/runtime/transformers.js',
      ...['wasm', 'jspi', 'asyncify'].flatMap((build) => [
        `dist/runtime/ort.${build}.js`,
        `dist/runtime/ort.${build}.glue.js`,
        `dist/runtime/ort.${build}.wasm`,
      ]),
      'public/models/minilm-l6-split/LICENSE.txt',
      'public/models/minilm-l6-split/manifest.json',
      'public/models/minilm-l6-split/onnx/model_quantized.onnx_data.deflate',
    ];
    expect(needed.filter((path) => !packed.files.includes(path))).toEqual([]);
  });

  test('has nothing else', () => {
    expect(packed.files.filter((path) => !isExpectedFile(path))).toEqual([]);
  });

  test('is no larger than its models and runtimes make it', ({ annotate }) => {
    const megabytes = (packed.packedBytes / 1e6).toFixed(1);
    if (packed.packedBytes > LARGE_PACKAGE_BYTES) {
      void annotate(`The package has ${megabytes} MB packed.`, 'notice');
    }
    expect(packed.packedBytes).toBeLessThan(1.5 * LARGE_PACKAGE_BYTES);
  });

  test('tells bundlers of each module that defines an element, which they would else leave out', () => {
    const { sideEffects } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      sideEffects: readonly string[];
    };
    const defining = readdirSync(join(root, 'dist')).filter(
      (name) =>
        name.endsWith('.js') &&
        readFileSync(join(root, 'dist', name), 'utf8').includes('customElements.define('),
    );
    expect(defining).toContain('element.js');
    expect(sideEffects).toEqual(expect.arrayContaining(defining.map((name) => `./dist/${name}`)));
  });

  test('is well-formed for publint', () => {
    check('publint', 'run', packed.tarball, '--strict');
  });

  test('has types that resolve in every module system that it supports', () => {
    check('attw', packed.tarball, '--profile', 'esm-only', '--no-color', '--no-definitely-typed');
  });
});
