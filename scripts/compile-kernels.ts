import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Both builds of the kernels, as base64.
 *
 * @param sources Their folder: another one for a version to compare with.
 */
export function compileKernels(sources = 'kernels'): { simd: string; relaxed: string } {
  return { simd: compile(sources, 'simd'), relaxed: compile(sources, 'simd,relaxed-simd') };
}

/** By the command: the compiler's module brings global types that are not TypeScript's. */
function compile(sources: string, features: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'kernels-'));
  const binary = join(folder, 'kernels.wasm');
  try {
    execFileSync(
      process.execPath,
      [
        'node_modules/assemblyscript/bin/asc.js',
        join(sources, 'index.ts'),
        '-O3',
        '--noAssert',
        ...['--runtime', 'stub'],
        ...['--use', 'abort='],
        ...['--enable', features],
        ...['--outFile', binary],
      ],
      { stdio: 'inherit' },
    );
    return readFileSync(binary).toString('base64');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
